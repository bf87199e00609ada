"""The last day of a group, as far as the portal knows it. It names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cloud.activity_log import Activities
from app.domain.activity.day import PASSING, held_size, transition_marks
from app.domain.activity.timeline import (
    Mark,
    Segment,
    Size,
    segments,
    size_marks,
    size_of,
    state_marks,
)
from app.domain.changes.change import Change
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState

DAY = timedelta(hours=24)
HISTORY_SPAN = timedelta(days=7)
"""How far back changes are looked for that tell how the day began."""


@dataclass(frozen=True)
class LastDay:
    """The day up to `until`: what was configured, in GB total, and which states were seen."""

    since: datetime
    until: datetime
    sizes: tuple[Segment[Size], ...]
    states: tuple[Segment[ServiceState], ...]


def day_of(
    service: Service, changes: Sequence[Change], known: Activities, taken_at: datetime
) -> LastDay:
    """The 24 hours before the look at `taken_at`; `changes` reach back for HISTORY_SPAN."""
    # What a change's own answer has shown is newer than the view that it was put into.
    until = max([taken_at, *(item.settled_at for item in changes if item.settled_at)])
    since = until - DAY
    lasting: set[ServiceState] | None = _lasting(service)
    is_turning = known.is_whole and service.state in PASSING
    seen_now = Mark(until, service.state, is_transition=is_turning)
    sizes, states = size_marks(changes), [*state_marks(changes), seen_now]
    if size := size_of(service.configured) if service.configured else None:
        sizes.append(Mark(until, size))
    if known.is_whole:
        lasting = None
        states += transition_marks(known.entries, service.state, since)
        sizes += [held_size(known.entries, changes, size, since)] if size else []
    return LastDay(
        since,
        until,
        segments(sizes, since, until),
        segments(states, since, until, lasting=lasting),
    )


def _lasting(service: Service) -> set[ServiceState]:
    # A group that idles when unused may have done so, and woken, between two looks.
    may_idle = service.configured is None or service.configured.idle_scaling
    return {ServiceState.STOPPED} if may_idle else {ServiceState.STOPPED, ServiceState.RUNNING}
