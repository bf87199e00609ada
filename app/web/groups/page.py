"""What the page of one group shows, gathered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.cloud.snapshot import Freshness
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import ActionLists
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.group_changes import newest_applied_scaling
from app.domain.changes.undo import undone
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.groups.details import GroupDetails
from app.services.groups.service import GroupsOverview
from app.services.history.service import GroupHistory
from app.services.portal import Portal
from app.web.groups.day import Day, draw
from app.web.groups.filtering import (
    GroupFilter,
    WarehouseSection,
    filter_groups,
    parse_filter,
    size_of,
)


@dataclass(frozen=True)
class IndexPage:
    """The groups of one person, and what of them was looked for."""

    overview: GroupsOverview
    wanted: GroupFilter

    @property
    def sections(self) -> list[WarehouseSection]:
        """What was found, by warehouse."""
        return filter_groups(self.overview, self.wanted)

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
        return Counter(group.state.spec.tone for group in groups)


def build_index(portal: Portal, identity: Identity, arguments: Mapping[str, str]) -> IndexPage:
    """Gather the page of all groups."""
    overview = portal.groups.list_groups(identity)
    keys = [warehouse.key for warehouse, _ in overview.by_warehouse]
    return IndexPage(overview, parse_filter(arguments, keys))


@dataclass(frozen=True)
class GroupPage:
    """One group as one person sees it now."""

    details: GroupDetails
    day: Day | None

    @property
    def group(self) -> ComputeGroup:
        """The group itself."""
        return self.details.group

    @property
    def freshness(self) -> Freshness:
        """How old what is shown of Cloud is."""
        return self.details.freshness

    @property
    def in_flight(self) -> Change | None:
        """The change whose outcome is not known yet."""
        return self.details.in_flight

    @property
    def history(self) -> GroupHistory:
        """What happened to the group."""
        return self.details.history

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
        applied = (item for item in self.details.recent if item.state is ChangeState.APPLIED)
        newest = next(applied, None)
        if newest is None or newest.effective_at:
            return None
        return newest if self._is_on_its_way(newest) else None

    def _is_on_its_way(self, change: Change) -> bool:
        service = self.group.service
        if service is None:
            return False
        if change.action is Action.SCALE:
            return self.differs and not service.active_entry
        return service.state in change.action.spec.under_way_in

    @property
    def actions(self) -> ActionLists:
        """What the person can do now, at another time, and not at all."""
        return ActionLists(self.details.actions)

    @property
    def undoable(self) -> tuple[Change, ScalingConfig] | None:
        """The last change of size, and what undoing it leads to, where it can be asked for."""
        change, service = newest_applied_scaling(self.details.recent), self.group.service
        may_scale = any(item.action is Action.SCALE for item in self.actions.enabled)
        if change is None or service is None or service.configured is None or not may_scale:
            return None
        target = undone(change, service.configured)
        return (change, target) if target else None


def build_page(portal: Portal, identity: Identity, service_id: UUID, zone: ZoneInfo) -> GroupPage:
    """Gather the page. Raises NotFound."""
    details = portal.group_pages.show(identity, str(service_id))
    return GroupPage(details, draw(details.day, zone) if details.day else None)
