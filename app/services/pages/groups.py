"""Everything that the page of one group tells, each fact read once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity, Permission
from app.domain.boosts.boost import Boost
from app.domain.changes.available_actions import AvailableAction
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges, newest_applied_scaling
from app.domain.changes.undo import Undo
from app.domain.groups.group import ComputeGroup
from app.domain.readings import Freshness
from app.domain.schedules.standing import Standing
from app.services.activity.history import GroupHistory, History
from app.services.activity.last_day import HISTORY_SPAN, LastDay
from app.services.boosts.service import Boosts
from app.services.changes.ledger import Ledger
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions
from app.services.schedules.service import Schedules


@dataclass(frozen=True)
class GroupDetails:
    """One group as one person may see it. `recent` are the changes that they may open, `standing`
    says what decides its size if it has a schedule, `undo` what undoing the last change of size
    leads to."""

    group: ComputeGroup
    freshness: Freshness
    in_flight: Change | None
    recent: tuple[Change, ...]
    history: GroupHistory
    day: LastDay | None
    actions: tuple[AvailableAction, ...]
    undo: Undo | None
    boost: Boost | None
    standing: Standing | None
    now: datetime


@dataclass(frozen=True)
class GroupPages:
    """The use case of looking at one group. Raises NotFound, StoreUnavailable."""

    groups: Groups
    ledger: Ledger
    history: History
    actions: GroupActions
    boosts: Boosts
    schedules: Schedules
    now: Callable[[], datetime]

    def show(self, identity: Identity, service_id: str) -> GroupDetails:
        """The group with what happened to it and what the person can do."""
        group, freshness = self.groups.get_group(identity, service_id)
        now = self.now()
        changes = self.ledger.read_group(identity, service_id, now - HISTORY_SPAN)
        actions = self.actions.list_actions(group, freshness, changes)
        recent = _visible(changes, group, identity)
        newest = newest_applied_scaling(recent)
        return GroupDetails(
            group=group,
            freshness=freshness,
            in_flight=changes.in_flight,
            recent=recent,
            history=self.history.list_entries(identity, group, changes, now, freshness.taken_at),
            day=self.history.last_day(group, changes, freshness.taken_at),
            actions=actions,
            undo=self.actions.find_undo(group, actions, newest) if newest else None,
            boost=self.boosts.find_current(identity, service_id),
            standing=self.schedules.find_standing(identity, service_id),
            now=now,
        )

    def list_actions(self, identity: Identity, service_id: str) -> tuple[AvailableAction, ...]:
        """What the person can do with the group now, and why not the rest."""
        group, freshness = self.groups.get_group(identity, service_id)
        changes = self.ledger.read_group(identity, service_id, self.now() - HISTORY_SPAN)
        return self.actions.list_actions(group, freshness, changes)


def _visible(changes: GroupChanges, group: ComputeGroup, identity: Identity) -> tuple[Change, ...]:
    is_auditor = group.may(Permission.AUDIT)
    return changes.recent if is_auditor else changes.recent_of(identity)
