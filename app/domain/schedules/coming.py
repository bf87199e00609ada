"""What comes next of a plan: its changes of size, and those that frozen dates put off."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.changes.scaling_request import ScalingRequest
from app.domain.schedules.exceptions import (
    NO_CALENDAR,
    Exceptions,
    OwnersCalendar,
    find_frozen,
)
from app.domain.schedules.schedule import Schedule, Window
from app.domain.schedules.timeline import (
    FAR,
    NEAR,
    NO_EXCEPTIONS,
    Span,
    is_stopped_in,
    list_spans,
    settings_of,
)


@dataclass(frozen=True)
class PlannedChange:
    """A change to come. `crosses_clock_change`: the zone's clocks change since the one before.

    `frozen` names the dates on which it is not made; what is due once they are over is a change of
    its own. `is_stopped`: the group is stopped from then on.
    """

    at: datetime
    settings: ScalingRequest
    window: Window | None
    crosses_clock_change: bool = False
    frozen: str = ""
    is_stopped: bool = False


def next_changes(
    schedule: Schedule,
    now: datetime,
    count: int,
    exceptions: Exceptions = NO_EXCEPTIONS,
    calendar: OwnersCalendar = NO_CALENDAR,
) -> tuple[PlannedChange, ...]:
    """The next changes of size, at most `count` of them; none before a pause ends."""
    for horizon in (NEAR, FAR):
        spans, in_force = _coming_spans(schedule, now, horizon, exceptions)
        found = list(_put_off(schedule, now, spans, in_force, calendar))
        if len(found) >= count:
            break
    moments = [now, *(change.at for change in found)]
    offsets = [moment.astimezone(schedule.zone_info).utcoffset() for moment in moments]
    return tuple(
        replace(change, crosses_clock_change=before != after)
        for change, before, after in zip(found[:count], offsets, offsets[1:], strict=False)
    )


def _coming_spans(
    schedule: Schedule, now: datetime, horizon: timedelta, exceptions: Exceptions
) -> tuple[list[Span], Span | None]:
    """Those that begin after now with another window than the one before, and the one in force;
    after a pause the span in which it ends too, and then nobody knows what is in force."""
    start = max(now, exceptions.paused_until or now)
    spans = list_spans(schedule, start, start + horizon, exceptions)
    coming = [after for before, after in pairwise(spans) if after.window != before.window]
    return ([spans[0], *coming], None) if start > now else (coming, spans[0])


def _put_off(
    schedule: Schedule,
    now: datetime,
    spans: list[Span],
    in_force: Span | None,
    calendar: OwnersCalendar,
) -> Iterator[PlannedChange]:
    """The changes, those on frozen dates named as such, and what is due when these are over."""
    zone, waiting = schedule.zone_info, None
    if in_force and (frozen := find_frozen(calendar, zone, now, in_force.day)):
        waiting, in_force = replace(in_force, start=frozen[1]), None
    for span in spans:
        if waiting and waiting.start <= span.start:
            if waiting.start < span.start and _differs(waiting, in_force):
                yield _change(schedule, waiting)
                in_force = waiting
            waiting = None
        if frozen := find_frozen(calendar, zone, span.start, span.day):
            yield replace(_change(schedule, span), frozen=frozen[0].name)
            waiting = replace(span, start=frozen[1])
        elif _differs(span, in_force):
            yield _change(schedule, span)
            in_force = span
    if waiting and _differs(waiting, in_force):
        yield _change(schedule, waiting)


def _differs(span: Span, in_force: Span | None) -> bool:
    return in_force is None or span.window != in_force.window


def _change(schedule: Schedule, span: Span) -> PlannedChange:
    is_stopped = is_stopped_in(schedule, span)
    return PlannedChange(
        span.start, settings_of(schedule, span), span.window, is_stopped=is_stopped
    )
