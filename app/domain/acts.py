"""What can be done to a compute group: scale it, wake it, start it, stop it.

Waking and starting are different acts at Cloud: `awake` brings an idle service back, `start` a
stopped one; `start` on an idle service does nothing, `awake` on a stopped one is refused.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.access import Permission
from app.domain.states import STATE_FACTS, ServiceState


class Act(StrEnum):
    """The acts that change something at Cloud."""

    SCALE = "scale"
    WAKE = "wake"
    START = "start"
    STOP = "stop"

    @property
    def facts(self) -> "ActFacts":
        """What the act needs and leads to."""
        return ACT_FACTS[self]


UP = frozenset(state for state, facts in STATE_FACTS.items() if facts.is_reachable)
SCALABLE = frozenset(state for state, facts in STATE_FACTS.items() if facts.may_scale)


@dataclass(frozen=True)
class ActFacts:
    """One act. `begins_in`: states in which it makes sense; `under_way_in`: it is happening
    already; `done_in`: it has happened. `command` is what Cloud's `state` call takes.
    """

    permission: Permission
    label: str
    begins_in: frozenset[ServiceState]
    under_way_in: frozenset[ServiceState] = frozenset()
    done_in: frozenset[ServiceState] = frozenset()
    command: str = ""
    duration: str = ""
    elsewhere: str = ""


ACT_FACTS: dict[Act, ActFacts] = {
    Act.SCALE: ActFacts(
        permission=Permission.SCALE,
        label="Scale",
        begins_in=SCALABLE,
        duration="a few minutes",
        elsewhere="Its size cannot be changed in this state.",
    ),
    Act.WAKE: ActFacts(
        permission=Permission.WAKE,
        label="Wake",
        begins_in=frozenset({ServiceState.IDLE}),
        under_way_in=frozenset({ServiceState.AWAKING}),
        done_in=UP,
        command="awake",
        duration="a minute or two",
        elsewhere="Only an idle group can be woken.",
    ),
    Act.START: ActFacts(
        permission=Permission.POWER,
        label="Start",
        begins_in=frozenset({ServiceState.STOPPED}),
        under_way_in=frozenset({ServiceState.STARTING}),
        done_in=UP,
        command="start",
        duration="a few minutes",
        elsewhere="Only a stopped group can be started.",
    ),
    Act.STOP: ActFacts(
        permission=Permission.POWER,
        label="Stop",
        begins_in=UP | {ServiceState.IDLE},
        under_way_in=frozenset({ServiceState.STOPPING}),
        done_in=frozenset({ServiceState.STOPPED}),
        command="stop",
        duration="a minute",
        elsewhere="Only a group that is running or idle can be stopped.",
    ),
}
