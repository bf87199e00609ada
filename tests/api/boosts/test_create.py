"""Asking for a size that ends by itself."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.api.boosts.helpers import HOUR, begin, giving_bob, in_minutes, moment, path_of
from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import AS_IT_IS, CAMPAIGNS, LARGER, LARGER_PATCH, group_path
from tests.api.payloads import BROKEN, Payload
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

KEY = {"Idempotency-Key": "job-4711"}
MIN, UNTIL = "min_memory_gb", "until"
OF_ALICE = [item for item in BROKEN if item.group != CAMPAIGNS]
"""Campaigns has an active entry in Cloud's own schedule, and so no boosts."""


def test_a_boost_begins_and_has_an_address(call: Call, sandbox: RunningSandbox) -> None:
    client, asked_at = call("alice"), datetime.now(UTC)
    made = client.post(path_of(sandbox), {**HOUR, "reason": "Quarter end"}, 201)
    reference = made.body["reference"]
    assert made.headers["Location"] == path_of(sandbox, reference)
    assert client.get(made.headers["Location"]).body == made.body
    assert client.get(path_of(sandbox)).body == {"boosts": [made.body]}
    assert sandbox.patches() == [LARGER_PATCH]
    told = made.body
    assert (told["user"], told["reason"], told["state"]) == ("alice", "Quarter end", "active")
    assert (told["before"]["max_memory_gb"], told["asked"]["max_memory_gb"]) == (16, 32)
    assert timedelta(minutes=60) <= moment(told["ends_at"]) - asked_at < timedelta(minutes=61)
    assert moment(told["latest_end"]) - asked_at > timedelta(days=6)
    # 32 instead of 16 GB in one replica: 2 units for about an hour, begun a moment later.
    assert told["extra_cost"] == {"currency": "USD", "amount": "0.78"}
    nothing_yet = ("ended_by", "closed_at", "closed_by", "next_try_at", "revert_reference")
    assert [told[name] for name in nothing_yet] == [None] * 5
    assert (told["change_reference"], told["tries"], told["note"]) == (reference, 0, "")


def test_its_change_and_its_group_tell_of_it(call: Call, sandbox: RunningSandbox) -> None:
    client = call("alice")
    assert client.get(group_path(sandbox)).body["boost"] is None
    made = begin(client, sandbox)
    change = client.get(f"/api/v1/changes/{made['change_reference']}").body
    assert change["boost_until"] == made["ends_at"]
    assert (change["origin"], change["order_reference"]) == ("person", None)
    current = {name: made[name] for name in ("reference", "ends_at", "state")}
    assert client.get(group_path(sandbox)).body["boost"] == current
    groups = client.get("/api/v1/groups?warehouse=analytics").body["groups"]
    with_boost = {item["name"]: item["boost"] for item in groups if item["boost"]}
    assert with_boost == {"Analytics reporting": current}


def test_the_end_may_be_a_moment_in_any_zone(call: Call, sandbox: RunningSandbox) -> None:
    until = (datetime.now(UTC) + timedelta(hours=3)).replace(microsecond=0)
    text = (until + timedelta(hours=5, minutes=30)).strftime("%Y-%m-%dT%H:%M:%S+05:30")
    made = call("alice").post(path_of(sandbox), {**LARGER, "until": text}, 201)
    assert moment(made.body["ends_at"]) == until


def test_a_dry_run_says_what_it_would_cost_and_does_nothing(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    body = {**LARGER, "minutes": 600, "dry_run": True}
    shown = call("alice").post(path_of(sandbox), body, 200).body
    assert shown["patch"] == LARGER_PATCH
    assert moment(shown["ends_at"]) > datetime.now(UTC) + timedelta(minutes=590)
    # 2 units x 0.3903 x 10 h = 7.806
    assert shown["extra_cost"] == {"currency": "USD", "amount": "7.81"}
    assert portal.execute("SELECT * FROM changes") == []
    assert sandbox.writes() == []


def test_a_dry_run_counts_from_what_the_group_goes_back_to(
    call: Call, sandbox: RunningSandbox
) -> None:
    alice = call("alice")
    begin(alice, sandbox)
    body = {"min_memory_gb": 32, "max_memory_gb": 64, "minutes": 60, "dry_run": True}
    shown = alice.post(path_of(sandbox), body, 200).body
    # From 16 to 64 GB, not from the 32 GB of the boost: 6 units x 0.3903 x 1 h = 2.3418
    assert shown["extra_cost"] == {"currency": "USD", "amount": "2.34"}


def test_what_is_configured_already_is_no_boost(call: Call, sandbox: RunningSandbox) -> None:
    for more in ({}, {"dry_run": True}):
        answer = call("alice").post(path_of(sandbox), {**AS_IT_IS, "minutes": 5, **more}, 200)
        assert "already set" in answer.body["message"]
    assert call("alice").get(path_of(sandbox)).body == {"boosts": []}


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, {(UNTIL, "until_needed")}),
        ({"minutes": None, UNTIL: None}, {(UNTIL, "until_needed")}),
        ({"minutes": 60, UNTIL: in_minutes(60)}, {(UNTIL, "until_needed")}),
        ({"minutes": 0}, {("minutes", "minutes_out_of_range")}),
        ({"minutes": 10**18}, {("minutes", "minutes_out_of_range")}),
        ({"minutes": "60"}, {("minutes", "not_a_whole_number")}),
        ({"minutes": True}, {("minutes", "not_a_whole_number")}),
        ({UNTIL: "2026-11-27T18:00:00"}, {(UNTIL, "until_unreadable")}),
        ({UNTIL: "tomorrow"}, {(UNTIL, "until_unreadable")}),
        ({UNTIL: "0001-01-01T00:00:00+14:00"}, {(UNTIL, "until_unreadable")}),
        ({UNTIL: 1_800_000_000}, {(UNTIL, "until_unreadable")}),
        ({UNTIL: in_minutes(-5)}, {(UNTIL, "until_past")}),
        ({"minutes": 7 * 24 * 60 + 1}, {(UNTIL, "boost_too_long")}),
        ({"minutes": 60, "dry_run": "yes"}, {("dry_run", "not_yes_or_no")}),
        ({"minutes": 60, "hours": 1}, {("hours", "unknown_field")}),
        ({"minutes": 60, MIN: 8, "max_memory_gb": 8}, {("max_memory_gb", "boost_only_up")}),
        (
            {"minutes": 60, "idle_timeout_minutes": 5},
            {("idle_timeout_minutes", "boost_only_up")},
        ),
    ],
)
def test_every_broken_rule_is_told_and_nothing_is_sent(
    call: Call, sandbox: RunningSandbox, asked: dict[str, Any], codes: set[tuple[str, str]]
) -> None:
    answer = call("alice").post(path_of(sandbox), {**LARGER, **asked}, 422)
    assert answer.codes == codes
    assert all(item["message"] in answer.body["detail"] for item in answer.body["errors"])
    assert sandbox.writes() == []


def test_the_longest_boost_is_taken(call: Call, sandbox: RunningSandbox) -> None:
    begin(call("alice"), sandbox, minutes=7 * 24 * 60)


@pytest.mark.parametrize("payload", OF_ALICE, ids=lambda it: ascii(it.name)[:100])
def test_what_breaks_rules_for_good_breaks_them_for_a_while(
    call: Call, sandbox: RunningSandbox, payload: Payload
) -> None:
    path = group_path(sandbox, payload.group, "boosts")
    answer = call("alice").post(path, {**payload.body, "minutes": 60}, 422)
    assert payload.codes <= answer.codes
    assert {code for _, code in answer.codes - payload.codes} <= {"boost_only_up"}
    assert sandbox.writes() == []


def test_nothing_is_boosted_while_an_entry_of_clouds_schedule_is_active(
    call: Call, sandbox: RunningSandbox
) -> None:
    body = {MIN: 64, "max_memory_gb": 64, "min_replicas": 2, "max_replicas": 8, "minutes": 5}
    answer = call("dana").post(group_path(sandbox, CAMPAIGNS, "boosts"), body, 409)
    assert "“Campaign days”" in answer.body["detail"]
    assert sandbox.writes() == []


def test_who_may_only_look_may_not_boost(call: Call, sandbox: RunningSandbox) -> None:
    assert call("bob").post(path_of(sandbox), HOUR, 403).code == "not_allowed"
    call("bob").post(path_of(sandbox), {**HOUR, "dry_run": True}, 403)
    call("charlie").post(path_of(sandbox), HOUR, 404)
    call("charlie").get(path_of(sandbox), 404)
    assert sandbox.writes() == []


def test_who_may_boost_without_scaling_boosts_and_does_nothing_that_lasts(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(adapt=giving_bob("boost"))
    bob = ApiClient(portal.url, sandbox.person("bob"))
    assert bob.post(group_path(sandbox, part="changes"), LARGER, 403).code == "not_allowed"
    assert sandbox.writes() == []
    made = begin(bob, sandbox)
    assert sandbox.patches() == [LARGER_PATCH]
    over = path_of(sandbox, made["reference"], "take-over")
    assert bob.post(over, {}, 403).code == "not_allowed"
    extended = bob.post(path_of(sandbox, made["reference"], "extend"), {"minutes": 90}, 200)
    assert extended.body["ends_at"] > made["ends_at"]
    ended = bob.send("DELETE", path_of(sandbox, made["reference"]), 200)
    assert ended.body["ended_by"] == "bob"


def test_the_same_key_twice_makes_one_boost(call: Call, sandbox: RunningSandbox) -> None:
    first = call("alice").post(path_of(sandbox), HOUR, 201, headers=KEY)
    again = call("alice").post(path_of(sandbox), HOUR, 201, headers=KEY)
    assert again.body == first.body
    assert sandbox.patches() == [LARGER_PATCH]
    assert len(call("alice").get(path_of(sandbox)).body["boosts"]) == 1


def test_a_key_does_not_answer_for_another_end_nor_for_a_lasting_change(
    call: Call, sandbox: RunningSandbox
) -> None:
    client = call("alice")
    client.post(path_of(sandbox), HOUR, 201, headers=KEY)
    for path, body in (
        (path_of(sandbox), {**HOUR, "minutes": 61}),
        (group_path(sandbox, part="changes"), LARGER),
    ):
        answer = client.post(path, body, 422, headers=KEY)
        assert answer.codes == {("Idempotency-Key", "idempotency_key_reused")}


def test_what_cloud_refuses_is_no_boost(call: Call, sandbox: RunningSandbox) -> None:
    client = call("alice")
    sandbox.fault("^PATCH ", "status", status=400)
    refused = client.post(path_of(sandbox), HOUR, 502)
    assert refused.code == "cloud_rejected"
    where = path_of(sandbox, refused.body["change_reference"])
    assert client.get(where).body["state"] == "not_started"
    assert client.get(group_path(sandbox)).body["boost"] is None


def test_an_unknown_outcome_is_told_with_202(call: Call, sandbox: RunningSandbox) -> None:
    sandbox.fault("^PATCH ", "reset")
    made = call("alice").post(path_of(sandbox), HOUR, 202)
    assert made.body["state"] == "applying"
    assert made.headers["Location"] == path_of(sandbox, made.body["reference"])


def test_a_second_boost_keeps_what_the_first_goes_back_to(
    call: Call, sandbox: RunningSandbox
) -> None:
    client = call("alice")
    begin(client, sandbox)
    second = begin(client, sandbox, min_memory_gb=32, max_memory_gb=64)
    assert (second["before"]["min_memory_gb"], second["before"]["max_memory_gb"]) == (8, 16)
    assert Decimal(second["extra_cost"]["amount"]) == Decimal("2.34")  # 6 units for an hour
    assert client.get(group_path(sandbox)).body["boost"]["reference"] == second["reference"]
