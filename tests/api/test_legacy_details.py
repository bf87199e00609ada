"""The details of a service: everything that Cloud says, but for what must not be shown."""

import json

import pytest

from app.api.legacy.serializers import COUNTS, MEMORY_FIGURES, show_details
from app.cloud.parsing.services import parse_service
from app.domain.groups.shown_fields import is_denied, shown_fields
from tests.api.conftest import Call
from tests.api.paths import CAMPAIGNS, REPORTING
from tests.support.sandbox import RunningSandbox
from tests.unit.cloud.helpers import service_json

DENIED = {
    "encryptionKey": "canary-1",
    "encryptionAssumedRoleIdentifier": "canary-2",
    "transparentDataEncryptionKeyId": "canary-3",
    "encryptionRoleId": "canary-4",
    "iamRoleArn": "canary-5",
    "adminPassword": {"value": "canary-6"},
    "settingsOf2027": [{"client_secret": "canary-7", "API-Key": "canary-8", "plain": 1}],
}
ODD: list[object] = [
    None,
    True,
    -1,
    1.5,
    10**29,
    float("nan"),
    float("inf"),
    "\ud800",
    [None],
    {"a": {"b": []}},
]


def deep_list(levels: int) -> object:
    """Lists in lists."""
    value: object = "deepest"
    for _ in range(levels):
        value = [value]
    return value


def test_everything_else_that_cloud_says_is_passed_on(call: Call, sandbox: RunningSandbox) -> None:
    sandbox.force(
        REPORTING,
        newIn2027={"a": [1, None]},
        tags=[{"key": "team", "value": "data"}],
        complianceType="hipaa",
        **DENIED,
    )
    answer = call("alice").get(f"/service/details?service_id={sandbox.service_id(REPORTING)}")
    shown = answer.body["result"]
    assert shown["newIn2027"] == {"a": [1, None]}
    assert shown["tags"] == [{"key": "team", "value": "data"}]
    assert shown["complianceType"] == "hipaa"
    assert (shown["tier"], shown["profile"]) == ("production", "v1-default")
    assert shown["hasTransparentDataEncryption"] is False
    assert shown["settingsOf2027"] == [{"plain": 1}]
    assert {"autoscalingMode", "currentScaling", "clickhouseVersion"} <= shown.keys()
    assert "canary" not in answer.response.text


def test_no_other_path_tells_more_than_before(call: Call, sandbox: RunningSandbox) -> None:
    sandbox.force(REPORTING, newIn2027="canary", **DENIED)
    service_id = sandbox.service_id(REPORTING)
    for path in (
        f"/api/v1/groups/{service_id}",
        f"/service/config?service_id={service_id}",
        f"/service/state?service_id={service_id}",
    ):
        assert "canary" not in call("alice").get(path).response.text


def test_a_range_of_replicas_is_told_in_full(call: Call, sandbox: RunningSandbox) -> None:
    service_id = sandbox.service_id(CAMPAIGNS)
    shown = call("dana").get(f"/service/details?service_id={service_id}").body["result"]
    assert shown["autoscalingMode"] == "horizontal"
    assert "scalingSchedule" in shown


@pytest.mark.parametrize("value", [*ODD, deep_list(300)], ids=lambda item: repr(item)[:20])
@pytest.mark.parametrize("field", [*service_json(), "iamRole", "newIn2027", "\ud800", "replicas"])
def test_odd_values_are_no_fault(field: str, value: object) -> None:
    if field == "id":
        return
    text = show_details(parse_service(service_json(**{field: value}))).model_dump_json()
    json.loads(text)


def test_totals_are_those_that_cloud_states_and_otherwise_worked_out() -> None:
    stated = show_details(parse_service(service_json(minTotalMemoryGb=7.5, maxTotalMemoryGb=None)))
    config = parse_service(service_json()).configured
    assert config is not None
    assert (stated.minTotalMemoryGb, stated.maxTotalMemoryGb) == (7.5, config.max_total_gb)


@pytest.mark.parametrize("figure", [1e308, 10**29, 10**6, -1, 1_000_000.5, -0.5])
@pytest.mark.parametrize("field", [*MEMORY_FIGURES, *COUNTS])
def test_what_no_figure_can_be_is_left_out(field: str, figure: float) -> None:
    fields = service_json(replicaMemoryGb=None) | {field: figure}
    shown = show_details(parse_service(fields)).model_dump(exclude_none=True)
    assert shown.get(field) != figure
    assert all(0 <= shown[name] <= 999_999 for name in (*MEMORY_FIGURES, *COUNTS) if name in shown)


def test_without_figures_the_rest_is_told() -> None:
    service = parse_service(service_json(minReplicaMemoryGb="much", tier="production"))
    assert service.configured is None
    shown = show_details(service).model_dump(exclude_none=True)
    assert "minReplicaMemoryGb" not in shown
    assert shown["tier"] == "production"


def test_what_the_portal_reads_wins_over_a_field_of_another_kind() -> None:
    shown = show_details(parse_service(service_json(name=["x"], isPrimary="yes", createdAt=5)))
    assert (shown.name, shown.isPrimary, shown.createdAt) == ("", False, None)


@pytest.mark.parametrize("name", [*list(DENIED)[:-1], "ENCRYPTION_KEY", "kmsArn", "Pass-Word"])
def test_denied_names_are_known_in_any_spelling(name: str) -> None:
    assert is_denied(name)


def test_an_allowed_name_lets_no_object_through() -> None:
    said = {"iamRole": {"a": "x"}, "hasTransparentDataEncryption": ["x"], "more": {"iamRole": "x"}}
    assert shown_fields(said) == {"more": {}}
