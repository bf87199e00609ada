"""What the page of one group shows, gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.access import Identity, Permission
from app.domain.changes import Change
from app.domain.groups import ComputeGroup
from app.domain.offers import Offer, offers_for
from app.services.groups import Freshness
from app.services.portal import Portal


@dataclass(frozen=True)
class GroupPage:
    """One group as one person sees it now."""

    group: ComputeGroup
    freshness: Freshness
    in_flight: Change | None
    recent: Sequence[Change]
    offers: tuple[Offer, ...]

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
    in_flight = portal.ledger.find_in_flight(identity, key)
    closed = portal.gate.find_closure() or _busy(in_flight)
    return GroupPage(
        group=group,
        freshness=freshness,
        in_flight=in_flight,
        recent=portal.ledger.list_recent(identity, key),
        offers=offers_for(group, contact=portal.groups.contact, closed=closed),
    )


def _busy(change: Change | None) -> str | None:
    if change is None:
        return None
    return f"{change.user} is changing this group. Wait until that change has a known outcome."
