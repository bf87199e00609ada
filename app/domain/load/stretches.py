"""What set the size of a group for a while, beside what it used: boosts, and windows of its
schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.boosts.boost import NOT_BEGUN, Boost
from app.domain.schedules.record import ScheduleRecord
from app.domain.schedules.timeline import list_spans
from app.errors import BrokenRules


@dataclass(frozen=True)
class Stretch:
    """From when until when (UTC), and what it is called."""

    start: datetime
    end: datetime
    name: str

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether it shares a moment with this time."""
        return self.start < end and self.end > start


def list_boosted(boosts: Sequence[Boost], since: datetime, now: datetime) -> tuple[Stretch, ...]:
    """When boosts had begun and had not gone back yet, oldest first."""
    begun = [it for it in boosts if it.change.sent_at and it.change.state not in NOT_BEGUN]
    found = [Stretch(it.began_at, it.closed_at or now, f"Boost {it.reference}") for it in begun]
    return tuple(sorted(_within(found, since, now), key=lambda it: it.start))


def list_windows(
    record: ScheduleRecord | None, since: datetime, now: datetime
) -> tuple[Stretch, ...]:
    """The windows of the version in force since it was saved, oldest first. What held before that
    is not told, nor whether something else decided meanwhile."""
    if record is None or (start := max(since, record.version.saved_at)) >= now:
        return ()
    try:
        spans = list_spans(record.version.schedule, start, now, record.exceptions)
    except BrokenRules:  # what was saved is no plan any more
        return ()
    return tuple(Stretch(it.start, it.end, it.window.name) for it in spans if it.window)


def _within(found: Sequence[Stretch], since: datetime, now: datetime) -> list[Stretch]:
    """What is of this time, cut to it."""
    met = [it for it in found if it.meets(since, now)]
    return [Stretch(max(it.start, since), min(it.end, now), it.name) for it in met]
