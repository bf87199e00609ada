"""The steps of a change, from asking to running, as far as Cloud lets anybody know them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.changes.effect import Effect
from app.domain.changes.rate import replaces_replicas

ACCEPTED = "Accepted by ClickHouse Cloud"
DRAINING = "Old replicas finish their queries"
DRAIN_TIME = timedelta(hours=1)
"""How long a replaced replica may go on with the queries it has (Cloud's documentation)."""

_IN_PROGRESS = {
    Action.SCALE: "New replicas start",
    Action.WAKE: "Waking up",
    Action.START: "Starting",
    Action.STOP: "Stopping",
}
_WAITING = {
    Effect.WAITS_FOR_SCHEDULE: "when the schedule entry ends",
    Effect.WAITS_FOR_START: "when the group next runs",
}


class StepStatus(StrEnum):
    """How far one step is."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    NOT = "not"


STATUS_WORDS = {
    StepStatus.DONE: "done",
    StepStatus.NOW: "in progress",
    StepStatus.NEXT: "pending",
    StepStatus.NOT: "failed",
}


@dataclass(frozen=True)
class Step:
    """One step of the way from asking to running; `note` stands in for a time that nobody knows."""

    label: str
    status: StepStatus
    at: datetime | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """How far the step is, where no time is shown."""
        return self.note or STATUS_WORDS[self.status]


def steps_of(change: Change, effect: Effect, now: datetime) -> tuple[Step, ...]:
    """From asking to running: what is done, in progress and still to come."""
    requested = Step("Requested", StepStatus.DONE, change.sent_at)
    if change.state is ChangeState.APPLIED:
        label = "As requested, read back" if change.is_read_back else ACCEPTED
        accepted = Step(label, StepStatus.DONE, change.settled_at)
        return (requested, accepted, *_steps_to_effect(change, effect, now))
    if change.state is ChangeState.UNCHANGED:
        return (requested, Step("No change needed", StepStatus.DONE, change.settled_at))
    if change.is_in_flight:
        coming = [Step(label, StepStatus.NEXT) for label in _labels_to_effect(change)]
        return (requested, Step(ACCEPTED, StepStatus.NOW), *coming)
    return (requested, _ended(change))


def _ended(change: Change) -> Step:
    if change.state is ChangeState.UNKNOWN:
        is_by_person = change.settled_by is SettledBy.PERSON
        note = "closed manually" if is_by_person else "closed, as reading back does not tell"
        return Step("Outcome not known", StepStatus.NOT, note=note)
    if change.state is ChangeState.REJECTED:
        return Step("Rejected by ClickHouse Cloud", StepStatus.NOT, change.settled_at)
    return Step("Not carried out", StepStatus.NOT, change.settled_at)


def _labels_to_effect(change: Change) -> tuple[str, ...]:
    if change.action is Action.SCALE and not replaces_replicas(change):
        return ("In effect",)
    return (_IN_PROGRESS[change.action], "In effect")


def _steps_to_effect(change: Change, effect: Effect, now: datetime) -> tuple[Step, ...]:
    *before, last = _labels_to_effect(change)
    if change.effective_at or effect is Effect.IN_EFFECT:
        done = [Step(label, StepStatus.DONE) for label in before]
        steps = (*done, Step(last, StepStatus.DONE, change.effective_at))
        if effect is Effect.SUPERSEDED:
            return (*steps, Step("Changed again since", StepStatus.DONE))
        return (*steps, *_draining(change, now))
    if effect is Effect.SUPERSEDED:
        return (Step("Changed again since", StepStatus.DONE),)
    waiting = _WAITING.get(effect, "")
    status = StepStatus.NEXT if waiting else StepStatus.NOW
    first, *others = (Step(label, StepStatus.NEXT, note=waiting) for label in (*before, last))
    return (replace(first, status=status), *others)


def _draining(change: Change, now: datetime) -> tuple[Step, ...]:
    """Cloud does not show replicas that drain, so only the longest time can be told."""
    if not replaces_replicas(change) or change.effective_at is None:
        return ()
    ends = change.effective_at + DRAIN_TIME
    if now >= ends:
        return (Step(DRAINING, StepStatus.DONE, note="done by now at the latest"),)
    return (Step(DRAINING, StepStatus.NOW, note="for up to an hour; Cloud does not show it"),)
