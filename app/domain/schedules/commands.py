"""Which command a schedule gives that stops its group outside all windows.

It starts only what it has stopped itself: a group that somebody has stopped stays so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.activity.activities import KINDS_OF_ACTION, Activity, Actor, is_of_change
from app.domain.changes.actions import Action
from app.domain.changes.change import STATE_LAG, Change, ChangeOrigin, ChangeState
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
    schedule has stopped it.

    `is_uncertain`: what Cloud shows may be from before the last start or stop, or what was done
    outside the portal is not known at the moment. Nothing is concluded from it then.
    """

    wants_stopped: bool
    state: ServiceState
    is_own_stop: bool
    is_uncertain: bool = False

    @property
    def is_as_planned(self) -> bool:
        """Whether it is as the plan wants it, by whomever."""
        return not self.is_uncertain and self.state in (OFF if self.wants_stopped else RUNS)

    @property
    def is_stopped_by_others(self) -> bool:
        """Whether it is off, and not because the schedule has stopped it."""
        return self.state in OFF and not self.is_own_stop and not self.is_uncertain

    def find_command(self, ruling: Ruling) -> Action | None:
        """What is to be asked of Cloud now, given what decides; None where that is nothing."""
        if self.is_uncertain:
            return None
        if self.wants_stopped:
            may_stop = ruling is Ruling.STOPPED_BY_SCHEDULE
            return Action.STOP if may_stop and self.state in Action.STOP.spec.begins_in else None
        may_start = self.is_own_stop and ruling in STARTING
        return Action.START if may_start and self.state in Action.START.spec.begins_in else None


def is_own_stop(last: Change | None, activities: Iterable[Activity]) -> bool:
    """Whether the last command of a group was the schedule's stop, and nobody has started or
    stopped it outside the portal after that, or stopped it just before. `activities` are Cloud's,
    of the group."""
    if last is None or last.action is not Action.STOP or last.origin is not ChangeOrigin.SCHEDULE:
        return False
    if last.state is not ChangeState.APPLIED or last.sent_at is None:
        return False
    others = [it for it in activities if _is_of_others(it) and not is_of_change(it, last)]
    if any(it.at >= last.sent_at for it in others):
        return False
    # Cloud may have shown it running still, so that the schedule stopped what was stopped.
    late = [it for it in others if it.at >= last.sent_at - STATE_LAG and not it.is_by_portal]
    latest = max(late, key=lambda it: it.at, default=None)
    return latest is None or latest.kind not in KINDS_OF_ACTION[Action.STOP]


def is_started_outside(activities: Iterable[Activity], since: datetime) -> bool:
    """Whether somebody has started the group outside the portal since then."""
    starting = KINDS_OF_ACTION[Action.START]
    return any(
        it.kind in starting and it.at >= since and _is_of_others(it) and not it.is_by_portal
        for it in activities
    )


def _is_of_others(activity: Activity) -> bool:
    return activity.kind in COMMAND_KINDS and activity.actor is not Actor.SYSTEM
