"""Sizes that follow the week: looking at schedules, editing them, and carrying them out."""
