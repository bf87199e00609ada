"""Waking, starting and stopping: what is sent, what the pages say, and what is not sent twice."""

import re

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

AD_HOC = "Analytics ad hoc"
MONTH_END = "Analytics month end"
COMMANDS = [
    # group, button, command, then: title and words in progress, title and words at the end
    (AD_HOC, "Wake", "awake", ("Waking up", "a minute or two"), "Awake"),
    (MONTH_END, "Start", "start", ("Starting", "a few minutes"), "Started"),
]
each_action = pytest.mark.parametrize(
    ("group", "action", "command", "in_progress", "end"), COMMANDS, ids=["wake", "start"]
)


def press(browser: Browser, sandbox: RunningSandbox, group: str, action: str) -> Page:
    """Press the one button of an action, on to the change's page; give a reason where one is
    asked for."""
    browser.get(group_path(sandbox, group))
    if group != MONTH_END:
        return browser.submit(f"{action} this group", to=TO_CHANGE)
    browser.submit(f"{action} this group", to=TO_REVIEW)
    return browser.submit(f"{action} {group}", {"reason": "Books are closed"}, to=TO_CHANGE)


@each_action
def test_one_press_sends_one_command(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    group: str,
    action: str,
    command: str,
    in_progress: tuple[str, str],
    end: str,
) -> None:
    alice = sign_in("alice")
    page = press(alice, sandbox, group, action)
    title, words = in_progress
    assert page.text(".headline-state") == title
    assert f"ClickHouse Cloud has accepted it. This usually takes {words}." in page.text(
        ".headline"
    )
    assert f"Action{action} Requested byalice" in page.text(".summary-list")
    [write] = sandbox.writes()
    assert write["method"] == "PATCH"
    assert write["path"].endswith(f"/services/{sandbox.service_id(group)}/state")
    assert write["body"] == {"command": command}
    sandbox.advance(15)
    assert alice.get(page.path).text(".headline-state") == end
    assert "The group accepts queries." in alice.page.text(".headline")
    assert action in alice.get(group_path(sandbox, group)).text("table")


@each_action
def test_a_second_press_meanwhile_sends_nothing(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    group: str,
    action: str,
    command: str,
    in_progress: tuple[str, str],
    end: str,
) -> None:
    alice, window = sign_in("alice"), sign_in("alice")
    window.get(group_path(sandbox, group))
    press(alice, sandbox, group, action)
    page = window.submit(f"{action} this group", to=group_path(sandbox, group))
    assert "This is in progress already." in page.main
    assert not page.has(f"{action} this group")
    assert sandbox.patches() == [{"command": command}]


@each_action
def test_what_has_happened_already_is_not_asked_again(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    group: str,
    action: str,
    command: str,
    in_progress: tuple[str, str],
    end: str,
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, group))
    sandbox.force(group, state="running")
    alice.submit(f"{action} this group", to=group_path(sandbox, group))
    assert sandbox.writes() == []


@pytest.mark.parametrize(
    ("state", "button", "confirm", "secrets"),
    [
        ("stopped", "Start this group", f"Start {MONTH_END}", {}),
        ("idle", "Wake this group", f"Wake {MONTH_END}", {}),
        (
            "running",
            "Stop this group …",
            f"Stop {MONTH_END}",
            {"group_name": MONTH_END, "password": "alice-sandbox-1"},
        ),
    ],
)
def test_where_a_reason_is_required_nothing_is_sent_without_one(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    portal: PortalProcess,
    state: str,
    button: str,
    confirm: str,
    secrets: dict[str, str],
) -> None:
    alice = sign_in("alice")
    sandbox.force(MONTH_END, state=state)
    alice.get(group_path(sandbox, MONTH_END))
    alice.submit(button, to=TO_REVIEW)
    page = alice.submit(confirm, {"reason": "  ", **secrets}, status=422)
    assert page.problem("reason") == "Enter a reason, so that others can see why"
    long = alice.submit(confirm, {"reason": "x" * 501, **secrets}, status=422)
    assert long.problem("reason") == "Shorten the reason to 500 characters"
    assert sandbox.writes() == []
    shown = alice.submit(confirm, {"reason": "Books are closed", **secrets}, to=TO_CHANGE)
    assert "Books are closed" in shown.main
    assert portal.execute("SELECT reason FROM changes") == [("Books are closed",)]
    confirmed = "SELECT text FROM events WHERE text LIKE '%\"confirm\"%' ORDER BY seq DESC LIMIT 1"
    assert '"reason":"Books are closed"' in portal.execute(confirmed)[0][0]


def test_a_command_without_an_answer_is_settled_by_looking(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.fault("PATCH", "drop_after_apply")
    page = press(sign_in("alice"), sandbox, AD_HOC, "Wake")
    assert page.text(".headline-state") == "Waking up"
    assert "By reading the configuration back." in page.text(".summary-list")
    assert sandbox.patches() == [{"command": "awake"}]


def test_a_command_that_cloud_refuses_is_shown_with_its_reason(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.fault("PATCH", "status", status=409)
    page = press(sign_in("alice"), sandbox, AD_HOC, "Wake")
    assert page.text(".headline-state") == "Rejected by ClickHouse Cloud"
    assert not page.has("Correct it")  # there are no values to correct
    assert sign_in("alice").get(group_path(sandbox, AD_HOC)).has("Wake this group")


def test_nobody_else_can_change_the_group_while_the_outcome_is_not_known(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    sandbox.fault("PATCH", "reset")
    press(alice, sandbox, AD_HOC, "Wake")
    page = alice.get(group_path(sandbox, AD_HOC))
    assert not page.has("Wake this group")
    assert "alice is changing this group." in page.main
    alice.post(group_path(sandbox, AD_HOC, "wake"), {"csrf_token": page.csrf_token}, status=409)
    assert len(sandbox.patches()) == 1


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (REPORTING, "The other groups of the warehouse are not affected."),
        ("Analytics primary", "The other groups of the warehouse go on, but what ClickHouse Cloud"),
    ],
)
def test_stopping_goes_through_a_page_that_names_the_effects(
    sign_in: SignIn, sandbox: RunningSandbox, group: str, words: str
) -> None:
    alice = sign_in("alice")
    alice.get(group_path(sandbox, group))
    page = alice.submit("Stop this group …", to=TO_REVIEW)
    assert page.h1 == f"Stop {group}?"
    assert "Queries that are running on it end at once, and new ones are refused." in page.main
    assert "It stays off, and costs no compute, until somebody starts it again." in page.main
    assert words in page.main
    assert {"group_name", "password"} <= {
        str(tag["name"]) for tag in page.form_of(f"Stop {group}").select("input[name]")
    }
    assert f"Type “{group}”." in page.main
    assert page.has("Cancel")
    assert sandbox.writes() == []


def test_what_waking_and_starting_cost_and_ask_for_stands_beside_the_button(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(fresh_portal.url)
    alice.sign_in(sandbox.person("alice"))
    page = alice.get(group_path(sandbox, AD_HOC))
    assert re.search(r"Usually a minute or two, then \$[0-9.]+ to \$[0-9.]+ per hour\.", page.main)
    page = alice.get(group_path(sandbox, MONTH_END))
    assert "per hour. You are asked for a reason." in page.main


def test_waking_what_is_beyond_the_soft_limit_goes_through_a_review_with_the_password(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, state="idle", maxReplicaMemoryGb=120, numReplicas=3)
    alice = sign_in("alice")
    page = alice.get(group_path(sandbox))
    assert "You are asked for your password, as it is large." in page.main
    page = alice.submit("Wake this group", to=TO_REVIEW)
    assert "Confirm your password to continue." in page.main
    assert sandbox.patches() == []
    alice.submit(f"Wake {REPORTING}", {"password": "wrong"}, status=401)
    assert sandbox.patches() == []
    password = sandbox.person("alice").password
    alice.submit(f"Wake {REPORTING}", {"password": password}, to=TO_CHANGE)
    assert sandbox.patches() == [{"command": "awake"}]
