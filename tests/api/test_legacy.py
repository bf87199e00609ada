"""The five paths of the original service: its fields, its messages, its ways to prove oneself."""

from typing import Any

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import AS_IT_IS, CAMPAIGNS, LARGER, LARGER_PATCH, NOWHERE_ID, REPORTING
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

UPDATED = {"message": "Service configuration updated successfully."}
UNCHANGED = {"message": "Current service configuration is already set to the requested values."}
GIVEN = ("service_id", "username", "password")
GETS = ("state", "config", "ip-access-list", "details")


@pytest.fixture
def nobody(portal: PortalProcess) -> ApiClient:
    """A program that sends no HTTP Basic."""
    return ApiClient(portal.url)


def body_of(
    sandbox: RunningSandbox,
    name: str = "alice",
    **asked: Any,  # noqa: ANN401 - any field
) -> dict[str, Any]:
    person = sandbox.person(name)
    ids = {"service_id": sandbox.service_id(REPORTING)}
    return {**ids, "username": name, "password": person.password, **LARGER, **asked}


def query_of(sandbox: RunningSandbox, name: str = "alice", group: str = REPORTING) -> str:
    person = sandbox.person(name)
    return f"?service_id={sandbox.service_id(group)}&username={name}&password={person.password}"


def test_credentials_in_the_body_work_and_are_answered_as_deprecated(
    nobody: ApiClient, sandbox: RunningSandbox
) -> None:
    answer = nobody.post("/scaling", body_of(sandbox), 200)
    assert answer.body == UPDATED
    assert answer.headers["Deprecation"] == "@1793491200"
    assert answer.headers["Link"] == (
        '</clickhouse/manual/scaling/docs>; rel="deprecation"; type="text/html"'
    )
    assert sandbox.patches() == [LARGER_PATCH]
    assert nobody.post("/scaling", body_of(sandbox), 200).body == UNCHANGED
    assert sandbox.patches() == [LARGER_PATCH]


@pytest.mark.parametrize("path", GETS)
def test_credentials_in_the_query_work_and_are_answered_as_deprecated(
    nobody: ApiClient, sandbox: RunningSandbox, path: str
) -> None:
    answer = nobody.get(f"/service/{path}{query_of(sandbox)}")
    assert "Deprecation" in answer.headers
    wrong = nobody.get(f"/service/{path}{query_of(sandbox)}x", 401)
    assert "Deprecation" in wrong.headers


@pytest.mark.parametrize("path", GETS)
def test_http_basic_works_everywhere_and_is_not_deprecated(
    call: Call, sandbox: RunningSandbox, path: str
) -> None:
    answer = call("bob").get(f"/service/{path}?service_id={sandbox.service_id(REPORTING)}")
    assert "Deprecation" not in answer.headers
    body = {"service_id": sandbox.service_id(REPORTING), **LARGER}
    assert "Deprecation" not in call("alice").post("/scaling", body, 200).headers


def test_credentials_in_the_query_can_be_switched_off(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_ALLOW_QUERY_CREDENTIALS="off")
    nobody = ApiClient(portal.url)
    answer = nobody.get(f"/service/state{query_of(sandbox)}", 400)
    assert answer.code == "query_credentials_off"
    assert sandbox.requests("clickhouse") == []
    alice = ApiClient(portal.url, sandbox.person("alice"))
    alice.get(f"/service/state?service_id={sandbox.service_id(REPORTING)}")
    nobody.post("/scaling", body_of(sandbox), 200)


def test_what_is_optional_may_be_left_out(nobody: ApiClient, sandbox: RunningSandbox) -> None:
    sandbox.force(REPORTING, idleScaling=False)
    assert nobody.post("/scaling", body_of(sandbox), 200).body == UPDATED
    assert sandbox.patches() == [{**LARGER_PATCH, "idleScaling": True}]


def test_the_same_rules_hold_as_everywhere(nobody: ApiClient, sandbox: RunningSandbox) -> None:
    asked: dict[str, Any] = {"min_memory_gb": 9, "max_memory_gb": "x", "num_replicas": 0, "more": 1}
    answer = nobody.post("/scaling", body_of(sandbox, **asked), 422)
    assert answer.codes == {
        ("min_memory_gb", "memory_not_multiple"),
        ("max_memory_gb", "not_a_whole_number"),
        ("num_replicas", "replicas_out_of_range"),
    }
    assert "Memory must be a multiple of 4 GB" in answer.body["detail"]
    twice = nobody.post("/scaling", body_of(sandbox, max_memory_gb=20, num_replicas=0), 422)
    assert len(twice.codes) == 2
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"service_id": "nonsense"}, 401, "wrong_credentials"),
        ({"service_id": "größe"}, 401, "wrong_credentials"),
        ({"service_id": NOWHERE_ID}, 401, "wrong_credentials"),
        ({"username": "somebody"}, 401, "wrong_credentials"),
        ({"password": ""}, 401, "wrong_credentials"),
        ({"username": "a\nb"}, 401, "wrong_credentials"),
        ({"username": None}, 422, "broken_rules"),
        ({"password": 5}, 422, "broken_rules"),
        ({"service_id": None}, 422, "broken_rules"),
        ({"service_id": 7}, 422, "broken_rules"),
    ],
)
def test_what_cannot_be_is_refused_and_never_a_fault(
    nobody: ApiClient, sandbox: RunningSandbox, asked: dict[str, Any], status: int, code: str
) -> None:
    assert nobody.post("/scaling", body_of(sandbox, **asked), status).code == code
    assert sandbox.writes() == []


def test_what_is_no_id_is_an_unknown_service(call: Call) -> None:
    assert call("alice").get("/service/state", 422).codes == {("service_id", "required")}
    # Each counts as an attempt under the name, and a few of these are free.
    for name, text in zip(("bob", "charlie", "dana"), ("x", "%C3%A9", "%00"), strict=True):
        answer = call(name).get(f"/service/state?service_id={text}", 401)
        assert answer.code == "wrong_credentials"


def test_who_may_read_may_not_scale(nobody: ApiClient, sandbox: RunningSandbox) -> None:
    assert nobody.post("/scaling", body_of(sandbox, "bob"), 403).code == "not_allowed"
    nobody.get(f"/service/state{query_of(sandbox, 'charlie')}", 404)
    nobody.get(f"/service/state{query_of(sandbox, 'dana')}", 401)


def test_a_group_with_a_range_of_replicas_shows_the_range(
    nobody: ApiClient, sandbox: RunningSandbox
) -> None:
    query = query_of(sandbox, "dana", CAMPAIGNS)
    shown = nobody.get(f"/service/config{query}").body
    assert (shown["minReplicas"], shown["maxReplicas"]) == (2, 6)
    assert "numReplicas" not in shown
    details = nobody.get(f"/service/details{query}").body["result"]
    assert (details["minTotalMemoryGb"], details["maxTotalMemoryGb"]) == (64, 192)


def test_a_change_of_unknown_outcome_is_said_to_be_so(
    nobody: ApiClient, sandbox: RunningSandbox
) -> None:
    sandbox.fault("^PATCH ", "reset")
    answer = nobody.post("/scaling", body_of(sandbox), 202)
    assert answer.headers["Location"] in answer.body["message"]
    assert nobody.post("/scaling", body_of(sandbox), 409).code == "change_in_flight"


def test_switching_idling_off_is_proven_by_the_password_of_the_request(
    nobody: ApiClient, sandbox: RunningSandbox
) -> None:
    nobody.get(f"/service/state{query_of(sandbox)}")
    checked = len(sandbox.requests("clickhouse"))
    as_it_is: dict[str, Any] = {**AS_IT_IS, "idle_scaling": False}
    same = body_of(sandbox, **as_it_is)
    nobody.post("/scaling", same, 200)
    assert len(sandbox.requests("clickhouse")) == checked + 1
    assert sandbox.patches() == [{"idleScaling": False}]


@pytest.mark.parametrize("path", GETS)
def test_without_cloud_nothing_old_is_told(
    nobody: ApiClient, sandbox: RunningSandbox, path: str
) -> None:
    nobody.get(f"/service/state{query_of(sandbox)}")
    sandbox.fault("^GET /v1", "status", status=500, times=100)
    answer = nobody.get(f"/service/{path}{query_of(sandbox)}", 504)
    assert answer.code == "cloud_answer_lost"


NEVER_IDLE = {**LARGER_PATCH, "idleScaling": False}
IDLE_LATER = {**LARGER_PATCH, "idleTimeoutMinutes": 30}
STRICT_TOO = {"numbers as floats", "idle timeout as a float", "idle timeout", "idling", "no idling"}
STRICT_TOO |= {"as its README shows"}
"""What the longer-lived path takes as well."""

CALLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "numbers as text": (
        {"min_memory_gb": "16", "max_memory_gb": "32", "num_replicas": "1"},
        LARGER_PATCH,
    ),
    "numbers as floats": (
        {"min_memory_gb": 16.0, "max_memory_gb": 32.0, "num_replicas": 1.0},
        LARGER_PATCH,
    ),
    "further fields": ({"comment": "month end", "ticket": 7}, LARGER_PATCH),
    "idling by yes": ({"idle_scaling": "yes"}, LARGER_PATCH),
    "idling by on": ({"idle_scaling": "on"}, LARGER_PATCH),
    "idling by 1": ({"idle_scaling": 1}, LARGER_PATCH),
    "idling by true as text": ({"idle_scaling": "True"}, LARGER_PATCH),
    "no idling by no": ({"idle_scaling": "no"}, NEVER_IDLE),
    "no idling by off": ({"idle_scaling": "off"}, NEVER_IDLE),
    "no idling by 0": ({"idle_scaling": 0}, NEVER_IDLE),
    "no idling by false as text": ({"idle_scaling": "false"}, NEVER_IDLE),
    "idle timeout as text": ({"idle_timeout_minutes": "30"}, IDLE_LATER),
    "idle timeout as a float": ({"idle_timeout_minutes": 30.0}, IDLE_LATER),
    "idle timeout": ({"idle_timeout_minutes": 30}, IDLE_LATER),
    "idling": ({"idle_scaling": True}, LARGER_PATCH),
    "no idling": ({"idle_scaling": False}, NEVER_IDLE),
    "as its README shows": (
        {"num_replicas": 1, "idle_scaling": True, "idle_timeout_minutes": 30},
        IDLE_LATER,
    ),
}
"""What the older service took, and what it sent to ClickHouse Cloud for it."""


@pytest.mark.parametrize("name", CALLS)
def test_the_older_path_takes_what_the_older_service_took(
    nobody: ApiClient, sandbox: RunningSandbox, name: str
) -> None:
    asked, patch = CALLS[name]
    assert nobody.post("/scaling", body_of(sandbox, **asked), 200).body == UPDATED
    assert sandbox.patches() == [patch]


@pytest.mark.parametrize("name", [name for name in CALLS if name not in STRICT_TOO])
def test_the_longer_lived_path_stays_strict(call: Call, sandbox: RunningSandbox, name: str) -> None:
    asked, _ = CALLS[name]
    path = f"/api/v1/groups/{sandbox.service_id(REPORTING)}/changes"
    call("alice").post(path, {**LARGER, **asked}, 422)
    assert sandbox.writes() == []


IP_ACCESS = [
    {"source": "127.0.0.1/32", "description": "This machine"},
    {"source": "198.51.100.0/24", "description": "Office"},
]
DETAILS = {
    "id": "0c000000-0000-4000-8000-000000000012",
    "name": "Analytics reporting",
    "provider": "aws",
    "region": "eu-central-1",
    "state": "running",
    "endpoints": [
        {"protocol": "nativesecure", "host": "127.0.0.1", "port": 9440},
        {"protocol": "https", "host": "127.0.0.1", "port": "the sandbox's"},
    ],
    "minTotalMemoryGb": 24,
    "maxTotalMemoryGb": 48,
    "minReplicaMemoryGb": 8,
    "maxReplicaMemoryGb": 16,
    "numReplicas": 1,
    "idleScaling": True,
    "idleTimeoutMinutes": 10,
    "ipAccessList": IP_ACCESS,
    "createdAt": "2025-03-05T09:00:00Z",
    "privateEndpointIds": [],
    "dataWarehouseId": "0b000000-0000-4000-8000-000000000001",
    "isPrimary": False,
    "isReadonly": False,
    "releaseChannel": "default",
    "autoscalingMode": "vertical",
    "availablePrivateEndpointIds": [],
    "clickhouseVersion": "26.9.2.1187",
    "currentScaling": {
        "effectiveAutoscalingMode": "vertical",
        "effectiveIdleScaling": True,
        "effectiveIdleTimeoutMinutes": 10,
        "effectiveMaxReplicaMemoryGb": 16,
        "effectiveMaxReplicas": 1,
        "effectiveMinReplicaMemoryGb": 8,
        "effectiveMinReplicas": 1,
    },
    "enableCoreDumps": True,
    "hasTransparentDataEncryption": False,
    "profile": "v1-default",
    "tags": [{"key": "Environment", "value": "sandbox"}],
    "tier": "production",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "state": {"state": "running"},
    "config": {
        "minReplicaMemoryGb": 8,
        "maxReplicaMemoryGb": 16,
        "idleScaling": True,
        "idleTimeoutMinutes": 10,
        "numReplicas": 1,
    },
    "ip-access-list": {"ipAccessList": IP_ACCESS},
    "details": {"result": DETAILS, "requestId": "any", "status": 200},
}
"""What the older service answered about Analytics reporting, to the last field."""


def settled(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what is another at each start or request."""
    if "result" in body:
        body["requestId"] = "any"
        body["result"]["endpoints"][1]["port"] = "the sandbox's"
    return body


@pytest.mark.parametrize("path", ANSWERS)
def test_the_older_path_answers_what_the_older_service_answered(
    nobody: ApiClient, call: Call, sandbox: RunningSandbox, path: str
) -> None:
    in_query = nobody.get(f"/service/{path}{query_of(sandbox)}")
    service_id = sandbox.service_id(REPORTING)
    in_header = call("alice").get(f"/service/{path}?service_id={service_id}")
    for answer in (in_query, in_header):
        assert settled(answer.body) == ANSWERS[path]


@pytest.mark.parametrize(
    ("missing", "codes"),
    [
        (("username",), {("username", "required")}),
        (("password",), {("password", "required")}),
        (("username", "password"), {("username", "required"), ("password", "required")}),
        (("service_id",), {("service_id", "required")}),
    ],
)
def test_a_missing_parameter_is_a_broken_rule_as_it_was(
    nobody: ApiClient, sandbox: RunningSandbox, missing: tuple[str, ...], codes: set[object]
) -> None:
    body = {name: value for name, value in body_of(sandbox).items() if name not in missing}
    assert nobody.post("/scaling", body, 422).codes == codes
    query = "&".join(f"{name}={body[name]}" for name in GIVEN if name in body)
    for path in GETS:
        assert nobody.get(f"/service/{path}?{query}", 422).codes == codes
