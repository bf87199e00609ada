"""What the schedules ask of other rooms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.access.permissions import Identity
from app.domain.changes.change import Change
from app.domain.changes.scaling_request import ScalingRequest


@dataclass(frozen=True)
class Order:
    """A size that a schedule wants now. `identity` is whoever saved it, with the roles of then."""

    identity: Identity
    service_id: str
    request: ScalingRequest


class OrderedChanges(Protocol):
    """Carries out what was ordered while nobody is there, on the ordinary road of a change."""

    def send(self, order: Order) -> Change | None:
        """Draft and apply it; None if it is so already. Raises PortalError where nothing was
        sent, OutcomeNotRecorded where something was."""


class Boosts(Protocol):
    """What is known of temporary sizes."""

    def find_end(self, service_id: str) -> datetime | None:
        """When the boost of the group ends; None if there is none."""


class NoBoosts:
    """There are none."""

    def find_end(self, service_id: str) -> datetime | None:  # noqa: ARG002 - as asked for
        """Nothing ends."""
        return None
