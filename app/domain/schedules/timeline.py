"""The plan as a row of spans, each with one size, and what ought to be now.

Level-triggered: asked at any moment, it answers for that moment and remembers nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from app.domain.changes.scaling_request import ScalingRequest
from app.domain.schedules.exceptions import ONE_DAY, Exceptions, Skip, occurrence
from app.domain.schedules.schedule import Schedule, Window

NEAR, FAR = timedelta(weeks=2), timedelta(weeks=60)
"""How far to look for a span's ends: near holds every week's windows; far is for those that are
skipped week after week."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when the base size ought to be where no window ended lately."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)
ENDLESS = datetime.max.replace(tzinfo=UTC)

NO_EXCEPTIONS = Exceptions()


@dataclass(frozen=True)
class Span:
    """From when until when one size ought to be; `window` is None for the base size.

    `day` is the local date on which the window begins. Two spans of one window on two days are
    two spans.
    """

    start: datetime
    end: datetime
    window: Window | None = None
    day: date | None = None


@dataclass(frozen=True)
class Due:
    """What ought to be: the settings, of which window, since when and until when
    (None: nothing else is planned). `is_stopped`: the group ought to be stopped. `day` is the local
    date on which the window begins.

    `since` is the instant that stands for this decision: the start of the span, of the version
    or of the end of a pause, whichever is the latest.
    """

    settings: ScalingRequest
    window: Window | None
    since: datetime
    until: datetime | None
    is_stopped: bool = False
    day: date | None = None


def list_spans(
    schedule: Schedule, start: datetime, end: datetime, exceptions: Exceptions = NO_EXCEPTIONS
) -> tuple[Span, ...]:
    """All spans from start to end, without a hole between them, cut to these bounds.

    Where a repeated hour makes two windows meet, the one that begins later ends the other. Where
    the group is stopped outside, a window begins by the lead earlier, as far as nothing else holds.
    """
    found = sorted(_occurrences(schedule, start, end, exceptions), key=lambda span: span.start)
    following = [span.start for span in found[1:]]
    cut = [
        Span(span.start, min(span.end, after), span.window, span.day)
        for span, after in zip(found, [*following, ENDLESS], strict=False)
    ]
    led = _led(cut, schedule.lead)
    return tuple(_clip(span, start, end) for span in _filled(led, start, end))


def find_due(
    schedule: Schedule,
    now: datetime,
    exceptions: Exceptions = NO_EXCEPTIONS,
    saved_at: datetime = EPOCH,
) -> Due:
    """What ought to be now. `saved_at` is when this version of the schedule was saved."""
    span = _span_at(schedule, now, exceptions)
    begins = [span.start, saved_at]
    if exceptions.paused_until and exceptions.paused_until <= now:
        begins.append(exceptions.paused_until)
    until = None if span.end == ENDLESS else span.end
    is_stopped = is_stopped_in(schedule, span)
    return Due(settings_of(schedule, span), span.window, max(begins), until, is_stopped, span.day)


def next_occurrence(
    schedule: Schedule, now: datetime, exceptions: Exceptions = NO_EXCEPTIONS
) -> Span | None:
    """The next window that begins after now and is not skipped yet; None if there is none."""
    spans = list_spans(schedule, now, now + FAR, exceptions)
    return next((span for span in spans if span.window and span.start > now), None)


def settings_of(schedule: Schedule, span: Span) -> ScalingRequest:
    """The size of a span."""
    return span.window.settings if span.window else schedule.base


def is_stopped_in(schedule: Schedule, span: Span) -> bool:
    """Whether the group ought to be stopped in a span."""
    return schedule.stops_outside and span.window is None


def _span_at(schedule: Schedule, now: datetime, exceptions: Exceptions) -> Span:
    for reach in (NEAR, FAR):
        spans = list_spans(schedule, now - reach, now + reach, exceptions)
        place = next(n for n, span in enumerate(spans) if span.start <= now < span.end)
        if 0 < place < len(spans) - 1:
            break
    span = spans[place]
    if place == 0 and span.window is None:
        span = replace(span, start=EPOCH)
    return replace(span, end=ENDLESS) if place == len(spans) - 1 else span


def _occurrences(
    schedule: Schedule, start: datetime, end: datetime, exceptions: Exceptions
) -> Iterator[Span]:
    zone = schedule.zone_info
    day = start.astimezone(zone).date() - 2 * ONE_DAY
    last = end.astimezone(zone).date() + ONE_DAY
    while day <= last:
        for window in schedule.windows:
            interval = occurrence(window, day, zone)
            if interval and Skip(window.name, day) not in exceptions.skips:
                yield Span(*interval, window, day)
        day += ONE_DAY


def _led(spans: Iterable[Span], lead: timedelta) -> Iterator[Span]:
    reached = LONG_AGO
    for span in spans:
        # A window that has taken the place of another one begins where that ends, not before.
        yield replace(span, start=max(span.start - lead, reached))
        reached = span.end


def _filled(spans: Iterable[Span], start: datetime, end: datetime) -> Iterator[Span]:
    reached = start
    for span in spans:
        if span.end <= start or span.start >= end:
            continue
        if span.start > reached:
            yield Span(reached, span.start)
        yield span
        reached = span.end
    if reached < end:
        yield Span(reached, end)


def _clip(span: Span, start: datetime, end: datetime) -> Span:
    return Span(max(span.start, start), min(span.end, end), span.window, span.day)
