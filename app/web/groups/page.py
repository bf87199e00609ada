"""What the page of one group shows, gathered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.domain.groups import ComputeGroup
from app.domain.offers import Offer, offers_for
from app.domain.scaling import ScalingConfig
from app.domain.undo import undone
from app.services.groups import Freshness, GroupsOverview
from app.services.history import GroupHistory
from app.services.portal import Portal
from app.web.groups.day import Day, draw
from app.web.groups.finding import (
    Finding,
    WarehouseSection,
    find_groups,
    parse_finding,
    size_of,
)


@dataclass(frozen=True)
class IndexPage:
    """The groups of one person, and what of them was looked for."""

    overview: GroupsOverview
    finding: Finding

    @property
    def sections(self) -> list[WarehouseSection]:
        """What was found, by warehouse."""
        return find_groups(self.overview, self.finding)

    @property
    def found_count(self) -> int:
        """How many groups were found."""
        return sum(len(section.found) for section in self.sections)

    @property
    def warehouses(self) -> list[tuple[str, str]]:
        """Key and name of each warehouse there is to choose."""
        return [(warehouse.key, warehouse.name) for warehouse, _ in self.overview.by_warehouse]

    @property
    def counts(self) -> Counter[str]:
        """How many groups are in each kind of state, whatever is looked for."""
        groups = [group for _, members in self.overview.by_warehouse for group in members]
        return Counter(group.state.facts.tone for group in groups)


def build_index(portal: Portal, identity: Identity, arguments: Mapping[str, str]) -> IndexPage:
    """Gather the page of all groups."""
    overview = portal.groups.list_groups(identity)
    keys = [warehouse.key for warehouse, _ in overview.by_warehouse]
    return IndexPage(overview, parse_finding(arguments, keys))


@dataclass(frozen=True)
class GroupPage:
    """One group as one person sees it now."""

    group: ComputeGroup
    freshness: Freshness
    in_flight: Change | None
    recent: Sequence[Change]
    history: GroupHistory
    offers: tuple[Offer, ...]
    day: Day | None

    @property
    def size(self) -> ScalingConfig | None:
        """What is in effect, or what is configured if Cloud does not say more."""
        return size_of(self.group)

    @property
    def differs(self) -> bool:
        """Whether what is in effect is not what is configured."""
        service = self.group.service
        if service is None or service.effective is None:
            return False
        return service.effective != service.configured

    @property
    def taking_effect(self) -> Change | None:
        """The accepted change that is not in effect yet, if the person may see it."""
        applied = (item for item in self.recent if item.state is ChangeState.APPLIED)
        newest = next(applied, None)
        if newest is None or newest.effective_at:
            return None
        return newest if self._is_on_its_way(newest) else None

    def _is_on_its_way(self, change: Change) -> bool:
        service = self.group.service
        if service is None:
            return False
        if change.act is Act.SCALE:
            return self.differs and not service.active_entry
        return service.state in change.act.facts.under_way_in

    @property
    def open_offers(self) -> list[Offer]:
        """What the person can do now."""
        return [offer for offer in self.offers if offer.is_open]

    @property
    def closed_offers(self) -> list[Offer]:
        """What the person could do at another time."""
        return [offer for offer in self.offers if offer.is_permitted and not offer.is_open]

    @property
    def missing(self) -> list[Offer]:
        """What the person has no permission for."""
        return [offer for offer in self.offers if not offer.is_permitted]

    @property
    def undoable(self) -> tuple[Change, ScalingConfig] | None:
        """The last change of size, and what undoing it leads to, where it can be asked for."""
        change, service = _newest_scaling(self.recent), self.group.service
        may_scale = any(offer.act is Act.SCALE for offer in self.open_offers)
        if change is None or service is None or service.configured is None or not may_scale:
            return None
        target = undone(change, service.configured)
        return (change, target) if target else None


def build_page(portal: Portal, identity: Identity, service_id: UUID, zone: ZoneInfo) -> GroupPage:
    """Gather the page. Raises NotFound."""
    key = str(service_id)
    group, freshness = portal.groups.get_group(identity, key, Permission.VIEW)
    in_flight = portal.ledger.find_in_flight(identity, key)
    closed = portal.gate.find_closure() or freshness.why_closed or _busy(in_flight)
    day = portal.timeline.last_day(identity, key)
    return GroupPage(
        group=group,
        freshness=freshness,
        in_flight=in_flight,
        recent=portal.ledger.list_recent(identity, key),
        history=portal.history.list_entries(identity, group),
        offers=offers_for(group, contact=portal.access.contact, closed=closed),
        day=draw(day, zone) if day else None,
    )


def _newest_scaling(changes: Sequence[Change]) -> Change | None:
    applied = (item for item in changes if item.state is ChangeState.APPLIED)
    return next((item for item in applied if item.act is Act.SCALE), None)


def _busy(change: Change | None) -> str | None:
    if change is None:
        return None
    return f"{change.user} is changing this group. Wait until that change has a known outcome."
