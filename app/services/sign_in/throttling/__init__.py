"""How often passwords may be tried, by whom, and how many at a time."""
