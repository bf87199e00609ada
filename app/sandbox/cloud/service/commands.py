"""What start, stop and awake do in which state, and how long it takes."""

from dataclasses import dataclass

UP = frozenset({"running", "partially_running", "degraded"})
BEING_DELETED = frozenset({"terminating", "terminated", "softdeleting", "softdeleted"})
# command -> states in which it acts, and states in which it has nothing to do (answer 200).
# `start` on an idle service does nothing; `awake` on a stopped one is refused.
COMMAND_STATES = {"start": {"stopped"}, "awake": {"idle"}, "stop": UP | {"idle"}}
NOTHING_TO_DO = {
    "start": UP | {"starting", "awaking", "idle"},
    "awake": UP | {"starting", "awaking"},
    "stop": {"stopping", "stopped"},
}
# command -> state on the way, state at the end
WAYS = {
    "start": ("starting", "running"),
    "awake": ("awaking", "running"),
    "stop": ("stopping", "stopped"),
}


@dataclass
class Durations:
    """How long things take, in sandbox seconds, and the state that a stop leads to."""

    scaling: float = 6.0
    awake: float = 8.0
    start: float = 10.0
    stop: float = 6.0
    stop_ends_in: str = "stopped"

    def of(self, command: str) -> float:
        """Seconds from a command to the state it leads to."""
        return {"awake": self.awake, "start": self.start, "stop": self.stop}[command]

    def way(self, command: str) -> tuple[str, str]:
        """Return the state on the way of a command, and the state at its end."""
        passing, end = WAYS[command]
        return passing, self.stop_ends_in if command == "stop" else end
