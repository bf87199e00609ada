"""What a person can and cannot do with a group, in words."""

from collections.abc import Sequence

from app.domain.changes.available_actions import ActionLists, AvailableAction
from app.domain.changes.change import Change
from app.domain.groups.scaling import ScalingConfig
from app.web.formatting.sizes import show_total


def either(actions: Sequence[AvailableAction]) -> str:
    """“scale, wake or stop”."""
    return _joined([item.action.spec.label.lower() for item in actions], "or")


def missing_permissions(actions: ActionLists) -> str:
    """“To scale or stop this group you need the permissions “scale” and “start/stop””."""
    missing = actions.not_permitted
    if not missing:
        return ""
    names = list(dict.fromkeys(f"“{item.action.spec.permission.label}”" for item in missing))
    noun = "permission" if len(names) == 1 else "permissions"
    view = "You can view this group. " if len(missing) == len(actions.all) else ""
    return f"{view}To {either(missing)} it you need the {noun} {_joined(names, 'and')}"


def undo_hint(change: Change, target: ScalingConfig) -> str:
    """Where undoing a change of size leads to."""
    asked_for = change.target
    if asked_for and _total(asked_for) == _total(target):
        return "The size stays."
    return f"Back to {show_total(target)} total."


def _total(config: ScalingConfig) -> tuple[int, int]:
    return config.min_total_gb, config.max_total_gb


def _joined(words: Sequence[str], last: str) -> str:
    *others, final = words
    return f"{', '.join(others)} {last} {final}" if others else final
