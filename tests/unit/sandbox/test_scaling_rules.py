"""What a PATCH of replicaScaling may hold."""

from dataclasses import replace

import pytest

from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.scaling import Rules, Scaling, change_scaling
from app.sandbox.cloud.service.scaling_fields import HORIZONTAL, VERTICAL

UP = Scaling(VERTICAL, 16, 32, 3, 3, True, 15)
WIDE = Scaling(HORIZONTAL, 32, 32, 2, 6, True, 15)
PRIMARY = Rules(fewest_replicas=2)


@pytest.mark.parametrize(
    ("current", "body", "expected"),
    [
        (UP, {}, UP),
        (UP, {"numReplicas": 5}, replace(UP, min_replicas=5, max_replicas=5)),
        (UP, {"numReplicas": 5.0}, replace(UP, min_replicas=5, max_replicas=5)),
        (UP, {"minReplicas": 4, "maxReplicas": 4}, replace(UP, min_replicas=4, max_replicas=4)),
        (UP, {"minReplicaMemoryGb": 8.0}, replace(UP, min_memory_gb=8)),
        (UP, {"maxReplicaMemoryGb": 356}, replace(UP, max_memory_gb=356)),
        (UP, {"idleScaling": False}, replace(UP, idle_scaling=False)),
        (UP, {"idleTimeoutMinutes": 5}, replace(UP, idle_timeout_minutes=5)),
        (WIDE, {"minReplicas": 2, "maxReplicas": 50}, replace(WIDE, max_replicas=50)),
        (UP, {"numReplicas": 50}, replace(UP, min_replicas=50, max_replicas=50)),
        (
            UP,
            {
                "autoscalingMode": "horizontal",
                "minReplicas": 2,
                "maxReplicas": 4,
                "minReplicaMemoryGb": 32,
            },
            Scaling(HORIZONTAL, 32, 32, 2, 4, True, 15),
        ),
        (
            WIDE,
            {"autoscalingMode": "vertical", "numReplicas": 3},
            Scaling(VERTICAL, 32, 32, 3, 3, True, 15),
        ),
    ],
)
def test_a_valid_change_keeps_what_it_does_not_name(
    current: Scaling, body: dict[str, object], expected: Scaling
) -> None:
    assert change_scaling(current, body, PRIMARY) == expected


@pytest.mark.parametrize(
    ("current", "body", "expected"),
    [
        (
            UP,
            {"numReplicas": 0},
            "numReplicas: Number of replicas must be greater than 1 <number:0>",
        ),
        (UP, {"numReplicas": 1}, "must be greater than 1 <number:1>"),
        (UP, {"numReplicas": 51}, "less than or equal to 50 <number:51>"),
        (UP, {"numReplicas": "4"}, "numReplicas: must be a number <string:4>"),
        (UP, {"numReplicas": True}, "numReplicas: must be a number <boolean:true>"),
        (UP, {"numReplicas": None}, "numReplicas: must be a number <null:null>"),
        (UP, {"numReplicas": [4]}, "numReplicas: must be a number <array:...>"),
        (UP, {"numReplicas": 4.5}, "numReplicas: must be a whole number <number:4.5>"),
        (UP, {"numReplicas": float("inf")}, "must be a whole number"),
        (UP, {"numReplicas": 10**400}, "must be a whole number"),
        (UP, {"minReplicaMemoryGb": 16.5}, "minReplicaMemoryGb: must be a whole number"),
        (UP, {"minReplicaMemoryGb": 18}, "must be a multiple of 4 from 8 to 356 <number:18>"),
        (UP, {"minReplicaMemoryGb": 4}, "must be a multiple of 4 from 8"),
        (UP, {"maxReplicaMemoryGb": 360}, "must be a multiple of 4 from 8 to 356"),
        (UP, {"minReplicaMemoryGb": 36}, "must not be greater than maxReplicaMemoryGb 32"),
        (UP, {"maxReplicaMemoryGb": 12}, "must not be greater than maxReplicaMemoryGb 12"),
        (WIDE, {"maxReplicaMemoryGb": 64}, "must equal maxReplicaMemoryGb 64"),
        (UP, {"idleTimeoutMinutes": 4}, "must be greater than or equal to 5 <number:4>"),
        (UP, {"idleScaling": 1}, "idleScaling: must be a boolean <number:1>"),
        (UP, {"autoscalingMode": "diagonal"}, "must be one of vertical, horizontal"),
        (UP, {"replicas": 3}, "replicas: Unknown field <number:3>"),
        (UP, {"minReplicas": 3}, "must be provided together"),
        (UP, {"maxReplicas": 3}, "must be provided together"),
        (UP, {"minReplicas": 3, "maxReplicas": 4}, "must equal maxReplicas 4 in vertical"),
        (WIDE, {"minReplicas": 5, "maxReplicas": 4}, "must not be greater than maxReplicas 4"),
        (WIDE, {"minReplicas": 1, "maxReplicas": 4}, "must be greater than 1 <number:1>"),
        (UP, {"numReplicas": 3, "minReplicas": 3, "maxReplicas": 3}, "cannot be combined"),
        (WIDE, {"numReplicas": 3}, "cannot be combined"),
        (UP, {"autoscalingMode": "horizontal"}, "needs minReplicas and maxReplicas"),
        (UP, {"autoscalingMode": "horizontal", "numReplicas": 3}, "cannot be combined"),
        (
            UP,
            {"autoscalingMode": "horizontal", "minReplicas": 2, "maxReplicas": 4},
            "must equal maxReplicaMemoryGb 32",
        ),
        (WIDE, {"autoscalingMode": "vertical"}, "needs numReplicas"),
        (
            WIDE,
            {"autoscalingMode": "vertical", "minReplicas": 3, "maxReplicas": 3},
            "needs numReplicas",
        ),
    ],
)
def test_a_broken_rule_is_refused_naming_the_field(
    current: Scaling, body: dict[str, object], expected: str
) -> None:
    with pytest.raises(ApiError) as refusal:
        change_scaling(current, body, PRIMARY)
    assert refusal.value.status == 400
    assert expected in refusal.value.text
    assert refusal.value.text.startswith("request body.")


def test_fixed_memory_refuses_memory_and_nothing_else() -> None:
    rules = Rules(1, ("minReplicaMemoryGb", "maxReplicaMemoryGb"), "not self-service")
    assert change_scaling(UP, {"numReplicas": 1}, rules).max_replicas == 1
    with pytest.raises(ApiError, match="maxReplicaMemoryGb: not self-service <number:64>"):
        change_scaling(UP, {"maxReplicaMemoryGb": 64}, rules)
