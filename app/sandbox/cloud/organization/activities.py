"""Cloud's own activity log: who did what to which service, without values."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.sandbox.clock import to_iso
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.scaling import Scaling
from app.sandbox.world import KEY_NAME, KEY_UUID, ORGANIZATION_ID

MEMORY = "service_update_autoscaling_memory"
REPLICAS = "service_update_autoscaling_replicas"
IDLING = "service_update_autoscaling_idling"
COMMANDS = {"start": "service_start", "stop": "service_stop", "awake": "service_awaken"}
ARRIVALS = {"idle": "service_idle", "running": "service_running"}


@dataclass(frozen=True)
class Caller:
    """Where a call of the Cloud API came from."""

    address: str
    user_agent: str


class Activities:
    """What happened, newest last. Not thread-safe by itself."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, dict[str, Any]]] = []

    def add(self, at: float, kind: str, service_id: str, caller: Caller | None = None) -> None:
        """Record an activity of the API key, or of Cloud itself when there is no caller."""
        activity = {
            "id": str(uuid.uuid4()),
            "createdAt": to_iso(at),
            "type": kind,
            "actorType": "system" if caller is None else "api",
            "organizationId": ORGANIZATION_ID,
            "serviceId": service_id,
        }
        self._seen.append((at, activity | _actor(caller)))

    def list_between(self, from_date: str | None, to_date: str | None) -> list[dict[str, Any]]:
        """Return the activities of a time span, newest first. Raises ApiError 400."""
        earliest = parse_moment("from_date", from_date, float("-inf"))
        latest = parse_moment("to_date", to_date, float("inf"))
        found = [(at, activity) for at, activity in self._seen if earliest <= at <= latest]
        return [activity for _, activity in sorted(found, key=lambda item: item[0], reverse=True)]

    def find(self, activity_id: str) -> dict[str, Any]:
        """Return one activity. Raises ApiError 404."""
        for _, activity in self._seen:
            if activity["id"] == activity_id:
                return activity
        raise ApiError(404, "Activity not found")


def scaling_kinds(before: Scaling, after: Scaling) -> list[str]:
    """Name the activities that a change of scaling amounts to."""
    memory = _memory(before) != _memory(after)
    replicas = _replicas(before) != _replicas(after)
    idling = _idling(before) != _idling(after)
    kinds = ((memory, MEMORY), (replicas, REPLICAS), (idling, IDLING))
    return [kind for is_changed, kind in kinds if is_changed]


def parse_moment(name: str, text: str | None, missing: float) -> float:
    """Read an ISO-8601 date-time query parameter. Raises ApiError 400."""
    if text is None:
        return missing
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(400, f"request query.{name}: must be an ISO-8601 date-time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)


def _actor(caller: Caller | None) -> dict[str, str]:
    if caller is None:
        return {}
    return {
        "actorId": KEY_UUID,
        "actorDetails": KEY_NAME,
        "actorIpAddress": caller.address,
        "userAgent": caller.user_agent,
    }


def _memory(scaling: Scaling) -> tuple[int, int]:
    return scaling.min_memory_gb, scaling.max_memory_gb


def _replicas(scaling: Scaling) -> tuple[str, int, int]:
    return scaling.mode, scaling.min_replicas, scaling.max_replicas


def _idling(scaling: Scaling) -> tuple[bool, int]:
    return scaling.idle_scaling, scaling.idle_timeout_minutes
