"""How the size that a schedule wants goes out while nobody is there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.changes.change import Change, ChangeOrigin
from app.domain.changes.scaling_request import ScalingRequest
from app.services.changes.orders import Order, OrderedChanges
from app.services.changes.preconditions import Preconditions, scalable_config


@dataclass(frozen=True)
class PlannedSize:
    """A size that a schedule wants now. `identity` is whoever saved it, with the roles of then."""

    identity: Identity
    service_id: str
    request: ScalingRequest


class PlannedChanges(Protocol):
    """Carries out what was planned, on the ordinary road of a change."""

    def send(self, planned: PlannedSize, check_still: Callable[[], object]) -> Change | None:
        """Draft and apply it; None if it is so already. Raises PortalError where nothing was
        sent, OutcomeNotRecorded where something was. `check_still` is called between claim and
        call, and raises where the plan decides no more."""


@dataclass(frozen=True)
class ScheduledChanges:
    """Does so by orders that are judged by all rules when they are sent."""

    orders: OrderedChanges
    preconditions: Preconditions
    snapshot: Snapshot

    def send(self, planned: PlannedSize, check_still: Callable[[], object]) -> Change | None:
        """As PlannedChanges has it."""
        service_id, who = planned.service_id, planned.identity
        current = scalable_config(self.snapshot.get_service(service_id))
        target = planned.request.applied_to(current)
        if target == current:
            return None
        order = Order(
            origin=ChangeOrigin.SCHEDULE,
            reference="",
            service_id=service_id,
            warehouse=who.warehouse,
            user=who.user,
            reason=planned.request.reason,
        )

        def check_now(change: Change) -> bool:
            is_needed = self.preconditions.check(change)
            check_still()  # at the last moment before the call
            return is_needed

        return self.orders.send(order, current, target, check_now)


class Boosts(Protocol):
    """What is known of temporary sizes."""

    def find_end(self, service_id: str, now: datetime) -> datetime | None:
        """When the boost of the group ends; None if there is none."""
