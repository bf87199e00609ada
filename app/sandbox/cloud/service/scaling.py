"""What `replicaScaling` accepts: the rules about memory, replicas, mode and idling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sandbox.cloud.http.bodies import check_known
from app.sandbox.cloud.http.errors import ApiError, bad_field
from app.sandbox.cloud.service.scaling_fields import (
    COUNT_FIELDS,
    HORIZONTAL,
    PAIR_FIELDS,
    PARSERS,
    VERTICAL,
)


@dataclass(frozen=True)
class Scaling:
    """One complete set of scaling values. In vertical mode both replica figures are equal."""

    mode: str
    min_memory_gb: int
    max_memory_gb: int
    min_replicas: int
    max_replicas: int
    idle_scaling: bool
    idle_timeout_minutes: int


@dataclass(frozen=True)
class Rules:
    """What one service admits beside the general rules. `fixed` names what may not be requested."""

    fewest_replicas: int = 1
    fixed_fields: tuple[str, ...] = ()
    fixed_because: str = ""


def change_scaling(current: Scaling, body: dict[str, object], rules: Rules) -> Scaling:
    """Return what `current` becomes under a PATCH body. Raises ApiError 400 naming the field."""
    requested = parse_changes(body, rules)
    for field in rules.fixed_fields:
        if field in requested:
            raise bad_field(field, rules.fixed_because, body[field])
    mode = requested.get("autoscalingMode", current.mode)
    check_replica_fields(requested, mode)
    _check_switch(requested, current.mode, mode)
    changed = _merge(current, requested, mode)
    check_memory(changed.mode, changed.min_memory_gb, changed.max_memory_gb)
    return changed


def parse_changes(body: dict[str, object], rules: Rules) -> dict[str, Any]:
    """Check each field by itself: known, of its type, within its bounds."""
    check_known(body, PARSERS)
    requested = {field: PARSERS[field](field, value) for field, value in body.items()}
    check_fewest(requested, rules.fewest_replicas)
    return requested


def check_fewest(requested: Mapping[str, Any], fewest: int, where: str = "") -> None:
    """Check every replica figure against the smallest one admitted. Raises ApiError 400."""
    for field in COUNT_FIELDS:
        if field in requested and requested[field] < fewest:
            text = f"Number of replicas must be greater than {fewest - 1}"
            raise bad_field(f"{where}{field}", text, requested[field])


def check_replica_fields(requested: Mapping[str, Any], mode: str, where: str = "") -> None:
    """Check how the three replica fields go together in `mode`. Raises ApiError 400."""
    pair = [field for field in PAIR_FIELDS if field in requested]
    if "numReplicas" in requested and (pair or mode == HORIZONTAL):
        text = "cannot be combined with minReplicas, maxReplicas or horizontal autoscaling"
        raise bad_field(f"{where}numReplicas", text, requested["numReplicas"])
    if len(pair) == 1:
        text = "minReplicas and maxReplicas must be provided together"
        raise bad_field(f"{where}{pair[0]}", text, requested[pair[0]])
    if pair:
        _check_pair(requested["minReplicas"], requested["maxReplicas"], mode, where)


def check_memory(mode: str, min_gb: int, max_gb: int, where: str = "") -> None:
    """Check a memory range: not upside down, and one value in horizontal mode."""
    field = f"{where}minReplicaMemoryGb"
    if min_gb > max_gb:
        raise bad_field(field, f"must not be greater than maxReplicaMemoryGb {max_gb}", min_gb)
    if mode == HORIZONTAL and min_gb != max_gb:
        text = f"must equal maxReplicaMemoryGb {max_gb} in horizontal autoscaling"
        raise bad_field(field, text, min_gb)


def _check_pair(fewest: int, most: int, mode: str, where: str) -> None:
    field = f"{where}minReplicas"
    if fewest > most:
        raise bad_field(field, f"must not be greater than maxReplicas {most}", fewest)
    if mode == VERTICAL and fewest != most:
        text = f"must equal maxReplicas {most} in vertical autoscaling"
        raise bad_field(field, text, fewest)


def _check_switch(requested: Mapping[str, Any], before: str, after: str) -> None:
    if before == after:
        return
    needed = "minReplicas and maxReplicas" if after == HORIZONTAL else "numReplicas"
    if needed.split(maxsplit=1)[0] not in requested:
        raise ApiError(
            400, f"request body.autoscalingMode: {after} needs {needed} <string:{after}>"
        )


def _merge(current: Scaling, requested: Mapping[str, Any], mode: str) -> Scaling:
    fixed = requested.get("numReplicas")
    return Scaling(
        mode=mode,
        min_memory_gb=requested.get("minReplicaMemoryGb", current.min_memory_gb),
        max_memory_gb=requested.get("maxReplicaMemoryGb", current.max_memory_gb),
        min_replicas=fixed or requested.get("minReplicas", current.min_replicas),
        max_replicas=fixed or requested.get("maxReplicas", current.max_replicas),
        idle_scaling=requested.get("idleScaling", current.idle_scaling),
        idle_timeout_minutes=requested.get("idleTimeoutMinutes", current.idle_timeout_minutes),
    )
