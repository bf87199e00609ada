"""The last day of a group, as far as the portal knows it. It names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.cloud.activity_log import Activities, ActivityLog
from app.cloud.snapshot import Snapshot
from app.domain.access import Identity, Permission
from app.domain.changes import Change
from app.domain.day import PASSING, held_size, turn_marks
from app.domain.groups import Service
from app.domain.states import ServiceState
from app.domain.timeline import Mark, Segment, Size, segments, size_marks, size_of, state_marks
from app.services.access import Access
from app.store.changes import ChangeStore

DAY = timedelta(hours=24)
LOOK_BACK = timedelta(days=7)
"""How far back changes are looked for that tell how the day began."""


@dataclass(frozen=True)
class LastDay:
    """The day up to `until`: what was configured, in GB in all, and which states were seen."""

    since: datetime
    until: datetime
    sizes: tuple[Segment[Size], ...]
    states: tuple[Segment[ServiceState], ...]


@dataclass(frozen=True)
class Timeline:
    """The use case of looking at the last day. Raises StoreUnavailable."""

    access: Access
    snapshot: Snapshot
    changes: ChangeStore
    log: ActivityLog

    def last_day(self, identity: Identity, service_id: str) -> LastDay | None:
        """The last 24 hours; None while Cloud says nothing of the group. Raises NotFound."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        view = self.snapshot.view()
        service = view.services.get(service_id)
        if service is None or view.taken_at is None:
            return None
        changes = self.changes.list_since(service_id, view.taken_at - LOOK_BACK)
        known = self.log.look()
        own = tuple(item for item in known.entries if item.service_id == service_id)
        # What a change's own answer has shown is newer than the view that it was put into.
        settled = [item.settled_at for item in changes if item.settled_at]
        until = max([view.taken_at, *settled])
        return _day_of(service, changes, replace(known, entries=own), until)


def _day_of(
    service: Service, changes: Sequence[Change], known: Activities, until: datetime
) -> LastDay:
    since = until - DAY
    lasting: set[ServiceState] | None = _lasting(service)
    is_turning = known.is_whole and service.state in PASSING
    seen_now = Mark(until, service.state, is_turn=is_turning)
    sizes, states = size_marks(changes), [*state_marks(changes), seen_now]
    if size := size_of(service.configured) if service.configured else None:
        sizes.append(Mark(until, size))
    if known.is_whole:
        lasting = None
        states += turn_marks(known.entries, service.state, since)
        sizes += [held_size(known.entries, changes, size, since)] if size else []
    return LastDay(
        since,
        until,
        segments(sizes, since, until),
        segments(states, since, until, lasting=lasting),
    )


def _lasting(service: Service) -> set[ServiceState]:
    # A group that falls asleep when unused may have done so, and woken, between two looks.
    may_sleep = service.configured is None or service.configured.idle_scaling
    return {ServiceState.STOPPED} if may_sleep else {ServiceState.STOPPED, ServiceState.RUNNING}
