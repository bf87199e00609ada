"""Changing the size of a group in one request, and looking at the change."""

from typing import Any

import pytest

from app.api.changes.outcomes import done
from app.api.errors import ChangeNotDone
from app.domain.changes.change import ChangeState
from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import (
    AS_IT_IS,
    CAMPAIGNS,
    LARGER,
    LARGER_PATCH,
    MONTH_END,
    PRIMARY,
    group_path,
)
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.unit.builders import make_change

UNKNOWN = "An answer that never came"


def test_a_change_is_sent_and_has_an_address(call: Call, sandbox: RunningSandbox) -> None:
    client = call("alice")
    body = {**LARGER, "reason": "Quarter end"}
    made = client.post(group_path(sandbox, part="changes"), body, 201)
    assert made.headers["Location"] == f"/api/v1/changes/{made.body['reference']}"
    shown = client.get(made.headers["Location"]).body
    assert shown == made.body
    assert (shown["user"], shown["reason"], shown["state"]) == ("alice", "Quarter end", "applied")
    assert shown["before"]["max_memory_gb"] == 16
    assert shown["target"]["max_memory_gb"] == 32
    assert shown["cloud_request_id"]
    assert client.get(group_path(sandbox, part="changes")).body["changes"] == [shown]


def test_a_dry_run_says_what_would_happen_and_does_nothing(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    body = {**LARGER, "dry_run": True}
    shown = call("alice").post(group_path(sandbox, part="changes"), body, 200).body
    assert shown["patch"] == LARGER_PATCH
    assert (shown["was"]["max_memory_gb"], shown["will_be"]["max_memory_gb"]) == (16, 32)
    assert shown["cost"]["most_per_hour_after"] == "1.56"
    assert shown["consequences"][0].startswith("It can scale up further")
    assert not shown["needs_fresh_proof"]
    assert portal.execute("SELECT * FROM changes") == []
    assert sandbox.writes() == []


def test_a_pause_of_a_schedule_goes_with_the_change_or_nothing_is_sent(
    call: Call, sandbox: RunningSandbox
) -> None:
    path, until = group_path(sandbox, part="changes"), "2026-12-24 18:00"
    for more in ({}, {"dry_run": True}):
        answer = call("alice").post(path, {**LARGER, "pause_schedule_until": until, **more}, 422)
        assert answer.codes == {("pause_schedule_until", "no_schedule_to_pause")}
    assert sandbox.writes() == []


def test_a_dry_run_takes_no_key_that_the_real_one_would_refuse(
    call: Call, sandbox: RunningSandbox
) -> None:
    path, body = group_path(sandbox, part="changes"), {**LARGER, "dry_run": True}
    for key in ("", "with blanks", "x" * 201):
        answer = call("alice").post(path, body, 400, headers={"Idempotency-Key": key})
        assert answer.code == "malformed"


def test_a_dry_run_of_what_is_configured_says_that_too(call: Call, sandbox: RunningSandbox) -> None:
    body = {**AS_IT_IS, "dry_run": True}
    answer = call("alice").post(group_path(sandbox, part="changes"), body, 200)
    assert "already set" in answer.body["message"]


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"max_memory_gb": "32"}, {("max_memory_gb", "not_a_whole_number")}),
        ({"max_memory_gb": True}, {("max_memory_gb", "not_a_whole_number")}),
        ({"max_memory_gb": 16.5}, {("max_memory_gb", "not_a_whole_number")}),
        ({"max_memory_gb": [16]}, {("max_memory_gb", "not_a_whole_number")}),
        ({"max_memory_gb": None}, {("max_memory_gb", "not_a_whole_number")}),
        ({"max_memory_gb": 10**300}, {("max_memory_gb", "memory_out_of_range")}),
        ({"num_replicas": 10**18}, {("num_replicas", "replicas_out_of_range")}),
        ({"idle_scaling": "on"}, {("idle_scaling", "not_yes_or_no")}),
        ({"idle_scaling": 1}, {("idle_scaling", "not_yes_or_no")}),
        ({"reason": 5}, {("reason", "not_text")}),
        ({"reason": "a\x00b"}, {("reason", "reason_control_characters")}),
        ({"dry_run": "yes"}, {("dry_run", "not_yes_or_no")}),
        ({"max_memory": 16}, {("max_memory", "unknown_field")}),
        ({"num_replicas": 2, "min_replicas": 2}, {("min_replicas", "replicas_not_both_ways")}),
        ({"min_replicas": 2}, {("max_replicas", "replicas_both_needed")}),
        ({"min_replicas": 1, "max_replicas": 2}, {("min_replicas", "replicas_fixed_here")}),
        (
            {"max_memory_gb": "x", "dry_run": 1, "more": 1},
            {
                ("max_memory_gb", "not_a_whole_number"),
                ("dry_run", "not_yes_or_no"),
                ("more", "unknown_field"),
            },
        ),
    ],
)
def test_every_broken_rule_is_told_with_field_code_and_words(
    call: Call, sandbox: RunningSandbox, asked: dict[str, Any], codes: set[tuple[str, str]]
) -> None:
    answer = call("alice").post(group_path(sandbox, part="changes"), {**LARGER, **asked}, 422)
    missing = {("max_replicas", "replicas_both_needed")} & answer.codes - codes
    assert answer.codes - missing == codes
    assert all(item["message"] in answer.body["detail"] for item in answer.body["errors"])
    assert sandbox.writes() == []


def test_a_whole_number_may_be_written_with_a_point(call: Call, sandbox: RunningSandbox) -> None:
    body = '{"min_memory_gb": 16.0, "max_memory_gb": 3.2e1}'
    headers = {"Content-Type": "application/json"}
    path = group_path(sandbox, part="changes")
    call("alice").send("POST", path, 201, data=body, headers=headers)
    assert sandbox.patches() == [LARGER_PATCH]


def test_a_range_of_replicas_does_not_fit_a_fixed_number(
    call: Call, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox, CAMPAIGNS, "changes")
    body = {"min_memory_gb": 32, "max_memory_gb": 64, "num_replicas": 3}
    codes = {("num_replicas", "replicas_range_here"), ("max_memory_gb", "memory_must_be_fixed")}
    assert call("dana").post(path, body, 422).codes == codes


def test_the_replicas_of_a_warehouse_are_bounded_together(
    call: Call, sandbox: RunningSandbox
) -> None:
    sandbox.force(PRIMARY, numReplicas=10)
    sandbox.force(MONTH_END, numReplicas=8)
    path = group_path(sandbox, part="changes")
    for more in ({}, {"dry_run": True}):
        answer = call("alice").post(path, {**AS_IT_IS, "num_replicas": 5, **more}, 422)
        assert answer.codes == {("num_replicas", "warehouse_replicas")}


def test_a_broken_dry_run_tells_what_is_wrong_in_this_group_as_well(
    call: Call, sandbox: RunningSandbox
) -> None:
    body = {"max_memory_gb": 20, "min_memory_gb": "x", "num_replicas": 11, "dry_run": True}
    answer = call("alice").post(group_path(sandbox, part="changes"), body, 422)
    assert [(item["field"], item["code"]) for item in answer.body["errors"]] == [
        ("min_memory_gb", "not_a_whole_number"),
        ("max_memory_gb", "memory_not_offered"),
        ("num_replicas", "replicas_out_of_range"),
    ]


def test_every_change_and_so_the_big_ones_too_has_the_password_checked_once_afresh(
    call: Call, sandbox: RunningSandbox
) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    client.get(group_path(sandbox))
    checked = len(sandbox.requests("clickhouse"))
    assert client.post(path, {**LARGER, "dry_run": True}, 200).body["needs_fresh_proof"] is False
    client.post(path, LARGER, 201)
    assert len(sandbox.requests("clickhouse")) == checked + 2
    client.post(path, {**LARGER, "idle_scaling": False}, 201)
    assert len(sandbox.requests("clickhouse")) == checked + 3


def test_who_may_only_read_may_not_scale(call: Call, sandbox: RunningSandbox) -> None:
    answer = call("bob").post(group_path(sandbox, part="changes"), LARGER, 403)
    assert answer.code == "not_allowed"
    call("charlie").post(group_path(sandbox, part="changes"), LARGER, 404)
    assert sandbox.writes() == []


def test_a_change_of_somebody_else_is_hidden(call: Call, sandbox: RunningSandbox) -> None:
    made = call("alice").post(group_path(sandbox, part="changes"), LARGER, 201)
    where = made.headers["Location"]
    call("bob").get(where, 404)
    call("dana").get(where, 401)
    call("alice").get("/api/v1/changes/2222-2222", 401)
    assert call("alice").get("/api/v1/changes/nonsense", 400).code == "malformed"
    assert call("bob").get(group_path(sandbox, part="changes")).body == {"changes": []}


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_the_portals_own_key_has_a_code_of_its_own(
    call: Call, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.fault("^PATCH ", "status", status=status)
    answer = call("alice").post(group_path(sandbox, part="changes"), LARGER, 503)
    assert answer.code == "cloud_key_refused"


def test_what_cloud_refuses_is_told_with_its_request_id(
    call: Call, sandbox: RunningSandbox
) -> None:
    sandbox.fault("^PATCH ", "status", status=400)
    answer = call("alice").post(group_path(sandbox, part="changes"), LARGER, 502)
    assert answer.code == "cloud_rejected"
    assert answer.body["cloud_request_id"]
    assert answer.codes == {("", "rejected_by_cloud")}
    where = f"/api/v1/changes/{answer.body['change_reference']}"
    assert call("alice").get(where).body["state"] == "rejected"


def test_what_never_reached_cloud_is_told_so(call: Call, sandbox: RunningSandbox) -> None:
    sandbox.fault("^PATCH ", "status", status=429)
    answer = call("alice").post(group_path(sandbox, part="changes"), LARGER, 503)
    where = f"/api/v1/changes/{answer.body['change_reference']}"
    assert call("alice").get(where).body["state"] == "failed"


def test_an_unknown_outcome_keeps_the_group_closed(call: Call, sandbox: RunningSandbox) -> None:
    client, path = call("alice"), group_path(sandbox, part="changes")
    sandbox.fault("^PATCH ", "reset")
    made = client.post(path, LARGER, 202)
    assert made.body["state"] == "unknown"
    assert client.get(group_path(sandbox)).body["change_in_flight"] == made.body["reference"]
    answer = client.post(path, {**LARGER, "num_replicas": 2}, 409)
    assert answer.code == "change_in_flight"
    assert answer.body["change_reference"] == made.body["reference"]


@pytest.mark.parametrize("state", ChangeState)
def test_what_was_so_already_is_told_like_nothing_to_change(state: ChangeState) -> None:
    change = make_change(state=state)
    if state in {ChangeState.REJECTED, ChangeState.FAILED}:
        with pytest.raises(ChangeNotDone):
            done(change)
    else:
        assert done(change) == (None if state is ChangeState.UNCHANGED else change)


def test_a_frozen_portal_changes_nothing(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    frozen = "INSERT INTO freezes (reason, frozen_by, frozen_at) VALUES ('x', 'root', ?)"
    portal.execute(frozen, "2026-01-01 00:00:00.000000")
    client = ApiClient(portal.url, sandbox.person("alice"))
    answer = client.post(group_path(sandbox, part="changes"), LARGER, 503)
    assert answer.code == "changes_closed"
    client.get(group_path(sandbox))
