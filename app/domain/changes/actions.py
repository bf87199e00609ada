"""What can be done to a compute group: scale it, wake it, start it, stop it.

Waking and starting are different actions at Cloud: `awake` brings an idle service back, `start` a
stopped one; `start` on an idle service does nothing, `awake` on a stopped one is refused.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.permissions import Permission
from app.domain.groups.states import STATE_SPECS, ServiceState


class Action(StrEnum):
    """The actions that change something at Cloud."""

    SCALE = "scale"
    WAKE = "wake"
    START = "start"
    STOP = "stop"

    @property
    def spec(self) -> "ActionSpec":
        """What the action needs and leads to."""
        return ACTION_SPECS[self]


UP = frozenset(state for state, spec in STATE_SPECS.items() if spec.is_reachable)
SCALABLE = frozenset(state for state, spec in STATE_SPECS.items() if spec.may_scale)


@dataclass(frozen=True)
class ActionSpec:
    """One action. `begins_in`: states in which it makes sense; `in_progress_in`: it is happening
    already; `done_in`: it has happened; `may_end_in`: where it may also have led, and where it can
    begin as well. `command` is what Cloud's `state` call takes.
    """

    permission: Permission
    label: str
    begins_in: frozenset[ServiceState]
    in_progress_in: frozenset[ServiceState] = frozenset()
    done_in: frozenset[ServiceState] = frozenset()
    may_end_in: frozenset[ServiceState] = frozenset()
    command: str = ""
    duration: str = ""
    elsewhere: str = ""


ACTION_SPECS: dict[Action, ActionSpec] = {
    Action.SCALE: ActionSpec(
        permission=Permission.SCALE,
        label="Scale",
        begins_in=SCALABLE,
        duration="a few minutes",
        elsewhere="Its size cannot be changed in this state.",
    ),
    Action.WAKE: ActionSpec(
        permission=Permission.WAKE,
        label="Wake",
        begins_in=frozenset({ServiceState.IDLE}),
        in_progress_in=frozenset({ServiceState.AWAKING}),
        done_in=UP,
        command="awake",
        duration="a minute or two",
        elsewhere="Only an idle group can be woken.",
    ),
    Action.START: ActionSpec(
        permission=Permission.POWER,
        label="Start",
        begins_in=frozenset({ServiceState.STOPPED}),
        in_progress_in=frozenset({ServiceState.STARTING}),
        done_in=UP,
        command="start",
        duration="a few minutes",
        elsewhere="Only a stopped group can be started.",
    ),
    Action.STOP: ActionSpec(
        permission=Permission.POWER,
        label="Stop",
        begins_in=UP | {ServiceState.IDLE},
        in_progress_in=frozenset({ServiceState.STOPPING}),
        done_in=frozenset({ServiceState.STOPPED}),
        may_end_in=frozenset({ServiceState.IDLE}),
        command="stop",
        duration="a minute",
        elsewhere="Only a group that is running or idle can be stopped.",
    ),
}
