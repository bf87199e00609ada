"""What happened to the groups that somebody may see, by whomever."""
