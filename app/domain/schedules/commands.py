"""Which command a schedule gives that stops its group outside all windows.

It starts only what it has stopped itself: a group that somebody has stopped stays so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.activity.activities import KINDS_OF_ACTION, Activity, Actor, is_of_change
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.groups.states import ServiceState
from app.domain.schedules.precedence import Ruling

OFF = frozenset({ServiceState.STOPPED, ServiceState.STOPPING})
"""It is stopped, or about to be."""

RUNS = (
    Action.START.spec.done_in
    | Action.START.spec.in_progress_in
    | Action.WAKE.spec.begins_in
    | Action.WAKE.spec.in_progress_in
)
"""It takes queries, is about to, or does so as soon as one comes."""

STARTING = frozenset({Ruling.SCHEDULE, Ruling.WAITING, Ruling.HELD, Ruling.BOOST})
"""What may decide about the size while the group is started: none of these wants it off."""

COMMAND_KINDS = KINDS_OF_ACTION[Action.START] | KINDS_OF_ACTION[Action.STOP]


@dataclass(frozen=True)
class RunState:
    """Whether the plan wants the group stopped, what Cloud shows, and whether it is off because the
    schedule has stopped it."""

    wants_stopped: bool
    state: ServiceState
    is_own_stop: bool

    @property
    def is_as_planned(self) -> bool:
        """Whether it is as the plan wants it, by whomever."""
        return self.state in (OFF if self.wants_stopped else RUNS)

    def find_command(self, ruling: Ruling) -> Action | None:
        """What is to be asked of Cloud now, given what decides; None where that is nothing."""
        if self.wants_stopped:
            may_stop = ruling is Ruling.STOPPED_BY_SCHEDULE
            return Action.STOP if may_stop and self.state in Action.STOP.spec.begins_in else None
        may_start = self.is_own_stop and ruling in STARTING
        return Action.START if may_start and self.state in Action.START.spec.begins_in else None


def is_own_stop(last: Change | None, since: Iterable[Activity]) -> bool:
    """Whether the last command of a group was the schedule's stop, and nobody has started or
    stopped it outside the portal after that. `since` are Cloud's activities of the group."""
    if last is None or last.action is not Action.STOP or last.origin is not ChangeOrigin.SCHEDULE:
        return False
    if last.state is not ChangeState.APPLIED or last.sent_at is None:
        return False
    sent_at = last.sent_at
    return not any(
        it.kind in COMMAND_KINDS
        and it.at >= sent_at
        and it.actor is not Actor.SYSTEM
        and not is_of_change(it, last)
        for it in since
    )
