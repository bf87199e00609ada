"""What is in progress in a group, in a few words."""

from dataclasses import dataclass

from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.groups.group import ComputeGroup
from app.domain.groups.states import Tone
from app.web.formatting.sizes import show_total

TAKING_EFFECT = "Accepted, taking effect"


@dataclass(frozen=True)
class Progress:
    """A title and a sentence; `change` is the change made here, where one is the cause."""

    title: str
    text: str = ""
    change: Change | None = None


def progress_of(
    group: ComputeGroup, in_flight: Change | None, taking_effect: Change | None, *, differs: bool
) -> Progress:
    """The first that holds. `differs`: what is in effect is not what is configured."""
    if in_flight:
        return Progress(_title(in_flight), "The outcome is not known yet", in_flight)
    service, is_up = group.service, group.state.spec.is_up
    if taking_effect:
        is_waiting = taking_effect.action is Action.SCALE and not is_up
        words = "Accepted, counts from when the group next runs" if is_waiting else TAKING_EFFECT
        return Progress(_title(taking_effect), words, taking_effect)
    if service and service.active_entry:
        text = f"The schedule entry “{service.active_entry}” is active. "
        return Progress("A schedule", f"{text}What is configured applies again when it ends.")
    if differs and not group.state.spec.is_over:
        return _difference(group)
    if group.state.spec.tone is Tone.MOVING:
        is_sure = group.state.spec.is_reachable
        words = "" if is_sure else "Requested through this portal, or elsewhere."
        return Progress(group.state.spec.label, words)
    return Progress("None")


def _difference(group: ComputeGroup) -> Progress:
    if not group.state.spec.is_up:
        return Progress("None", "What is configured counts from when the group next runs.")
    is_resizing = group.service is not None and group.service.is_resizing
    how = ": new replicas start before old ones drain" if is_resizing else ""
    return Progress("A change", f"A change is taking effect{how}.")


def _title(change: Change) -> str:
    label = change.action.spec.label.lower()
    return f"{label} to {show_total(change.target)}" if change.target else label
