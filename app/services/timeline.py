"""The last day of a group, as far as the portal knows it. It names nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cloud.snapshot import Snapshot
from app.domain.access import Identity, Permission
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

    def last_day(self, identity: Identity, service_id: str) -> LastDay | None:
        """The last 24 hours; None while Cloud says nothing of the group. Raises NotFound."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        view = self.snapshot.view()
        service = view.services.get(service_id)
        if service is None or view.taken_at is None:
            return None
        until = view.taken_at
        changes = self.changes.list_since(service_id, until - LOOK_BACK)
        sizes = [*size_marks(changes), *_size_now(service, until)]
        states = [*state_marks(changes), Mark(until, service.state)]
        since = until - DAY
        return LastDay(
            since,
            until,
            segments(sizes, since, until),
            segments(states, since, until, lasting=_lasting(service)),
        )


def _size_now(service: Service, now: datetime) -> list[Mark[Size]]:
    config = service.configured
    return [Mark(now, size_of(config))] if config else []


def _lasting(service: Service) -> set[ServiceState]:
    # A group that falls asleep when unused may have done so, and woken, between two looks.
    may_sleep = service.configured is None or service.configured.idle_scaling
    return {ServiceState.STOPPED} if may_sleep else {ServiceState.STOPPED, ServiceState.RUNNING}
