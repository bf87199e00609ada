"""What is offered in every state that Cloud knows, and in one that it does not.

Written from Cloud's documentation: waking is for idle services, starting for stopped ones;
`start` on an idle service does nothing and `awake` on a stopped one is a 400.
"""

import pytest

from tests.conftest import SignIn
from tests.pages.people import CAMPAIGNS, REPORTING, group_path
from tests.support.browser import Browser, Page
from tests.support.page_checks import words
from tests.support.sandbox import RunningSandbox

BUTTONS = {
    "Scale": "Scale this group",
    "Wake": "Wake this group",
    "Start": "Start this group",
    "Stop": "Stop this group …",
}
ELSEWHERE = {
    "Wake": "Only an idle group can be woken.",
    "Start": "Only a stopped group can be started.",
    "Stop": "Only a group that is running or idle can be stopped.",
}
GONE = "It can no longer be used or scaled."
IN_PROGRESS = "This is in progress already."

STATES: list[tuple[str, str, set[str], str, str]] = [
    # state, as the page calls it, what is offered, what is in progress, why it cannot be scaled
    ("provisioning", "being created", set(), "", "It is being set up for the first time."),
    ("starting", "starting", {"Scale"}, "Start", ""),
    ("running", "running", {"Scale", "Stop"}, "", ""),
    ("partially_running", "partly running", {"Scale", "Stop"}, "", ""),
    ("degraded", "degraded", {"Scale", "Stop"}, "", ""),
    ("awaking", "waking up", {"Scale"}, "Wake", ""),
    ("idle", "idle", {"Scale", "Wake", "Stop"}, "", ""),
    ("stopping", "stopping", set(), "Stop", "It is being stopped."),
    ("stopped", "stopped", {"Scale", "Start"}, "", ""),
    ("terminating", "being deleted", set(), "", GONE),
    ("terminated", "deleted", set(), "", GONE),
    ("softdeleting", "being deleted", set(), "", GONE),
    ("softdeleted", "deleted", set(), "", GONE),
    ("failed", "failed", set(), "", "ClickHouse Cloud could not bring it up."),
    ("hibernating", "not known", set(), "", "ClickHouse Cloud names a state that this portal"),
]
NAMES = [state for state, *_ in STATES]


def quoted(label: str) -> str:
    """A state in a sentence: one that the portal does not know with Cloud's word for it."""
    return "not known (“hibernating”)" if label == "not known" else f"“{label}”"


def disabled_reason(page: Page, action: str) -> str:
    """The reason on the page for an action that is not offered; "" if it gives none."""
    for tag in page.soup.select(".disabled-actions li, p.disabled-actions"):
        actions, _, reason = words(tag).partition(": ")
        if action in actions.split(", "):
            return reason
    return ""


@pytest.mark.parametrize(("state", "label", "offered", "in_progress", "fixed"), STATES, ids=NAMES)
def test_each_state_shows_what_makes_sense_and_says_why_disabled_the_others(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    state: str,
    label: str,
    offered: set[str],
    in_progress: str,
    fixed: str,
) -> None:
    sandbox.force(REPORTING, state=state)
    page = sign_in("alice").get(group_path(sandbox))
    assert {action for action, button in BUTTONS.items() if page.has(button)} == offered
    said = {action: disabled_reason(page, action) for action in BUTTONS}
    expected = dict.fromkeys(offered, "")
    for action in BUTTONS.keys() - offered - {"Scale"}:
        expected[action] = f"{ELSEWHERE[action]} Now it is {quoted(label)}."
    if in_progress:
        expected[in_progress] = IN_PROGRESS
    if "Scale" not in offered:
        assert said["Scale"].startswith(f"Its state is {quoted(label)}. {fixed}")
        expected["Scale"] = said["Scale"]
    assert said == expected


@pytest.mark.parametrize(("state", "label", "offered", "in_progress", "fixed"), STATES, ids=NAMES)
def test_what_is_not_offered_cannot_be_had_by_a_forged_form_either(
    sign_in: SignIn,
    sandbox: RunningSandbox,
    state: str,
    label: str,
    offered: set[str],
    in_progress: str,
    fixed: str,
) -> None:
    # ASVS 2.3.1
    alice = sign_in("alice")
    token = alice.get(group_path(sandbox)).csrf_token
    sandbox.force(REPORTING, state=state)
    for action in BUTTONS.keys() - offered - {"Scale"}:
        answer = alice.fetch(
            "POST",
            group_path(sandbox, part=action.lower()),
            data={"csrf_token": token},
            headers={"Origin": alice.url},
        )
        assert answer.status_code == (303 if has_happened(action, state) else 409), action
    if "Scale" not in offered:
        refuse_form(alice, sandbox, label)
    assert sandbox.writes() == []


def has_happened(action: str, state: str) -> bool:
    """Whether there is nothing left to do: then the group's page is the answer, no refusal."""
    up = {"running", "partially_running", "degraded"}
    return state in {
        "Wake": {"awaking", *up},
        "Start": {"starting", *up},
        "Stop": {"stopping", "stopped"},
    }.get(action, set())


def refuse_form(alice: Browser, sandbox: RunningSandbox, label: str) -> None:
    page = alice.get(group_path(sandbox, part="scale"), 409)
    assert f"Its state is {quoted(label)}." in page.main


def test_a_group_that_cloud_does_not_show_shows_nothing(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    sandbox.force(REPORTING, id="0c000000-0000-4000-8000-0000000000fe")
    page = sign_in("alice").get(group_path(sandbox))
    hidden = "ClickHouse Cloud does not show this group to the portal at the moment."
    assert {action: disabled_reason(page, action) for action in BUTTONS} == dict.fromkeys(
        BUTTONS, hidden
    )


def test_somebody_who_may_only_read_is_told_in_one_line_what_is_missing(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("bob").get(group_path(sandbox))
    assert (
        "You can view this group. To scale, wake, start or stop it you need the permissions "
        "“scale”, “wake” and “start/stop”, which whoever started this sandbox can give."
    ) in page.main
    assert not page.soup.select(".disabled-actions")


def test_somebody_who_may_do_some_things_is_told_what_is_missing_for_the_others(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    page = sign_in("dana").get(group_path(sandbox, CAMPAIGNS))
    assert "To start or stop it you need the permission “start/stop”" in page.main
    assert "You can view this group." not in page.main
    assert disabled_reason(page, "Wake").startswith("Only an idle group can be woken.")
