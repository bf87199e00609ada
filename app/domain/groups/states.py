"""The states a service can be in, in words. Cloud may name new ones: they count as unknown."""

from dataclasses import dataclass
from enum import StrEnum


class ServiceState(StrEnum):
    """The fourteen states of Cloud's API, and one for any other."""

    PROVISIONING = "provisioning"
    STARTING = "starting"
    RUNNING = "running"
    PARTIALLY_RUNNING = "partially_running"
    DEGRADED = "degraded"
    AWAKING = "awaking"
    IDLE = "idle"
    STOPPING = "stopping"
    STOPPED = "stopped"
    TERMINATING = "terminating"
    TERMINATED = "terminated"
    SOFTDELETING = "softdeleting"
    SOFTDELETED = "softdeleted"
    FAILED = "failed"
    UNKNOWN = "unknown"

    @classmethod
    def parse(cls, text: str) -> "ServiceState":
        """The state Cloud names, or UNKNOWN for a name that is not in the list."""
        return cls._value2member_map_.get(text, cls.UNKNOWN)  # type: ignore[return-value]

    @property
    def spec(self) -> "StateSpec":
        """What the state means, in words."""
        return STATE_SPECS[self]


class Tone(StrEnum):
    """How a state is shown: colour and icon shape, never colour alone."""

    UP = "up"
    MOVING = "moving"
    RESTING = "resting"
    OFF = "off"
    TROUBLE = "trouble"


@dataclass(frozen=True)
class StateSpec:
    """One state for people. `is_reachable`: a connection is answered without waking anything.

    `is_on_its_way`: it is coming up already. `may_scale`: Cloud keeps a scaling change of it.
    `is_over`: it will not run again as it is, so neither costs nor idling are worth a word.
    """

    label: str
    meaning: str
    tone: Tone
    is_reachable: bool = False
    is_on_its_way: bool = False
    may_scale: bool = False
    is_over: bool = False

    @property
    def is_up(self) -> bool:
        """Whether it runs or comes up: only then does a new configuration take effect. At any other
        time it counts from when the group next runs."""
        return self.is_reachable or self.is_on_its_way


_GONE = "It can no longer be used or scaled."

STATE_SPECS: dict[ServiceState, StateSpec] = {
    ServiceState.PROVISIONING: StateSpec(
        "Being created", "It is being set up for the first time.", Tone.MOVING
    ),
    ServiceState.STARTING: StateSpec(
        "Starting",
        "It was started and will accept queries soon.",
        Tone.MOVING,
        is_on_its_way=True,
        may_scale=True,
    ),
    ServiceState.RUNNING: StateSpec(
        "Running", "Accepting queries.", Tone.UP, is_reachable=True, may_scale=True
    ),
    ServiceState.PARTIALLY_RUNNING: StateSpec(
        "Partly running",
        "Some replicas accept queries, others do not yet.",
        Tone.MOVING,
        is_reachable=True,
        may_scale=True,
    ),
    ServiceState.DEGRADED: StateSpec(
        "Degraded",
        "Accepting queries, but some replicas are down.",
        Tone.TROUBLE,
        is_reachable=True,
        may_scale=True,
    ),
    ServiceState.AWAKING: StateSpec(
        "Waking up",
        "It was idle and will accept queries soon, usually within a minute.",
        Tone.MOVING,
        is_on_its_way=True,
        may_scale=True,
    ),
    ServiceState.IDLE: StateSpec(
        "Idle",
        "Nobody used it for a while, so it idles and costs no compute. "
        "The next connection wakes it.",
        Tone.RESTING,
        may_scale=True,
    ),
    ServiceState.STOPPING: StateSpec("Stopping", "It is being stopped.", Tone.MOVING),
    ServiceState.STOPPED: StateSpec(
        "Stopped",
        "Somebody stopped it. It stays off until somebody starts it.",
        Tone.OFF,
        may_scale=True,
    ),
    ServiceState.TERMINATING: StateSpec("Being deleted", _GONE, Tone.OFF, is_over=True),
    ServiceState.TERMINATED: StateSpec("Deleted", _GONE, Tone.OFF, is_over=True),
    ServiceState.SOFTDELETING: StateSpec("Being deleted", _GONE, Tone.OFF, is_over=True),
    ServiceState.SOFTDELETED: StateSpec("Deleted", _GONE, Tone.OFF, is_over=True),
    ServiceState.FAILED: StateSpec(
        "Failed",
        "ClickHouse Cloud could not bring it up. Ask whoever runs your warehouse.",
        Tone.TROUBLE,
        is_over=True,
    ),
    ServiceState.UNKNOWN: StateSpec(
        "Not known",
        "ClickHouse Cloud names a state that this portal does not know.",
        Tone.TROUBLE,
    ),
}
