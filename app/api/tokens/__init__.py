"""The caller's personal tokens, for programs."""
