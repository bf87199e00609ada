"""The calls of the older service, one by one, and their answers: its callers change nothing.

A call is all that its README shows, with something changed; None leaves a field out.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.client import Answer, ApiClient
from tests.api.conftest import Call
from tests.api.paths import LARGER, LARGER_PATCH, NOWHERE_ID, REPORTING
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

UPDATED = {"message": "Service configuration updated successfully."}
UNCHANGED = {"message": "Current service configuration is already set to the requested values."}
SCALING = "/scaling"
GETS = ("state", "config", "ip-access-list", "details")
PATHS = (SCALING, *(f"/service/{name}" for name in GETS))

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

Codes = set[tuple[str, str]]
REQUIRED = ("service_id", "username", "password")
BROKEN: list[tuple[str, dict[str, Any], Codes]] = [
    *((path, {name: None}, {(name, "required")}) for path in PATHS for name in REQUIRED),
    *(
        (
            path,
            {"username": None, "password": None},
            {("username", "required"), ("password", "required")},
        )
        for path in PATHS
    ),
    (SCALING, {"min_memory_gb": None}, {("min_memory_gb", "required")}),
    (SCALING, {"max_memory_gb": "sixteen"}, {("max_memory_gb", "not_a_whole_number")}),
    (SCALING, {"min_memory_gb": "9"}, {("min_memory_gb", "memory_not_multiple")}),
    (SCALING, {"max_memory_gb": 12}, {("max_memory_gb", "memory_min_above_max")}),
    (SCALING, {"num_replicas": "0"}, {("num_replicas", "replicas_out_of_range")}),
    (
        SCALING,
        {"idle_timeout_minutes": "4"},
        {("idle_timeout_minutes", "idle_timeout_out_of_range")},
    ),
    (SCALING, {"idle_scaling": "perhaps"}, {("idle_scaling", "not_yes_or_no")}),
]
"""What it answered with 422, or with 500 where a rule was broken: both are 422."""
STRANGERS = [
    (path, changed)
    for path in PATHS
    for changed in ({"service_id": NOWHERE_ID}, {"username": "somebody"}, {"password": "wrong"})
]
"""What it answered with 401."""


@pytest.fixture
def nobody(portal: PortalProcess) -> Iterator[ApiClient]:
    """A program that sends no HTTP Basic. Its wrong passwords keep nobody waiting afterwards."""
    yield ApiClient(portal.url)
    portal.execute("DELETE FROM sign_in_attempts")


def send(
    nobody: ApiClient, sandbox: RunningSandbox, path: str, changed: dict[str, Any], status: int
) -> Answer:
    """One call by Alice, with something changed."""
    person = sandbox.person("alice")
    who = {"username": "alice", "password": person.password}
    given = {"service_id": sandbox.service_id(REPORTING), **who}
    if path == SCALING:
        body = {**given, **LARGER, **changed}
        return nobody.post(path, {key: it for key, it in body.items() if it is not None}, status)
    return nobody.get(path, status, params={**given, **changed})


@pytest.mark.parametrize("name", CALLS)
def test_the_older_path_takes_what_the_older_service_took(
    nobody: ApiClient, sandbox: RunningSandbox, name: str
) -> None:
    asked, patch = CALLS[name]
    assert send(nobody, sandbox, SCALING, asked, 200).body == UPDATED
    assert sandbox.patches() == [patch]
    assert send(nobody, sandbox, SCALING, asked, 200).body == UNCHANGED
    assert sandbox.patches() == [patch]


@pytest.mark.parametrize("name", [name for name in CALLS if name not in STRICT_TOO])
def test_the_longer_lived_path_stays_strict(call: Call, sandbox: RunningSandbox, name: str) -> None:
    asked, _ = CALLS[name]
    path = f"/api/v1/groups/{sandbox.service_id(REPORTING)}/changes"
    call("alice").post(path, {**LARGER, **asked}, 422)
    assert sandbox.writes() == []


@pytest.mark.parametrize("path", ANSWERS)
def test_the_older_path_answers_what_the_older_service_answered(
    nobody: ApiClient, call: Call, sandbox: RunningSandbox, path: str
) -> None:
    in_query = send(nobody, sandbox, f"/service/{path}", {}, 200)
    service_id = sandbox.service_id(REPORTING)
    in_header = call("alice").get(f"/service/{path}?service_id={service_id}")
    for answer in (in_query, in_header):
        assert settled(answer.body) == ANSWERS[path]


def settled(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what is another at each start or request."""
    if "result" in body:
        body["requestId"] = "any"
        body["result"]["endpoints"][1]["port"] = "the sandbox's"
    return body


@pytest.mark.parametrize(("path", "changed", "codes"), BROKEN)
def test_what_is_missing_or_breaks_a_rule_is_named(
    nobody: ApiClient, sandbox: RunningSandbox, path: str, changed: dict[str, Any], codes: Codes
) -> None:
    assert send(nobody, sandbox, path, changed, 422).codes == codes
    assert sandbox.writes() == []


@pytest.mark.parametrize(("path", "changed"), STRANGERS)
def test_unknown_services_users_and_passwords_are_refused_alike(
    nobody: ApiClient, sandbox: RunningSandbox, path: str, changed: dict[str, Any]
) -> None:
    assert send(nobody, sandbox, path, changed, 401).code == "wrong_credentials"
    assert sandbox.writes() == []
