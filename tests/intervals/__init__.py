"""Intervals of local windows in every zone, compared with a walk through every minute."""
