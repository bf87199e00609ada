"""Which groups are due to be read: those that somebody watches every minute, others every five.

Where the request budget lets through fewer, all of them wait longer in proportion.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.load.samples import HostCounters

WATCHED_INTERVAL_SECONDS = 60.0
INTERVAL_SECONDS = 300.0

WATCHED_SECONDS = 180.0
"""So long after its page was drawn for somebody a group counts as watched."""

COMPARED_SECONDS = 20 * 60.0
"""Counters that are further apart are not compared: nobody could say when it happened."""


@dataclass(frozen=True)
class Target:
    """One group. Moments are seconds since 1970, None if never. `tried_at` is the last attempt to
    read it, `error` why that failed; `counters` are those of `counted_at`."""

    service_id: str
    watched_at: float | None = None
    tried_at: float | None = None
    counted_at: float | None = None
    counters: HostCounters = field(default_factory=dict)
    error: str = ""

    def interval_seconds(self, now: float) -> float:
        """How often it is to be read."""
        is_watched = self.watched_at is not None and now - self.watched_at < WATCHED_SECONDS
        return WATCHED_INTERVAL_SECONDS if is_watched else INTERVAL_SECONDS

    def overdue(self, now: float) -> float:
        """How long ago it was tried, in intervals: due from 1 on."""
        # A moment that is still to come was written before the clock was set back.
        if self.tried_at is None or self.tried_at > now:
            return float("inf")
        return (now - self.tried_at) / self.interval_seconds(now)

    def comparable(self, now: float) -> HostCounters:
        """The counters that those of now can be compared with."""
        if self.counted_at is None or not 0 <= now - self.counted_at <= COMPARED_SECONDS:
            return {}
        return self.counters


def list_due(targets: Iterable[Target], now: float) -> list[Target]:
    """Those that are due, the most overdue first."""
    due = [target for target in targets if target.overdue(now) >= 1]
    return sorted(due, key=lambda target: -target.overdue(now))
