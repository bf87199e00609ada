"""What must travel to Cloud, whether it has taken, and the fingerprint of a configuration."""

import pytest

from app.domain.groups.scaling import (
    PATCHED_FIELDS,
    ScalingConfig,
    ScalingMode,
    has_taken,
    patch_between,
)
from tests.unit.builders import HORIZONTAL, VERTICAL, changed


@pytest.mark.parametrize(
    ("was", "fields", "body"),
    [
        (VERTICAL, {}, {}),
        (VERTICAL, {"min_memory_gb": 8}, {"minReplicaMemoryGb": 8}),
        (VERTICAL, {"max_memory_gb": 64}, {"maxReplicaMemoryGb": 64}),
        (
            VERTICAL,
            {"min_memory_gb": 8, "max_memory_gb": 64},
            {"minReplicaMemoryGb": 8, "maxReplicaMemoryGb": 64},
        ),
        (VERTICAL, {"min_replicas": 5, "max_replicas": 5}, {"numReplicas": 5}),
        (VERTICAL, {"idle_scaling": False}, {"idleScaling": False}),
        (VERTICAL, {"idle_timeout_minutes": 30}, {"idleTimeoutMinutes": 30}),
        (VERTICAL, {"idle_timeout_minutes": None}, {}),
        (
            HORIZONTAL,
            {"min_memory_gb": 64, "max_memory_gb": 64},
            {"minReplicaMemoryGb": 64, "maxReplicaMemoryGb": 64},
        ),
        (HORIZONTAL, {"max_replicas": 8}, {"minReplicas": 2, "maxReplicas": 8}),
        (HORIZONTAL, {"min_replicas": 3}, {"minReplicas": 3, "maxReplicas": 6}),
        (
            HORIZONTAL,
            {"max_replicas": 8, "idle_scaling": False, "idle_timeout_minutes": 60},
            {"minReplicas": 2, "maxReplicas": 8, "idleScaling": False, "idleTimeoutMinutes": 60},
        ),
    ],
)
def test_the_body_holds_what_changes_and_what_must_go_with_it(
    was: ScalingConfig, fields: dict[str, int | bool], body: dict[str, int | bool]
) -> None:
    patch = patch_between(was, changed(was, **fields))
    assert patch == body
    assert {name: type(value) for name, value in patch.items()} == {
        name: type(value) for name, value in body.items()
    }


def test_uneven_memory_in_horizontal_mode_is_mended_by_both_values_together() -> None:
    uneven = changed(HORIZONTAL, min_memory_gb=16)
    assert patch_between(uneven, HORIZONTAL) == {
        "minReplicaMemoryGb": 32,
        "maxReplicaMemoryGb": 32,
    }


def test_every_value_of_a_patch_must_stand_in_the_configuration_to_have_taken() -> None:
    target = changed(VERTICAL, max_memory_gb=64, min_replicas=5, max_replicas=5)
    patch = patch_between(VERTICAL, target)
    assert has_taken(target, patch)
    assert not has_taken(VERTICAL, patch)
    assert not has_taken(changed(target, max_replicas=4), patch)
    assert has_taken(changed(target, idle_scaling=False), patch)  # not asked for, so not looked at


def test_an_empty_patch_has_always_taken() -> None:
    assert has_taken(VERTICAL, {})


def test_every_field_that_can_be_patched_is_a_field_of_the_configuration() -> None:
    assert set(PATCHED_FIELDS.values()) <= set(ScalingConfig.model_fields)


@pytest.mark.parametrize(
    "config",
    [VERTICAL, HORIZONTAL, changed(VERTICAL, idle_scaling=False, idle_timeout_minutes=None)],
)
def test_a_fingerprint_leads_back_to_its_configuration(config: ScalingConfig) -> None:
    assert ScalingConfig.from_fingerprint(config.fingerprint) == config


def test_configurations_that_differ_in_any_field_have_other_fingerprints() -> None:
    others = [
        changed(VERTICAL, mode=ScalingMode.HORIZONTAL),
        changed(VERTICAL, min_memory_gb=8),
        changed(VERTICAL, max_memory_gb=64),
        changed(VERTICAL, min_replicas=2),
        changed(VERTICAL, max_replicas=4),
        changed(VERTICAL, idle_scaling=False),
        changed(VERTICAL, idle_timeout_minutes=None),
    ]
    assert len({config.fingerprint for config in (VERTICAL, *others)}) == len(others) + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "vertical",
        "vertical:16:32:3:3:1",
        "vertical:16:32:3:3:1:15:0",
        "diagonal:16:32:3:3:1:15",
        "vertical:x:32:3:3:1:15",
        "vertical:16:32:3:3:7:15",
        "vertical:16:32:3:3:1:none",
        "::::::",
        "vertical:" + "9" * 5000 + ":32:3:3:1:15",
        "vertical:" + "9" * 40 + ":32:3:3:1:15",
        "vertical:16:32:3:3:1:" + "9" * 10,
        "vertical:16:32:-3:3:1:15",
        "vertical:16:32: 3:3:1:15",
        "vertical:16:32:3.0:3:1:15",
        "vertical:16:32:1_0:3:1:15",
        "vertical:16:32:٣:3:1:15",
    ],
)
def test_text_that_is_no_fingerprint_leads_nowhere(text: str) -> None:
    assert ScalingConfig.from_fingerprint(text) is None


def test_totals_are_memory_per_replica_times_replicas() -> None:
    assert (VERTICAL.min_total_gb, VERTICAL.max_total_gb) == (48, 96)
    assert (HORIZONTAL.min_total_gb, HORIZONTAL.max_total_gb) == (64, 192)
