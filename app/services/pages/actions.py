"""What one person can do with a group now, and why not the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Permission
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import AvailableAction, actions_for
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges
from app.domain.changes.rate import find_pause, resizes
from app.domain.changes.scaling_request import request_for
from app.domain.changes.undo import Undo, undo_draft
from app.domain.groups.group import ComputeGroup
from app.domain.readings import Freshness
from app.errors import BrokenRules, NotPossible
from app.services.access.control import ChangeFreeze
from app.services.changes.rules import ScalingRules


@dataclass(frozen=True)
class GroupActions:
    """Judged on what was read already. Raises StoreUnavailable."""

    freeze: ChangeFreeze
    rules: ScalingRules
    now: Callable[[], datetime]

    def list_actions(
        self, group: ComputeGroup, freshness: Freshness, changes: GroupChanges
    ) -> tuple[AvailableAction, ...]:
        """Every action, enabled or with the reason why not."""
        config = group.service.configured if group.service else None
        limits, now = group.definition.limits, self.now()
        return actions_for(
            group,
            contact=self.freeze.contact,
            freeze_reason=self.freeze.find_reason(group.service_id),
            disabled_reason=freshness.disabled_reason or _busy(changes.in_flight),
            pause=find_pause(changes.changes, config.mode, limits, now) if config else None,
            room=self.rules.find_room(group.service_id) if group.may_resize else None,
            budget_note=self.rules.budgets.find_words(group.service_id),
        )

    def find_undo(
        self, group: ComputeGroup, actions: Sequence[AvailableAction], change: Change
    ) -> Undo | None:
        """What undoing a change leads to, or why it cannot be undone now; None where it is not in
        what is configured, or the person may not scale."""
        config = group.service.configured if group.service else None
        draft = undo_draft(change, config, self.now()) if config else None
        if draft is None or draft.target is None or not group.may(Permission.SCALE):
            return None
        scaling = get_scaling(actions)
        waits = scaling.covers_idling or resizes(draft)
        if not scaling.is_enabled and waits:
            return Undo(change, draft.target, scaling.disabled_reason, scaling.possible_from)
        return Undo(change, draft.target, self._find_obstacle(draft))

    def _find_obstacle(self, draft: Change) -> str | None:
        before, target = draft.before, draft.target
        if before is None or target is None:
            return None
        try:
            request = request_for(target, reason=draft.reason)
            spent = self.rules.budgets.check_growth(draft.service_id, before, target)
            broken = (*self.rules.list_broken(draft, request), *spent)
        except NotPossible as refusal:
            return f"{refusal.message} {refusal.remedy}"
        except BrokenRules as refusal:  # a size beyond what can be asked for at all
            broken = refusal.problems
        return f"{broken[0].message}." if broken else None


def get_scaling(actions: Sequence[AvailableAction]) -> AvailableAction:
    """Whether the group can be scaled, and if not, why."""
    return next(item for item in actions if item.action is Action.SCALE)


def _busy(change: Change | None) -> str | None:
    if change is None:
        return None
    return f"{change.user} is changing this group. Wait until that change has a known outcome."
