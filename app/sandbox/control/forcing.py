"""Forcing a service into any state and shape, for tests."""

from dataclasses import replace
from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import parse_boolean, parse_choice, parse_whole
from app.sandbox.cloud.http.errors import bad_field
from app.sandbox.cloud.service.scaling import Scaling
from app.sandbox.cloud.service.scaling_fields import HORIZONTAL, MODES
from app.sandbox.cloud.service.service import Service

SCALING_FIELDS = {
    "autoscalingMode": "mode",
    "minReplicaMemoryGb": "min_memory_gb",
    "maxReplicaMemoryGb": "max_memory_gb",
    "minReplicas": "min_replicas",
    "maxReplicas": "max_replicas",
    "idleScaling": "idle_scaling",
    "idleTimeoutMinutes": "idle_timeout_minutes",
}
SHOWN_ONLY = ("currentScaling", "scalingSchedule", "createdAt", "dataWarehouseId", "id")


def force_service(cloud: Cloud, service_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Put fields of a service in place without asking any rule; null removes one.

    A forced state stays until a command, a connection or idling moves it. Scaling values count
    as configured and applied at once. Raises ApiError 404, and 400 for a state that is no text.
    """
    with cloud.lock:
        now, service = cloud.advance(), cloud.find(service_id)
        state = body.get("state", service.state)
        if not isinstance(state, str):
            raise bad_field("state", "must be a string", state)
        if "state" in body:
            service.force_state(state, now)
        _force_scaling(service, body)
        _force_fields(service, body)
        return service.to_json(now)


def _force_scaling(service: Service, body: dict[str, object]) -> None:
    own = {SCALING_FIELDS[k]: _parse(k, v) for k, v in body.items() if k in SCALING_FIELDS}
    if "numReplicas" in body:
        count = _parse("numReplicas", body["numReplicas"])
        own |= {"min_replicas": count, "max_replicas": count}
    if not own:
        return
    forced: Scaling = replace(service.configured, **own)
    if forced.mode == HORIZONTAL and "minReplicaMemoryGb" not in body:
        forced = replace(forced, min_memory_gb=forced.max_memory_gb)
    service.force_scaling(forced)


def _parse(field: str, value: object) -> Any:  # noqa: ANN401 -- as mixed as the fields are
    if field == "autoscalingMode":
        return parse_choice(field, value, MODES)
    if field == "idleScaling":
        return parse_boolean(field, value)
    return parse_whole(field, value)


def _force_fields(service: Service, body: dict[str, object]) -> None:
    known = {"state", "numReplicas", *SCALING_FIELDS}
    for name, value in body.items():
        if name in SHOWN_ONLY:
            service.overrides[name] = value
        elif name not in known:
            service.fields[name] = value
