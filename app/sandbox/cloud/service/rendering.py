"""How scaling values and schedules are written in the API's answers."""

from typing import Any

from app.sandbox.cloud.service.scaling import Scaling
from app.sandbox.cloud.service.scaling_fields import HORIZONTAL
from app.sandbox.cloud.service.schedule import Entry, find_active


def scaling_fields(scaling: Scaling) -> dict[str, Any]:
    """Write the configured values; replica fields depend on the mode, as documented."""
    shown: dict[str, Any] = {
        "autoscalingMode": scaling.mode,
        "minReplicaMemoryGb": scaling.min_memory_gb,
        "maxReplicaMemoryGb": scaling.max_memory_gb,
        "idleScaling": scaling.idle_scaling,
        "idleTimeoutMinutes": scaling.idle_timeout_minutes,
    }
    if scaling.mode == HORIZONTAL:
        shown["replicaMemoryGb"] = scaling.max_memory_gb
        shown |= {"minReplicas": scaling.min_replicas, "maxReplicas": scaling.max_replicas}
        return shown
    # Deprecated in the specification and always reckoned with three replicas.
    shown["minTotalMemoryGb"] = scaling.min_memory_gb * 3
    shown["maxTotalMemoryGb"] = scaling.max_memory_gb * 3
    return shown | {"numReplicas": scaling.max_replicas}


def current_scaling(effective: Scaling, active: Entry | None) -> dict[str, Any]:
    """Write what applies right now, and the schedule entry it comes from, if any."""
    shown: dict[str, Any] = {
        "effectiveAutoscalingMode": effective.mode,
        "effectiveMinReplicaMemoryGb": effective.min_memory_gb,
        "effectiveMaxReplicaMemoryGb": effective.max_memory_gb,
        "effectiveMinReplicas": effective.min_replicas,
        "effectiveMaxReplicas": effective.max_replicas,
        "effectiveIdleScaling": effective.idle_scaling,
        "effectiveIdleTimeoutMinutes": effective.idle_timeout_minutes,
    }
    return shown | ({"activeEntryId": active.id} if active else {})


def schedule_json(entries: tuple[Entry, ...], base: Scaling, now: float) -> dict[str, Any]:
    """Write a schedule; a cleared one has neither entries nor a base configuration."""
    if not entries:
        return {"entries": [], "baseConfig": {}}
    active = find_active(entries, now)
    shown: dict[str, Any] = {
        "entries": [entry.to_json(entry == active) for entry in entries],
        "baseConfig": base_config(base),
    }
    return shown | ({"activeEntryId": active.id} if active else {})


def base_config(base: Scaling) -> dict[str, Any]:
    """Write the values that apply when no entry is active."""
    return {
        "autoscalingMode": base.mode,
        "minReplicaMemoryGb": base.min_memory_gb,
        "maxReplicaMemoryGb": base.max_memory_gb,
        "minReplicas": base.min_replicas,
        "maxReplicas": base.max_replicas,
        "idleScaling": base.idle_scaling,
        "idleTimeoutMinutes": base.idle_timeout_minutes,
    }
