"""`make bench`: what the portal costs, measured against the least that could do the same."""
