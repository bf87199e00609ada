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


def test_an_id_with_more_behind_it_is_another_one(call: Call, sandbox: RunningSandbox) -> None:
    longer = f"{sandbox.service_id(REPORTING)}0"
    answer = call("alice").post("/scaling", {"service_id": longer, **LARGER}, 401)
    assert answer.code == "wrong_credentials"
    call("alice").get(f"/service/state?service_id={longer}", 401)
    assert sandbox.writes() == []


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
