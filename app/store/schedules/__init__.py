"""Schedules with their versions and skips, and the edges of their windows."""
