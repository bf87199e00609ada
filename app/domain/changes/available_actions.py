"""Which actions one person can take on a group now, and in words why not the others."""

from dataclasses import dataclass, replace

from app.domain.changes.actions import Action
from app.domain.groups.group import NOT_SHOWN, ComputeGroup


@dataclass(frozen=True)
class AvailableAction:
    """One action for one person on one group; it can be taken if `disabled_reason` is None."""

    action: Action
    disabled_reason: str | None
    is_permitted: bool = True

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
    def disabled(self) -> tuple[AvailableAction, ...]:
        """What the person could do at another time."""
        return tuple(item for item in self.all if item.is_permitted and not item.is_enabled)

    @property
    def not_permitted(self) -> tuple[AvailableAction, ...]:
        """What the person has no permission for."""
        return tuple(item for item in self.all if not item.is_permitted)

    @property
    def common_reason(self) -> str | None:
        """Why the disabled ones cannot be taken, where that is the same for all of them."""
        reasons = {item.disabled_reason for item in self.disabled}
        return reasons.pop() if len(reasons) == 1 else None


def actions_for(
    group: ComputeGroup,
    *,
    contact: str,
    freeze_reason: str | None = None,
    disabled_reason: str | None = None,
    pause_reason: str | None = None,
) -> tuple[AvailableAction, ...]:
    """Every action, enabled or not.

    `freeze_reason` says why all changes are frozen, `disabled_reason` why nothing can be changed
    in this group just now, `pause_reason` why it cannot be scaled again so soon.
    """
    found = (
        _available(action, group, contact, freeze_reason, disabled_reason) for action in Action
    )
    return tuple(
        replace(item, disabled_reason=pause_reason)
        if item.action is Action.SCALE and item.is_enabled
        else item
        for item in found
    )


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
    return AvailableAction(action, group.scaling_obstacle if action is Action.SCALE else None)


def missing_permission_reason(action: Action, contact: str) -> str:
    """Which permission is missing, and who gives it."""
    return f"This needs the permission “{action.spec.permission.label}”, which {contact} can give."


def _state_reason(action: Action, group: ComputeGroup) -> str:
    if group.service is None:
        return NOT_SHOWN
    if action is Action.SCALE and group.scaling_obstacle:
        return group.scaling_obstacle
    return f"{action.spec.elsewhere} Now it is {group.service.state_in_sentence}."
