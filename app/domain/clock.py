"""Moments by a clock that may be set back: which of them still say anything."""

from datetime import datetime, timedelta

SMALL_STEP = timedelta(minutes=1)
"""A clock that is set right goes back by less than this, and nothing is decided by it."""


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether the clock went back by so much since this moment that it says nothing any more."""
    return moment > now + SMALL_STEP


def is_within(moment: float, now: float, most_seconds: float) -> bool:
    """Whether a moment, in seconds since 1970, lies back by this at most. Another machine may have
    noted it, whose clock is ahead by less than a small step."""
    return -SMALL_STEP.total_seconds() <= now - moment <= most_seconds


Moments = tuple[float, ...]
"""Seconds since 1970 by one clock, the oldest first."""


def recent(moments: Moments, now: float, window_seconds: float) -> Moments:
    """Those that still count.

    A moment that lies further ahead than the window is long is from before the clock was set back.
    """
    return tuple(sorted(moment for moment in moments if abs(now - moment) < window_seconds))


def seconds_until_free(moments: Moments, most: int, now: float, window_seconds: float) -> float:
    """How long until fewer than `most` recent moments are in the window; 0 if they are already."""
    if len(moments) < most:
        return 0.0
    return moments[-most] + window_seconds - now
