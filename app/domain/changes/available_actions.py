"""Which actions one person can take on a group now, and in words why not the others."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.rate import Pause
from app.domain.changes.reauthentication import is_beyond_soft_limit
from app.domain.changes.replica_room import ReplicaRoom
from app.domain.groups.group import NOT_SHOWN, ComputeGroup

REASON_ASKED = "You are asked for a reason."
REAUTHENTICATION_ASKED = "You are asked for your password, as it is large."


@dataclass(frozen=True)
class AvailableAction:
    """One action for one person on one group; it can be taken if `disabled_reason` is None.

    `possible_from` is when that reason is over, where that is known; `covers_idling`: until then
    not even idling can be changed. `note` is what limits the action though it can be taken.
    """

    action: Action
    disabled_reason: str | None
    is_permitted: bool = True
    possible_from: datetime | None = None
    covers_idling: bool = True
    note: str = ""

    @property
    def is_enabled(self) -> bool:
        """Whether the action can be begun now."""
        return self.disabled_reason is None


@dataclass(frozen=True)
class ActionLists:
    """The actions of one person on one group, by whether they can be taken."""

    all: tuple[AvailableAction, ...]

    @property
    def enabled(self) -> tuple[AvailableAction, ...]:
        """What the person can do now."""
        return tuple(item for item in self.all if item.is_enabled)

    @property
    def paused(self) -> tuple[AvailableAction, ...]:
        """What the person can do again from a known moment on."""
        return tuple(item for item in self.disabled if item.possible_from)

    @property
    def disabled(self) -> tuple[AvailableAction, ...]:
        """What the person could do at another time."""
        return tuple(item for item in self.all if item.is_permitted and not item.is_enabled)

    @property
    def unpaused(self) -> tuple[AvailableAction, ...]:
        """What the person could do at another time that nobody knows yet."""
        return tuple(item for item in self.disabled if not item.possible_from)

    @property
    def not_permitted(self) -> tuple[AvailableAction, ...]:
        """What the person has no permission for."""
        return tuple(item for item in self.all if not item.is_permitted)

    @property
    def common_reason(self) -> str | None:
        """Why the unpaused ones cannot be taken, where that is the same for all of them."""
        reasons = {item.disabled_reason for item in self.unpaused}
        return reasons.pop() if len(reasons) == 1 else None


def actions_for(
    group: ComputeGroup,
    *,
    contact: str,
    freeze_reason: str | None = None,
    disabled_reason: str | None = None,
    pause: Pause | None = None,
    room: ReplicaRoom | None = None,
    budget_note: str = "",
) -> tuple[AvailableAction, ...]:
    """Every action, enabled or not.

    `freeze_reason` says why all changes are frozen, `disabled_reason` why nothing can be changed
    in this group just now, `pause` why it cannot be scaled again so soon, `room` how many replicas
    its warehouse leaves it, `budget_note` why it cannot grow.
    """
    found = (
        _available(action, group, contact, freeze_reason, disabled_reason) for action in Action
    )
    return tuple(
        _scaling(item, group, pause, room, budget_note)
        if item.action is Action.SCALE and item.is_enabled
        else _with_note(item, group)
        for item in found
    )


def _scaling(
    item: AvailableAction,
    group: ComputeGroup,
    pause: Pause | None,
    room: ReplicaRoom | None,
    budget_note: str,
) -> AvailableAction:
    if pause:
        return replace(
            item,
            disabled_reason=pause.reason,
            possible_from=pause.ends_at,
            covers_idling=pause.covers_idling,
        )
    config = group.service.configured if group.service else None
    full = room.obstacle(config) if room and config else ""
    return replace(item, note=" ".join(text for text in (budget_note, full) if text))


def _with_note(item: AvailableAction, group: ComputeGroup) -> AvailableAction:
    """What is asked for before it is sent. Of a stop the next page says so in any case."""
    if not item.is_enabled or item.action is Action.STOP:
        return item
    limits = group.definition.limits
    config = group.service.configured if group.service else None
    notes = {
        REASON_ASKED: limits.is_reason_required,
        REAUTHENTICATION_ASKED: is_beyond_soft_limit(config, limits),
    }
    return replace(item, note=" ".join(text for text, is_asked in notes.items() if is_asked))


def _available(
    action: Action,
    group: ComputeGroup,
    contact: str,
    freeze_reason: str | None,
    disabled_reason: str | None,
) -> AvailableAction:
    spec = action.spec
    is_permitted = group.may_resize if action is Action.SCALE else group.may(spec.permission)
    if not is_permitted:
        reason = missing_permission_reason(action, contact)
        return AvailableAction(action, reason, is_permitted=False)
    if freeze_reason:
        return AvailableAction(action, freeze_reason)
    if disabled_reason:
        return AvailableAction(action, disabled_reason)
    if group.state in spec.in_progress_in:
        return AvailableAction(action, "This is in progress already.")
    if group.service is None or group.state not in spec.begins_in:
        return AvailableAction(action, _state_reason(action, group))
    return AvailableAction(action, group.resizing_obstacle if action is Action.SCALE else None)


def missing_permission_reason(action: Action, contact: str) -> str:
    """Which permission is missing, and who gives it."""
    return f"This needs the permission “{action.spec.permission.label}”, which {contact} can give."


def _state_reason(action: Action, group: ComputeGroup) -> str:
    if group.service is None:
        return NOT_SHOWN
    if action is Action.SCALE and group.scaling_obstacle:
        return group.scaling_obstacle
    return f"{action.spec.elsewhere} Now it is {group.service.state_in_sentence}."
