"""Looking at what happened to all groups."""
