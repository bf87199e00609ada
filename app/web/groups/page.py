"""What the page of one group shows, gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.access import Identity, Permission
from app.domain.changes import Change
from app.domain.groups import ComputeGroup
from app.services.groups import Freshness
from app.services.portal import Portal


@dataclass(frozen=True)
class GroupPage:
    """One group as one person sees it now."""

    group: ComputeGroup
    freshness: Freshness
    in_flight: Change | None
    recent: Sequence[Change]
    contact: str

    @property
    def why_not_scale(self) -> str | None:
        """Why this person cannot scale the group now; None if they can."""
        if not self.group.may(Permission.SCALE):
            return (
                f"You may look at this group. Scaling it needs the permission “scale”, "
                f"which {self.contact} can give."
            )
        if self.in_flight:
            return (
                f"{self.in_flight.user} is changing this group. "
                "You can scale it when that change has a known outcome."
            )
        return self.group.scaling_obstacle

    @property
    def differs(self) -> bool:
        """Whether what is in effect is not what is configured."""
        service = self.group.service
        if service is None or service.effective is None:
            return False
        return service.effective != service.configured


def build_page(portal: Portal, identity: Identity, service_id: UUID) -> GroupPage:
    """Gather the page. Raises NotFound."""
    key = str(service_id)
    group, freshness = portal.groups.get_group(identity, key, Permission.VIEW)
    in_flight = portal.groups.find_change_in_flight(identity, key)
    if in_flight:
        settled = portal.settlement.settle(in_flight)
        in_flight = settled if settled.is_in_flight else None
    return GroupPage(
        group=group,
        freshness=freshness,
        in_flight=in_flight,
        recent=portal.groups.list_recent_changes(identity, key),
        contact=portal.groups.contact,
    )
