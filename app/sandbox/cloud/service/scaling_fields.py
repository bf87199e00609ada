"""The fields of a change of scaling, each by itself: its name, type and bounds."""

from collections.abc import Callable, Mapping
from typing import Any

from app.sandbox.cloud.http.bodies import parse_boolean, parse_choice, parse_whole
from app.sandbox.cloud.http.errors import bad_field

VERTICAL, HORIZONTAL = "vertical", "horizontal"
MODES = (VERTICAL, HORIZONTAL)
MEMORY_STEP_GB, MEMORY_MIN_GB, MEMORY_MAX_GB = 4, 8, 356
REPLICAS_MAX = 50
IDLE_TIMEOUT_MIN_MINUTES = 5
MEMORY_FIELDS = ("minReplicaMemoryGb", "maxReplicaMemoryGb")
PAIR_FIELDS = ("minReplicas", "maxReplicas")
COUNT_FIELDS = ("numReplicas", *PAIR_FIELDS)


def parse_memory(field: str, value: object) -> int:
    """Accept 8 to 356 in steps of 4 (GiB). Raises ApiError 400."""
    memory_gb = parse_whole(field, value)
    if not MEMORY_MIN_GB <= memory_gb <= MEMORY_MAX_GB or memory_gb % MEMORY_STEP_GB:
        text = f"must be a multiple of 4 from {MEMORY_MIN_GB} to {MEMORY_MAX_GB}"
        raise bad_field(field, text, value)
    return memory_gb


def parse_replicas(field: str, value: object) -> int:
    """Accept up to 50; the lower bound depends on the service. Raises ApiError 400."""
    count = parse_whole(field, value)
    if count > REPLICAS_MAX:
        text = f"Number of replicas must be less than or equal to {REPLICAS_MAX}"
        raise bad_field(field, text, value)
    return count


def parse_timeout(field: str, value: object) -> int:
    """Accept 5 minutes or more. Raises ApiError 400."""
    minutes = parse_whole(field, value)
    if minutes < IDLE_TIMEOUT_MIN_MINUTES:
        raise bad_field(field, "must be greater than or equal to 5", value)
    return minutes


PARSERS: Mapping[str, Callable[[str, object], Any]] = {
    "minReplicaMemoryGb": parse_memory,
    "maxReplicaMemoryGb": parse_memory,
    "autoscalingMode": lambda field, value: parse_choice(field, value, MODES),
    "numReplicas": parse_replicas,
    "minReplicas": parse_replicas,
    "maxReplicas": parse_replicas,
    "idleScaling": parse_boolean,
    "idleTimeoutMinutes": parse_timeout,
}
