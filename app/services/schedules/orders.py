"""How what a schedule wants goes out while nobody is there: a size, a start, a stop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.scaling import ScalingConfig
from app.errors import DraftUnusable
from app.services.changes.orders import Order, OrderedChanges
from app.services.changes.preconditions import Preconditions, scalable_config


@dataclass(frozen=True)
class PlannedSize:
    """A size that a schedule wants now. `identity` is whoever saved it, with the roles of then."""

    identity: Identity
    service_id: str
    request: ScalingRequest


@dataclass(frozen=True)
class PlannedCommand:
    """A start or stop that a schedule wants now, by whoever saved it."""

    identity: Identity
    service_id: str
    action: Action
    reason: str


class PlannedChanges(Protocol):
    """Carries out what was planned, on the ordinary road of a change."""

    def is_settling(self, service_id: str, shown: ScalingConfig) -> bool:
        """Whether what Cloud shows of the size may be from before the last change of it."""

    def send(self, planned: PlannedSize, check_still: Callable[[], object]) -> Change | None:
        """Draft and apply it; None if it is so already. Raises PortalError where nothing was
        sent, OutcomeNotRecorded where something was. `check_still` is called between claim and
        call, and raises where the plan decides no more."""

    def command(self, planned: PlannedCommand, check_still: Callable[[], object]) -> Change:
        """The same for a command."""


@dataclass(frozen=True)
class ScheduledChanges:
    """Does so by orders that are judged by all rules when they are sent."""

    orders: OrderedChanges
    preconditions: Preconditions
    snapshot: Snapshot

    def is_settling(self, service_id: str, shown: ScalingConfig) -> bool:
        """As PlannedChanges has it."""
        return self.orders.is_settling(service_id, shown)

    def send(self, planned: PlannedSize, check_still: Callable[[], object]) -> Change | None:
        """As PlannedChanges has it."""
        current = scalable_config(self.snapshot.get_service(planned.service_id))
        self._check_shows(planned.service_id, current)
        target = planned.request.applied_to(current)
        if target == current:
            return None
        order = _order(planned.identity, planned.service_id, planned.request.reason)
        return self.orders.send(order, current, target, self._checking(check_still))

    def command(self, planned: PlannedCommand, check_still: Callable[[], object]) -> Change:
        """As PlannedChanges has it."""
        order = _order(planned.identity, planned.service_id, planned.reason)
        return self.orders.send_command(order, planned.action, self._checking(check_still))

    def _check_shows(self, service_id: str, shown: ScalingConfig) -> None:
        if self.is_settling(service_id, shown):
            raise DraftUnusable(message="The last change may not show yet.", remedy="")

    def _checking(self, check_still: Callable[[], object]) -> Callable[[Change], bool]:
        def check_now(change: Change) -> bool:
            is_needed = self.preconditions.check(change)
            if shown := change.before if is_needed else change.target:
                self._check_shows(change.service_id, shown)
            check_still()  # at the last moment before the call
            return is_needed

        return check_now


def _order(who: Identity, service_id: str, reason: str) -> Order:
    return Order(
        origin=ChangeOrigin.SCHEDULE,
        reference="",
        service_id=service_id,
        warehouse=who.warehouse,
        user=who.user,
        reason=reason,
    )


class Boosts(Protocol):
    """What is known of temporary sizes."""

    def find_open(self, service_id: str) -> Boost | None:
        """The boost of the group, also where its end has come and it has yet to go back; None if
        there is none."""

    def find_kept(self, service_id: str, since: datetime) -> Change | None:
        """The size of a boost that somebody has chosen to keep since then; None if nobody has."""
