"""Extending, ending and taking over a boost that has begun."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.boosts.helpers import begin, in_minutes, moment, path_of
from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import LARGER_PATCH, PRIMARY, group_path
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

UNTIL = "until"
BACK = {"minReplicaMemoryGb": 8, "maxReplicaMemoryGb": 16}


def state(client: ApiClient, sandbox: RunningSandbox, made: dict[str, Any]) -> str:
    """Where the boost stands now."""
    return str(client.get(path_of(sandbox, made["reference"])).body["state"])


def test_a_boost_can_be_extended_from_now_and_never_shortened(
    call: Call, sandbox: RunningSandbox
) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    extend = path_of(sandbox, made["reference"], "extend")
    longer = client.post(extend, {"minutes": 90}, 200).body
    wanted = datetime.now(UTC) + timedelta(minutes=90)
    assert abs(moment(longer["ends_at"]) - wanted) < timedelta(minutes=1)
    assert client.get(path_of(sandbox, made["reference"])).body == longer
    assert client.post(extend, {"minutes": 5}, 200).body["ends_at"] == longer["ends_at"]
    until = in_minutes(120)
    last = client.post(extend, {UNTIL: until}, 200).body
    assert moment(last["ends_at"]) == moment(until)
    assert sandbox.patches() == [LARGER_PATCH]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, {(UNTIL, "until_needed")}),
        ({"minutes": 5, UNTIL: in_minutes(5)}, {(UNTIL, "until_needed")}),
        ({"minutes": 7 * 24 * 60 + 1}, {(UNTIL, "boost_latest_end")}),
        ({UNTIL: in_minutes(-1)}, {(UNTIL, "until_past")}),
        ({"minutes": "5"}, {("minutes", "not_a_whole_number")}),
        ({"minutes": 5, "max_memory_gb": 64}, {("max_memory_gb", "unknown_field")}),
    ],
)
def test_an_extension_that_breaks_rules_is_refused(
    call: Call, sandbox: RunningSandbox, asked: dict[str, Any], codes: set[tuple[str, str]]
) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    extend = path_of(sandbox, made["reference"], "extend")
    assert client.post(extend, asked, 422).codes == codes
    assert client.get(path_of(sandbox, made["reference"])).body == made


def test_nothing_is_extended_after_its_end(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    portal.age("boosts", "ends_at", 3600)
    due = client.get(path_of(sandbox, made["reference"])).body
    assert due["state"] == "reverting"
    extend = path_of(sandbox, made["reference"], "extend")
    assert client.post(extend, {"minutes": 90}, 409).code == "not_possible"
    assert client.get(path_of(sandbox, made["reference"])).body == due


def test_a_boost_ends_now_and_ending_it_twice_is_no_fault(
    call: Call, sandbox: RunningSandbox
) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    where = path_of(sandbox, made["reference"])
    ended = client.send("DELETE", where, 200).body
    assert sandbox.patches() == [LARGER_PATCH, BACK]
    assert ended["ended_by"] == "alice"
    assert moment(ended["ends_at"]) <= datetime.now(UTC)
    assert client.send("DELETE", where, 200).body["ends_at"] == ended["ends_at"]
    assert sandbox.patches() == [LARGER_PATCH, BACK]
    revert = client.get(f"/api/v1/changes/{ended['revert_reference']}").body
    assert (revert["origin"], revert["order_reference"]) == ("boost", made["reference"])
    assert revert["boost_until"] is None
    extend = path_of(sandbox, made["reference"], "extend")
    assert client.post(extend, {"minutes": 5}, 409).code == "not_possible"


def test_a_boost_of_a_program_that_died_goes_back_by_itself(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    client = ApiClient(portal.url, sandbox.person("alice"))
    made = begin(client, sandbox)
    portal.age("boosts", "ends_at", 3600)
    wait_until(lambda: sandbox.patches() == [LARGER_PATCH, BACK], seconds=30)
    wait_until(lambda: state(client, sandbox, made) == "ended", seconds=30)


def test_end_needs_no_more_than_to_be_asked_for(call: Call, sandbox: RunningSandbox) -> None:
    made = begin(call("alice"), sandbox)
    where = path_of(sandbox, made["reference"])
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert call("alice").send("DELETE", where, 403, headers=foreign).code == "foreign_origin"
    assert call("bob").send("DELETE", where, 403).code == "not_allowed"
    ApiClient(call("alice").url).send("DELETE", where, 401)
    assert sandbox.patches() == [LARGER_PATCH]
    call("alice").send("DELETE", where, 200, headers={"Content-Type": "text/plain"}, data="x")


def test_a_boost_is_found_in_its_own_group_alone(call: Call, sandbox: RunningSandbox) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    for where in (
        f"{group_path(sandbox, PRIMARY, 'boosts')}/{made['reference']}",
        path_of(sandbox, "2222-2222"),
    ):
        client.get(where, 404)
        client.send("DELETE", where, 404)
        client.post(f"{where}/extend", {"minutes": 90}, 404)
        client.post(f"{where}/take-over", {}, 404)
    malformed = client.get(path_of(sandbox, "nonsense"), 400)
    assert "name of a boost" in malformed.body["detail"]
    assert client.get(path_of(sandbox, made["reference"])).body == made


def test_a_lasting_change_is_no_boost(call: Call, sandbox: RunningSandbox) -> None:
    body = {"min_memory_gb": 16, "max_memory_gb": 32}
    change = call("alice").post(group_path(sandbox, part="changes"), body, 201).body
    assert (change["boost_until"], change["origin"]) == (None, "person")
    call("alice").get(path_of(sandbox, change["reference"]), 404)


def test_a_boost_that_is_taken_over_stays(call: Call, sandbox: RunningSandbox) -> None:
    client = call("alice")
    made = begin(client, sandbox)
    over = path_of(sandbox, made["reference"], "take-over")
    assert client.post(over, {"why": 1}, 422).codes == {("why", "unknown_field")}
    assert call("bob").post(over, {}, 403).code == "not_allowed"
    taken = client.post(over, {}, 200).body
    assert (taken["state"], taken["closed_by"]) == ("taken_over", "alice")
    assert client.post(over, {}, 409).code == "not_possible"
    client.send("DELETE", path_of(sandbox, made["reference"]), 200)
    assert sandbox.patches() == [LARGER_PATCH]
    assert client.get(group_path(sandbox)).body["boost"] is None
