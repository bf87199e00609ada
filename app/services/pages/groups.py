"""Everything that the page of one group tells, each fact read once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity, Permission
from app.domain.boosts.boost import Boost
from app.domain.changes.available_actions import AvailableAction
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges
from app.domain.groups.group import ComputeGroup
from app.domain.readings import Freshness
from app.services.boosts.service import Boosts
from app.services.changes.ledger import Ledger
from app.services.groups.history import GroupHistory, History
from app.services.groups.last_day import HISTORY_SPAN, LastDay
from app.services.groups.service import Groups
from app.services.pages.actions import GroupActions
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standing


@dataclass(frozen=True)
class GroupDetails:
    """One group as one person may see it. `recent` are the changes that they may open, `standing`
    says what decides its size if it has a schedule."""

    group: ComputeGroup
    freshness: Freshness
    in_flight: Change | None
    recent: tuple[Change, ...]
    history: GroupHistory
    day: LastDay | None
    actions: tuple[AvailableAction, ...]
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
        return GroupDetails(
            group=group,
            freshness=freshness,
            in_flight=changes.in_flight,
            recent=_visible(changes, group, identity),
            history=self.history.list_entries(identity, group, changes, now),
            day=self.history.last_day(group, changes, freshness.taken_at),
            actions=self.actions.list_actions(group, freshness, changes),
            boost=self.boosts.find_current(identity, service_id),
            standing=self.schedules.find_standing(identity, service_id),
            now=now,
        )


def _visible(changes: GroupChanges, group: ComputeGroup, identity: Identity) -> tuple[Change, ...]:
    is_auditor = group.may(Permission.AUDIT)
    return changes.recent if is_auditor else changes.recent_of(identity)
