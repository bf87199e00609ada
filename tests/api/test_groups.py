"""Looking at groups: each sees what their permissions show, and nothing is woken."""

from datetime import UTC, datetime

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import AD_HOC, CAMPAIGNS, MONTH_END, NOWHERE_ID, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.sandbox import RunningSandbox

ANALYTICS = "/api/v1/groups?warehouse=analytics"


def test_the_list_holds_what_the_caller_may_see(call: Call) -> None:
    groups = call("alice").get(ANALYTICS).body["groups"]
    assert len(groups) == 5
    assert {item["warehouse"] for item in groups} == {"analytics"}
    assert set(groups[0]["permissions"]) == {
        "view",
        "wake",
        "boost",
        "scale",
        "power",
        "schedule",
        "audit",
    }
    assert [item["permissions"] for item in call("bob").get(ANALYTICS).body["groups"]] == [
        ["view"]
    ] * 5
    assert call("charlie").get(ANALYTICS).body == {"groups": []}
    (campaigns,) = call("dana").get("/api/v1/groups?warehouse=marketing").body["groups"]
    assert campaigns["name"] == CAMPAIGNS


def test_the_warehouse_must_be_named_where_there_are_several(call: Call) -> None:
    answer = call("alice").get("/api/v1/groups", 422)
    assert answer.codes == {("warehouse", "warehouse_needed")}
    assert call("alice").get("/api/v1/groups?warehouse=marketing", 401).code == "wrong_credentials"
    assert call("alice").get("/api/v1/groups?warehouse=nowhere", 401).code == "wrong_credentials"


def test_the_only_warehouse_need_not_be_named(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(adapt=lambda config: config["warehouses"].pop())
    client = ApiClient(portal.url, sandbox.person("alice"))
    assert len(client.get("/api/v1/groups").body["groups"]) == 5


def test_a_group_shows_what_is_set_and_what_applies(call: Call, sandbox: RunningSandbox) -> None:
    shown = call("dana").get(group_path(sandbox, CAMPAIGNS)).body
    assert (shown["state"], shown["state_label"]) == ("running", "Running")
    assert shown["configured"]["max_memory_gb"] == 32
    assert shown["effective"]["max_memory_gb"] == 64
    assert shown["active_schedule_entry"] == "Campaign days"
    assert shown["taken_at"]
    assert shown["cloud_fault"] is None


def test_a_state_that_the_portal_does_not_know_is_passed_on(
    call: Call, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, state="dreaming")
    shown = call("alice").get(group_path(sandbox)).body
    assert (shown["state"], shown["state_label"]) == ("dreaming", "Not known")


def test_looking_wakes_nothing(call: Call, sandbox: RunningSandbox) -> None:
    call("alice").get(ANALYTICS)
    call("alice").get(group_path(sandbox, AD_HOC))
    assert sandbox.connections(AD_HOC) == 0
    assert sandbox.writes() == []


def test_a_group_that_is_hidden_is_not_found_and_an_unknown_one_is_like_a_wrong_password(
    call: Call, sandbox: RunningSandbox
) -> None:
    assert call("charlie").get(group_path(sandbox), 404).code == "not_found"
    assert call("alice").get(f"/api/v1/groups/{NOWHERE_ID}", 401).code == "wrong_credentials"
    assert call("alice").get(group_path(sandbox, CAMPAIGNS), 401).code == "wrong_credentials"


def test_a_service_id_may_be_in_capitals_and_must_be_one(
    call: Call, sandbox: RunningSandbox
) -> None:
    call("alice").get(group_path(sandbox).upper().replace("/API/V1/GROUPS", "/api/v1/groups"))
    for text in ("x", "é", f"{{{NOWHERE_ID}}}", NOWHERE_ID.replace("-", ""), "%00", "1" * 300):
        assert call("alice").get(f"/api/v1/groups/{text}", 400).code == "malformed"


def test_without_cloud_the_last_view_is_shown_with_its_age(
    call: Call, sandbox: RunningSandbox
) -> None:
    fresh = call("alice").get(group_path(sandbox)).body
    sandbox.fault("^GET /v1", "status", status=500, times=100)
    shown = call("alice").get(group_path(sandbox)).body
    assert shown["cloud_fault"]
    assert shown["configured"] == fresh["configured"]


def test_a_group_says_what_can_be_done_with_it_as_its_page_does(
    call: Call, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox, MONTH_END)
    given = {item["action"]: item for item in call("alice").get(path).body["actions"]}
    assert [name for name, item in given.items() if item["is_possible"]] == ["scale", "start"]
    assert given["start"]["note"] == "You are asked for a reason."
    body = {"min_memory_gb": 8, "max_memory_gb": 8, "num_replicas": 3, "reason": "the books"}
    call("alice").post(f"{path}/changes", body, 201)
    scaling = call("alice").get(path).body["actions"][0]
    assert (scaling["is_possible"], scaling["covers_idling"]) == (False, False)
    assert scaling["reason"] == "Cooldown after a memory change."
    assert datetime.fromisoformat(scaling["possible_from"]) > datetime.now(UTC)
    assert "actions" not in call("alice").get(ANALYTICS).body["groups"][0]
