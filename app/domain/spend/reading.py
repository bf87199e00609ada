"""When Cloud's cost report is read, and of which days: each reading is one request.

Today and yesterday once an hour, the month once a day; one that failed is tried again after an
hour, whatever it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

RETRY = timedelta(hours=1)
LONGEST_DAYS = 31
"""Cloud gives so many days in a call at most."""


class Span(StrEnum):
    """The days of one reading."""

    MONTH = "month"
    LATEST = "latest"


INTERVALS = {Span.MONTH: timedelta(days=1), Span.LATEST: timedelta(hours=1)}
DAYS = {Span.MONTH: LONGEST_DAYS, Span.LATEST: 2}


@dataclass(frozen=True)
class ReadingMark:
    """How the readings of one span stand. `error` says why the last try failed, empty if not."""

    tried_at: datetime | None = None
    read_at: datetime | None = None
    error: str = ""

    def is_due(self, interval: timedelta, now: datetime) -> bool:
        """Whether to read now. A moment still to come is from before the clock was set back."""
        last, wait = (self.tried_at, RETRY) if self.error else (self.read_at, interval)
        return last is None or not timedelta(0) <= now - last < wait


NEVER = ReadingMark()
Marks = Mapping[Span, ReadingMark]


def find_due(marks: Marks, now: datetime) -> Span | None:
    """What to read now: the month before the latest days, which it holds as well. Where the month
    was tried in vain, the latest days are read until it is due again."""
    due = (span for span in Span if marks.get(span, NEVER).is_due(INTERVALS[span], now))
    return next(due, None)


def days_of(span: Span, today: date) -> tuple[date, date]:
    """The first and the last day of a reading, both included."""
    return today - timedelta(days=DAYS[span] - 1), today


def is_whole(day: date, marks: Marks) -> bool:
    """Whether a day, of UTC as all of them, was read after it was over."""
    read = [(span, it.read_at.astimezone(UTC).date()) for span, it in marks.items() if it.read_at]
    return any(days_of(span, on)[0] <= day < on for span, on in read)


def covered_by(span: Span) -> tuple[Span, ...]:
    """The spans whose days a reading of this one holds."""
    return tuple(Span) if span is Span.MONTH else (span,)
