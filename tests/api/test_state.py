"""Waking, starting and stopping a group in one request."""

import pytest

from tests.api.conftest import Call
from tests.api.paths import AD_HOC, CAMPAIGNS, MONTH_END, REPORTING, group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.mark.parametrize(
    ("group", "command", "sent"), [(AD_HOC, "wake", "awake"), (MONTH_END, "start", "start")]
)
def test_a_command_is_sent_and_is_a_change(
    call: Call, sandbox: RunningSandbox, group: str, command: str, sent: str
) -> None:
    path = group_path(sandbox, group, "state")
    made = call("alice").post(path, {"command": command, "reason": "Monday"}, 201)
    assert sandbox.patches() == [{"command": sent}]
    assert (made.body["act"], made.body["reason"]) == (command, "Monday")
    again = call("alice").post(path, {"command": command}, 200)
    assert again.body == {"message": "That is in progress or done already."}


@pytest.mark.parametrize(
    ("state", "command"), [("stopped", "start"), ("idle", "wake"), ("running", "stop")]
)
@pytest.mark.parametrize("reason", [{}, {"reason": ""}, {"reason": " "}])
def test_a_reason_is_asked_for_where_the_owners_want_one(
    call: Call,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    state: str,
    command: str,
    reason: dict[str, str],
) -> None:
    sandbox.force(MONTH_END, state=state)
    client, path = call("alice"), group_path(sandbox, MONTH_END, "state")
    client.get(group_path(sandbox, MONTH_END))
    body = {"command": command, "confirm_name": MONTH_END}
    assert client.post(path, body | reason, 422).codes == {("reason", "reason_needed")}
    assert sandbox.writes() == []
    assert portal.execute("SELECT * FROM changes") == []
    made = client.post(path, body | {"reason": "Monday"}, 201)
    assert made.body["reason"] == "Monday"


def test_a_stop_needs_the_name_of_the_group_and_the_password_again(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    client, path = call("alice"), group_path(sandbox, part="state")
    client.get(group_path(sandbox))
    for name in ({}, {"confirm_name": "reporting"}):
        answer = client.post(path, {"command": "stop", **name}, 422)
        assert answer.codes == {("confirm_name", "group_name_needed")}
    assert portal.execute("SELECT * FROM changes") == []
    checked = len(sandbox.requests("clickhouse"))
    client.post(path, {"command": "stop", "confirm_name": REPORTING}, 201)
    assert len(sandbox.requests("clickhouse")) == checked + 1
    assert sandbox.patches() == [{"command": "stop"}]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {("command", "required")}),
        ({"command": "awake"}, {("command", "command_unknown")}),
        ({"command": "scale"}, {("command", "command_unknown")}),
        ({"command": 1}, {("command", "not_text")}),
        ({"command": None}, {("command", "not_text")}),
        ({"command": "wake", "reason": "x" * 501}, {("reason", "reason_too_long")}),
        ({"command": "wake", "confirm_name": 4}, {("confirm_name", "not_text")}),
        ({"command": "wake", "now": True}, {("now", "unknown_field")}),
    ],
)
def test_every_broken_rule_is_told(
    call: Call, sandbox: RunningSandbox, body: dict[str, object], codes: set[tuple[str, str]]
) -> None:
    assert call("alice").post(group_path(sandbox, AD_HOC, "state"), body, 422).codes == codes
    assert sandbox.writes() == []


def test_a_command_that_does_not_fit_the_state_is_not_possible(
    call: Call, sandbox: RunningSandbox
) -> None:
    path = group_path(sandbox, MONTH_END, "state")
    answer = call("alice").post(path, {"command": "wake"}, 409)
    assert answer.code == "not_possible"
    assert sandbox.writes() == []


def test_each_command_needs_its_permission(call: Call, sandbox: RunningSandbox) -> None:
    call("bob").post(group_path(sandbox, AD_HOC, "state"), {"command": "wake"}, 403)
    stop = {"command": "stop", "confirm_name": CAMPAIGNS}
    call("dana").post(group_path(sandbox, CAMPAIGNS, "state"), stop, 403)
    assert sandbox.writes() == []
