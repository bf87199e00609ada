"""What a moment that has not come yet means: the machine's clock was set back since."""

from datetime import datetime, timedelta

SMALL_STEP = timedelta(minutes=1)
"""A clock that is set right goes back by less than this, and nothing is decided by it."""


def is_ahead(moment: datetime, now: datetime) -> bool:
    """Whether the clock went back by so much since this moment that it says nothing any more."""
    return moment > now + SMALL_STEP
