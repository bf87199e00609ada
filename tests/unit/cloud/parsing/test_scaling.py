"""Cloud's figures of a service: null is absent, and what makes no sense is not known."""

from typing import Any

import pytest

from app.cloud.parsing.services import parse_service
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import HORIZONTAL, VERTICAL, changed, replicas
from tests.unit.cloud.helpers import service_json

CURRENT = service_json()["currentScaling"]
FIGURES = ["minReplicaMemoryGb", "maxReplicaMemoryGb", "replicaMemoryGb", "numReplicas"]
NOTHING = dict.fromkeys([*FIGURES, "minReplicas", "maxReplicas", "autoscalingMode"])
BAND = NOTHING | {"autoscalingMode": "horizontal", "minReplicas": 2, "maxReplicas": 6}
DOCUMENTED = [*service_json(), "autoscalingMode", "minReplicas", "maxReplicas", "replicaMemoryGb"]
DOCUMENTED += ["byocId", "scalingSchedule", "dataWarehouseId", "releaseChannel", "iamRole"]


def configured(**fields: Any) -> ScalingConfig | None:  # noqa: ANN401 - any field
    """What is read as configured from a service with these fields."""
    return parse_service(service_json(**fields)).configured


@pytest.mark.parametrize(
    ("fields", "config"),
    [
        ({"minReplicas": None, "maxReplicas": None}, VERTICAL),
        ({"autoscalingMode": None}, VERTICAL),
        ({"numReplicas": 3, "minReplicas": 2, "maxReplicas": 4}, VERTICAL),
        ({"numReplicas": None, "minReplicas": 3, "maxReplicas": 3}, VERTICAL),
        ({"numReplicas": None, "minReplicas": 2, "maxReplicas": 4}, None),
        (BAND | {"replicaMemoryGb": 32}, HORIZONTAL),
        (BAND | {"minReplicaMemoryGb": 32, "maxReplicaMemoryGb": 32.0}, HORIZONTAL),
        (
            BAND | {"minReplicaMemoryGb": 16, "maxReplicaMemoryGb": 32, "replicaMemoryGb": 32},
            changed(HORIZONTAL, min_memory_gb=16),
        ),
        (BAND, None),
        (BAND | {"replicaMemoryGb": 32, "maxReplicas": None}, None),
        ({"numReplicas": 50}, replicas(50)),
        (
            {"minReplicaMemoryGb": 30, "maxReplicaMemoryGb": 30, "profile": "v1-standard-byoc-4"},
            changed(VERTICAL, min_memory_gb=30, max_memory_gb=30),
        ),
    ],
)
def test_null_is_absent_in_both_modes(fields: Any, config: ScalingConfig | None) -> None:  # noqa: ANN401
    assert configured(**fields) == config


@pytest.mark.parametrize("size", [16.5, "16", -8, 0, 0.0, True, 10**7, 1e300, float("nan"), [16]])
@pytest.mark.parametrize("field", ["minReplicaMemoryGb", "maxReplicaMemoryGb", "numReplicas"])
def test_what_is_no_possible_figure_is_not_known(field: str, size: object) -> None:
    assert configured(**{field: size}) is None


@pytest.mark.parametrize("fields", [{"minReplicaMemoryGb": 64}, BAND | {"minReplicas": 7}])
def test_a_range_upside_down_is_not_known(fields: dict[str, object]) -> None:
    assert configured(**{"replicaMemoryGb": 32, **fields}) is None


GARBLED_MINUTES = [0, -5, 7.5, "15", True, 10**7, [], {}]


@pytest.mark.parametrize("minutes", GARBLED_MINUTES)
def test_an_idle_timeout_that_makes_no_sense_is_not_known(minutes: object) -> None:
    assert configured(idleTimeoutMinutes=minutes) is None
    garbled = CURRENT | {"effectiveIdleTimeoutMinutes": minutes}
    assert parse_service(service_json(currentScaling=garbled)).effective is None


@pytest.mark.parametrize("minutes", [None, *GARBLED_MINUTES])
def test_an_idle_timeout_says_nothing_where_the_group_never_idles(minutes: object) -> None:
    never = changed(VERTICAL, idle_scaling=False, idle_timeout_minutes=None)
    assert configured(idleScaling=False, idleTimeoutMinutes=minutes) == never


def test_a_timeout_that_cloud_does_not_give_is_none() -> None:
    assert configured(idleTimeoutMinutes=None) == changed(VERTICAL, idle_timeout_minutes=None)


@pytest.mark.parametrize("idling", ["false", "true", "", 0, 1, 0.0, [], {}])
def test_idling_that_makes_no_sense_is_neither_on_nor_off(idling: object) -> None:
    assert configured(idleScaling=idling) is None
    garbled = CURRENT | {"effectiveIdleScaling": idling}
    assert parse_service(service_json(currentScaling=garbled)).effective is None


@pytest.mark.parametrize("mode", [{}, BAND | {"replicaMemoryGb": 32}])
@pytest.mark.parametrize("field", DOCUMENTED)
def test_any_field_may_be_null_and_reads_as_if_it_were_absent(
    field: str, mode: dict[str, object]
) -> None:
    fields = service_json(**mode)
    absent = {name: value for name, value in fields.items() if name != field}
    if field == "id":
        return
    assert parse_service(fields | {field: None}) == parse_service(absent)


@pytest.mark.parametrize("field", CURRENT)
def test_any_field_of_what_is_in_effect_may_be_null(field: str) -> None:
    absent = {name: value for name, value in CURRENT.items() if name != field}
    read = [
        parse_service(service_json(currentScaling=current))
        for current in (absent, CURRENT | {field: None})
    ]
    assert read[0] == read[1]
    assert not read[0].differs


def test_a_stored_band_of_a_vertical_service_is_not_what_runs() -> None:
    band = {"effectiveMinReplicas": 2, "effectiveMaxReplicas": 4}
    service = parse_service(service_json(currentScaling=CURRENT | band))
    assert service.effective == VERTICAL
    other = {"effectiveMinReplicas": 4, "effectiveMaxReplicas": 6}
    assert parse_service(service_json(currentScaling=CURRENT | other)).differs


def test_a_timeout_that_is_gone_with_idling_is_no_difference() -> None:
    never_idles = CURRENT | {"effectiveIdleScaling": False, "effectiveIdleTimeoutMinutes": None}
    service = parse_service(service_json(idleScaling=False, currentScaling=never_idles))
    assert not service.differs
    assert parse_service(service_json(currentScaling=never_idles)).differs
