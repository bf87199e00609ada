"""The last day of a group in short: how full its memory was in each hour, for a row of a list."""

from collections.abc import Iterable, Sequence

from app.domain.load.buckets import Bucket, start_of

HOUR_SECONDS = 3600
HOURS = 24

Hour = tuple[int, int | None]
"""When it began, in seconds since 1970, and the fullest memory in percent; None: it was idle."""


def add_to_hours(hours: Iterable[Hour], buckets: Iterable[Bucket]) -> tuple[Hour, ...]:
    """The hours with these buckets in them: the last HOURS of them."""
    known = dict(hours)
    for bucket in buckets:
        hour = start_of(bucket.starts_at, HOUR_SECONDS)
        share = bucket.memory_share
        percent = None if share is None else min(100, round(100 * share))
        known[hour] = max((it for it in (known.get(hour), percent) if it is not None), default=None)
    newest = max(known, default=0)
    return tuple(sorted(item for item in known.items() if item[0] > newest - HOURS * HOUR_SECONDS))


def last_hours(hours: Sequence[Hour], now: float) -> tuple[int | None, ...]:
    """The percents of the last HOURS up to now, oldest first; None where it did not work, or where
    nobody knows."""
    known, newest = dict(hours), start_of(now, HOUR_SECONDS)
    first = newest - (HOURS - 1) * HOUR_SECONDS
    return tuple(known.get(hour) for hour in range(first, newest + 1, HOUR_SECONDS))
