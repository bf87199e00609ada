"""The page of what happened to all groups."""
