"""One simulated service: its states in time, its scaling, and how the API shows it."""

from dataclasses import dataclass, field
from typing import Any

from app.sandbox.clock import to_iso
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.commands import (
    BEING_DELETED,
    COMMAND_STATES,
    NOTHING_TO_DO,
    Durations,
)
from app.sandbox.cloud.service.rendering import current_scaling, scaling_fields, schedule_json
from app.sandbox.cloud.service.scaling import Rules, Scaling, change_scaling
from app.sandbox.cloud.service.scaling_fields import COUNT_FIELDS, MEMORY_FIELDS
from app.sandbox.cloud.service.schedule import Entry, find_active


@dataclass
class Service:
    """State that moves with time. Call `advance` with the present before reading anything.

    `fields` are fields shown as they stand; `overrides` were forced by a test and win over all.
    """

    id: str
    warehouse_id: str
    state: str
    configured: Scaling
    fields: dict[str, Any]
    created_at: float
    fewest_replicas: int = 1
    is_kept_busy: bool = False
    entries: tuple[Entry, ...] = ()
    last_touched_at: float = 0.0
    overrides: dict[str, Any] = field(default_factory=dict)
    applied: Scaling = field(init=False)
    _scaling_due_at: float | None = None
    _transition: tuple[float, str] | None = None

    def __post_init__(self) -> None:
        self.applied = self.configured

    @property
    def name(self) -> str:
        """The service's name."""
        return str(self.fields["name"])

    def advance(self, now: float) -> list[tuple[float, str]]:
        """Let everything due by `now` happen, in order. Returns (time, state) of state changes."""
        happened = []
        while (due := self._next_due_at(now)) <= now:
            if due == self._scaling_due_at:
                self.applied, self._scaling_due_at = self.configured, None
            elif self._transition and due == self._transition[0]:
                self._arrive(due, self._transition[1])
                happened.append((due, self.state))
            else:
                self.state = "idle"
                happened.append((due, "idle"))
        return happened

    def effective(self, now: float) -> Scaling:
        """What applies: the active schedule entry's values, else what was last rolled out."""
        entry = find_active(self.entries, now)
        return entry.applied_to(self.applied) if entry else self.applied

    def plan_scaling(self, body: dict[str, object]) -> Scaling:
        """Return what the configured values become under a PATCH body. Raises ApiError."""
        if self.state in BEING_DELETED:
            raise ApiError(409, f"Service is {self.state}")
        return change_scaling(self.configured, body, self.rules())

    def configure(self, scaling: Scaling, now: float, durations: Durations) -> None:
        """Configure the values at once; what applies follows, counted from the last change."""
        self.configured = scaling
        self._scaling_due_at = now + durations.scaling if scaling != self.applied else None

    def command(self, command: str, now: float, durations: Durations) -> bool:
        """Start, stop or wake. Returns whether it set anything in motion."""
        if self.state in NOTHING_TO_DO[command]:
            return False
        if self.state not in COMMAND_STATES[command]:
            status = 400 if (command, self.state) == ("awake", "stopped") else 409
            raise ApiError(status, f"Cannot {command} a service in state {self.state}")
        self.state, end = durations.way(command)
        self._transition = (now + durations.of(command), end)
        return True

    def force_state(self, state: str, now: float) -> None:
        """Put the service into any state, where it stays until something moves it."""
        self.state, self._transition, self.last_touched_at = state, None, now

    def force_scaling(self, scaling: Scaling) -> None:
        """Put scaling values in place, configured and applied."""
        self.configured = self.applied = scaling
        self._scaling_due_at = None

    def rules(self) -> Rules:
        """What this service admits: fixed memory on custom profiles and BYOC, all on Basic."""
        if self.fields.get("tier") == "development":
            text = "Scaling is not available for services of fixed size"
            return Rules(self.fewest_replicas, (*MEMORY_FIELDS, *COUNT_FIELDS), text)
        if self.fields.get("profile", "v1-default") != "v1-default" or self.fields.get("byocId"):
            text = "Vertical scaling of this service is not self-service, contact support"
            return Rules(self.fewest_replicas, MEMORY_FIELDS, text)
        return Rules(self.fewest_replicas)

    def to_json(self, now: float) -> dict[str, Any]:
        """Write the service as the API shows it."""
        shown = {
            "id": self.id,
            "state": self.state,
            "dataWarehouseId": self.warehouse_id,
            "createdAt": to_iso(self.created_at),
            **self.fields,
            **scaling_fields(self.configured),
            "currentScaling": current_scaling(self.effective(now), find_active(self.entries, now)),
        }
        if self.entries:
            shown["scalingSchedule"] = schedule_json(self.entries, self.configured, now)
        shown |= self.overrides
        return {name: value for name, value in shown.items() if value is not None}

    def _arrive(self, at: float, state: str) -> None:
        self.state, self._transition, self.last_touched_at = state, None, at

    def _next_due_at(self, now: float) -> float:
        due = [self._idle_due_at(now)]
        if self._scaling_due_at is not None:
            due.append(self._scaling_due_at)
        if self._transition is not None:
            due.append(self._transition[0])
        return min(due)

    def _idle_due_at(self, now: float) -> float:
        scaling = self.effective(now)
        if self.state != "running" or self.is_kept_busy or not scaling.idle_scaling:
            return float("inf")
        return self.last_touched_at + scaling.idle_timeout_minutes * 60.0
