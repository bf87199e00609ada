"""What one person can do with a group now, and why not the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.available_actions import AvailableAction, actions_for
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges
from app.domain.changes.rate import pause_reason
from app.domain.groups.group import ComputeGroup
from app.domain.readings import Freshness
from app.services.access.control import ChangeFreeze


@dataclass(frozen=True)
class GroupActions:
    """Judged on what was read already. Raises StoreUnavailable."""

    freeze: ChangeFreeze
    now: Callable[[], datetime]

    def list_actions(
        self, group: ComputeGroup, freshness: Freshness, changes: GroupChanges
    ) -> tuple[AvailableAction, ...]:
        """Every action, enabled or with the reason why not."""
        config = group.service.configured if group.service else None
        limits, now = group.definition.limits, self.now()
        pause = pause_reason(changes.changes, config.mode, limits, now) if config else None
        return actions_for(
            group,
            contact=self.freeze.contact,
            freeze_reason=self.freeze.find_reason(),
            disabled_reason=freshness.disabled_reason or _busy(changes.in_flight),
            pause_reason=pause,
        )

    def get_scaling(
        self, group: ComputeGroup, freshness: Freshness, changes: GroupChanges
    ) -> AvailableAction:
        """Whether the group can be scaled, and if not, why."""
        actions = self.list_actions(group, freshness, changes)
        return next(item for item in actions if item.action is Action.SCALE)


def _busy(change: Change | None) -> str | None:
    if change is None:
        return None
    return f"{change.user} is changing this group. Wait until that change has a known outcome."
