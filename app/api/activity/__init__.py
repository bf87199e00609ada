"""What happened to all groups, for programs."""
