"""What the page of one group shows, gathered."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import ActionLists
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.undo import Undo
from app.domain.groups.group import ComputeGroup
from app.domain.groups.limits import next_size
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from app.domain.groups.terraform import format_ignore_changes
from app.domain.readings import Freshness
from app.domain.schedules.standing import Standing
from app.services.activity.history import GroupHistory
from app.services.pages.groups import GroupDetails
from app.services.portal import Portal
from app.web.boosts.card import BoostCard
from app.web.formatting.costs import show_cost_range, show_money
from app.web.formatting.sizes import NO_BREAK
from app.web.groups.day import Day, build_day
from app.web.groups.ordering import size_of
from app.web.groups.progress import Progress, progress_of
from app.web.groups.wording import missing_permissions, undo_hint


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
    def is_idle(self) -> bool:
        """Whether it costs no compute now."""
        return self.group.state in {ServiceState.IDLE, ServiceState.STOPPED}

    @property
    def is_over(self) -> bool:
        """Whether it was deleted or has failed: it neither idles nor costs anything."""
        return self.group.state.spec.is_over

    @property
    def progress(self) -> Progress:
        """What is in progress."""
        return progress_of(self.group, self.in_flight, self.taking_effect, differs=self.differs)

    @property
    def service_type(self) -> str:
        """“Secondary, read-write”; empty where Cloud does not show the service."""
        service = self.group.service
        if service is None:
            return ""
        place = "Primary" if service.is_primary else "Secondary"
        return f"{place}, {'read-only' if service.is_readonly else 'read-write'}"

    @property
    def differs(self) -> bool:
        """Whether what is in effect is known not to be what is configured."""
        return self.group.service is not None and self.group.service.differs

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
        return service.state in change.action.spec.in_progress_in

    @property
    def standing(self) -> Standing | None:
        """What decides its size, if it has a schedule."""
        return self.details.standing

    @property
    def boost(self) -> BoostCard | None:
        """The boost that has not ended."""
        boost = self.details.boost
        if boost is None:
            return None
        own = frozenset(item.reference for item in self.details.recent)
        return BoostCard(boost, self.group, self.details.now, own)

    @property
    def scale_label(self) -> str:
        """What the way to the form is called."""
        return "Scale this group" if self.group.may(Permission.SCALE) else "Boost this group"

    @property
    def may_boost_too(self) -> bool:
        """Whether the person may also ask for a size that ends by itself."""
        return self.group.may(Permission.SCALE) and self.group.may(Permission.BOOST)

    @property
    def boost_obstacle(self) -> str | None:
        """Why it cannot be boosted just now, though it can be scaled; None if it can."""
        return self.group.service.boost_obstacle if self.group.service else None

    @property
    def actions(self) -> ActionLists:
        """What the person can do now, at another time, and not at all."""
        return ActionLists(self.details.actions)

    @property
    def cost_of_running(self) -> str:
        """What it costs for an hour once it runs: “$0.39 to $0.78”; empty where nobody knows."""
        price, service = self.group.definition.limits.price, self.group.service
        if price is None or service is None or service.configured is None:
            return ""
        return show_cost_range(price, service.configured)

    @property
    def next_size_hint(self) -> str:
        """What the next larger size is and costs: “Next size: up to 32 GB total, up to $1.56 per
        hour.”; empty where its size is not known, or another than is configured is in effect."""
        service, limits = self.group.service, self.group.definition.limits
        if service is None or service.configured is None or self.differs:
            return ""
        larger = next_size(service.configured, limits)
        if larger is None:
            return "The limits of this group allow nothing larger."
        hint = f"Next size: up to {larger.max_total_gb}{NO_BREAK}GB total"
        if limits.price is None:
            return f"{hint}."
        cost = show_money(limits.price.per_hour(larger.max_total_gb), limits.price)
        return f"{hint}, up to {cost} per hour."

    @property
    def undo(self) -> Undo | None:
        """What undoing the last change of size leads to; None where all of the group is closed,
        which is said once."""
        undo = self.details.undo
        is_closed = undo and undo.obstacle and not undo.possible_from and self._is_scaling_closed
        return None if is_closed else undo

    @property
    def _is_scaling_closed(self) -> bool:
        return any(item.action is Action.SCALE for item in self.actions.disabled)

    @property
    def undo_hint(self) -> str:
        """What undoing the last change leads to, in a few words."""
        return undo_hint(self.undo.change, self.undo.target) if self.undo else ""

    @property
    def ignore_changes(self) -> str:
        """What a Terraform configuration says to leave alone what is changed here."""
        return format_ignore_changes(self.group.name)

    @property
    def missing_permissions(self) -> str:
        """What the person cannot do for want of a permission; empty if they may do everything."""
        return missing_permissions(self.actions)


def build_page(portal: Portal, identity: Identity, service_id: UUID, zone: ZoneInfo) -> GroupPage:
    """Gather the page. Raises NotFound."""
    details = portal.group_pages.show(identity, str(service_id))
    return GroupPage(details, build_day(details.day, zone) if details.day else None)
