"""How long to wait after each failure of what the portal does at a time that somebody has set."""

from datetime import timedelta

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))
"""After the first failure, the second and so on; the last one for ever after."""


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures, at least one."""
    return PAUSES[min(failures, len(PAUSES)) - 1]
