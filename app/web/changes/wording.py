"""Where a change stands, in words: the headline of its page, and a few words for lists."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.domain.changes.actions import Action
from app.domain.changes.change import GONE, Change, ChangeState
from app.domain.changes.effect import Effect
from app.domain.changes.rate import replaces_replicas
from app.domain.groups.group import ComputeGroup

OUTCOMES = {
    ChangeState.DRAFT: "Not confirmed",
    ChangeState.APPLYING: "Being sent",
    ChangeState.APPLIED: "Accepted",
    ChangeState.UNCHANGED: "No change needed",
    ChangeState.REJECTED: "Rejected by ClickHouse Cloud",
    ChangeState.FAILED: "Failed",
    ChangeState.UNKNOWN: "Unknown",
}


CANNOT_BE_TOLD = "Whether this change or another made it so cannot be told."


def outcome_of(change: Change) -> str:
    """A few words for lists."""
    if change.effective_at:
        return "Seen in effect"
    return "As requested" if change.is_read_back else OUTCOMES[change.state]


def how_determined(change: Change) -> str:
    """How the outcome of a change was determined that Cloud did not answer for."""
    if change.state is ChangeState.UNCHANGED:
        return "By reading the configuration just before the change was to be sent."
    words = f"By reading the configuration back. {change.settled_note}"
    return f"{words} {CANNOT_BE_TOLD}" if change.is_read_back else words


@dataclass(frozen=True)
class Headline:
    """What happened, in a title and a sentence; the tone is that of a state."""

    title: str
    text: str
    tone: str


def headline_of(
    change: Change, effect: Effect, group: ComputeGroup, *, is_gone: bool = False
) -> Headline:
    """The words for a change and how far it shows in what runs.

    `is_gone`: Cloud was read, and the group was not there.
    """
    headline = _headline_of(change, effect, group)
    is_open = change.is_in_flight or change.state is ChangeState.APPLIED
    return replace(headline, text=f"{GONE} {headline.text}") if is_gone and is_open else headline


def _headline_of(change: Change, effect: Effect, group: ComputeGroup) -> Headline:
    if change.state is not ChangeState.APPLIED:
        return _HEADLINES[change.state](change)
    if change.action is Action.SCALE:
        headline = _scaling_headline(change, effect, group)
    else:
        headline = _command_headline(change, effect, group)
    if change.is_read_back:
        return replace(headline, text=f"{headline.text} {CANNOT_BE_TOLD}")
    return headline


def _command_headline(change: Change, effect: Effect, group: ComputeGroup) -> Headline:
    action = change.action
    if effect is Effect.IN_EFFECT:
        return _IDLES if group.state in action.spec.may_end_in else _COMMAND_DONE[action]
    if effect is Effect.NOT_KNOWN:
        title = "As requested" if change.is_read_back else "Accepted"
        return Headline(title, "What state the group is in is not known at the moment.", "moving")
    if effect is Effect.SUPERSEDED:
        return Headline("Done, and changed again since", "Its state has changed since.", "off")
    said = "It is in progress." if change.is_read_back else "ClickHouse Cloud has accepted it."
    text = f"{said} This usually takes {action.spec.duration}."
    return Headline(_COMMAND_IN_PROGRESS[action], text, "moving")


_COMMAND_DONE = {
    Action.WAKE: Headline("Awake", "The group accepts queries.", "up"),
    Action.START: Headline("Started", "The group accepts queries.", "up"),
    Action.STOP: Headline("Stopped", "It stays off until somebody starts it.", "off"),
}
_IDLES = Headline(
    "Idle", "The group is idle, and not stopped: the next connection wakes it.", "resting"
)
_COMMAND_IN_PROGRESS = {
    Action.WAKE: "Waking up",
    Action.START: "Starting",
    Action.STOP: "Stopping",
}


_RESIZED = (
    "The new size applies. If replicas were replaced, old ones may go on serving their queries "
    "for up to an hour."
)
_SCALED = {
    True: (
        "new size",
        "ClickHouse Cloud starts the new replicas. This usually takes a few minutes.",
        _RESIZED,
    ),
    False: (
        "change",
        "ClickHouse Cloud puts it into effect. This usually takes a few minutes.",
        "What was asked applies.",
    ),
}
"""What a change of size, or of idling alone, is called, and how it takes effect."""


def _scaling_headline(change: Change, effect: Effect, group: ComputeGroup) -> Headline:
    accepted = "As requested" if change.is_read_back else "Accepted"
    what, takes_effect, applies = _SCALED[replaces_replicas(change)]
    entry = group.service.active_entry if group.service else None
    return {
        Effect.IN_EFFECT: Headline(
            "In effect",
            applies,
            "up",
        ),
        Effect.ON_ITS_WAY: Headline(
            f"{accepted}, taking effect",
            takes_effect,
            "moving",
        ),
        Effect.WAITS_FOR_SCHEDULE: Headline(
            f"{accepted}, waiting for the schedule",
            f"The schedule entry “{entry}” is active. The {what} takes effect when it ends.",
            "resting",
        ),
        Effect.WAITS_FOR_START: Headline(
            accepted,
            f"The group is not running. The {what} counts from when it next runs.",
            "resting",
        ),
        Effect.SUPERSEDED: Headline(
            f"{accepted}, and changed again since",
            "The group's configuration is no longer what this change requested.",
            "off",
        ),
        Effect.NOT_KNOWN: Headline(
            accepted,
            "ClickHouse Cloud does not say at the moment what is in effect.",
            "moving",
        ),
    }[effect]


def _unknown_headline(change: Change) -> Headline:
    if change.settled_at:
        return Headline("Closed without a known outcome", change.settled_note, "trouble")
    return Headline(
        "The outcome is not known yet",
        f"{change.settled_note} The portal reads the configuration back to find out, and sends "
        "nothing again. Until then nobody can change this group.",
        "trouble",
    )


_HEADLINES: dict[ChangeState, Callable[[Change], Headline]] = {
    ChangeState.DRAFT: lambda _: Headline("Not confirmed", "Nothing was sent.", "off"),
    ChangeState.APPLYING: lambda _: Headline(
        "Being sent",
        "ClickHouse Cloud has not answered yet. Nobody else can change this group meanwhile.",
        "moving",
    ),
    ChangeState.UNCHANGED: lambda _: Headline(
        "No change needed",
        "The group was as requested already when this change was confirmed, so nothing was sent.",
        "off",
    ),
    ChangeState.REJECTED: lambda change: Headline(
        "Rejected by ClickHouse Cloud",
        f"Nothing was changed. ClickHouse Cloud says: {change.settled_note}",
        "trouble",
    ),
    ChangeState.FAILED: lambda change: Headline(
        "Failed", f"Nothing was changed. {change.settled_note}", "trouble"
    ),
    ChangeState.UNKNOWN: _unknown_headline,
}
