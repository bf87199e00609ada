"""Cooldown and number of changes per hour: told before the form, and judged after it."""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.conftest import SignIn
from tests.pages.people import TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

MONTH_END = "Analytics month end"
WAITS = (
    r"Cooldown after a memory change\. Possible again from (today|tomorrow) [0-2][0-9]:[0-5][0-9]"
)
"""Tomorrow in the last minutes of a day."""

Typed = Mapping[str, str]


@pytest.fixture
def alice(sign_in: SignIn) -> Browser:
    """Alice, who owns every group of Analytics."""
    return sign_in("alice")


@pytest.fixture
def rules(portal: PortalProcess) -> Iterator[PortalProcess]:
    """The portal that all share; its rules are put back afterwards."""
    yield portal
    portal.configure(dict)


def ask(browser: Browser, sandbox: RunningSandbox, group: str, typed: Typed) -> Page:
    """Ask for what is refused."""
    browser.get(group_path(sandbox, group, "scale"))
    return browser.submit("Review changes", typed, status=422)


# ASVS 2.3.2
def test_too_many_changes_in_an_hour_close_the_form_and_are_refused_above_it(
    alice: Browser, sandbox: RunningSandbox, rules: PortalProcess
) -> None:
    def allow(number: int) -> None:
        limits = {"max_changes_per_hour": number}
        rules.configure(lambda config: config["warehouses"][0]["groups"][1].update(limits=limits))

    allow(1)
    page = draft(alice, sandbox, num_replicas="2")
    assert "the limit of changes per hour is reached. The next one is possible from" in page.main
    confirm(alice)
    # The form is closed before anything is typed; one that was open already is judged.
    page = alice.get(group_path(sandbox, part="scale"))
    assert "The limit of changes per hour for this group is 1. Possible again from" in page.main
    assert page.soup.select("main form") == []
    allow(2)
    alice.get(group_path(sandbox, part="scale"))
    allow(1)
    page = alice.submit("Review changes", {"idle_timeout_minutes": "20"}, status=422)
    assert page.summary == ["The limit of changes per hour for this group is 1; try again later"]
    assert page.value("idle_timeout_minutes") == "20"
    rules.age("changes", "sent_at", 3601)
    alice.submit("Review changes", {"idle_timeout_minutes": "20"}, to=TO_REVIEW)
    assert len(sandbox.patches()) == 1


def test_after_a_change_of_size_the_group_rests(
    alice: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    typed = {"num_replicas": "3", "reason": "the books"}
    page = draft(alice, sandbox, MONTH_END, **typed)
    assert "No further size change for 10 minutes: the group has a cooldown." in page.main
    change = confirm(alice, MONTH_END)
    # What is refused now is offered on no page, and the pages say until when.
    page = alice.get(change.path)
    assert re.search(rf"It cannot be undone now\. {WAITS}", page.main)
    page = alice.get(group_path(sandbox, MONTH_END))
    assert re.search(rf"Scale and undo the last change: {WAITS}", page.main)
    page = alice.get(page.link("change idling"))
    assert re.search(rf"Only idling can be changed now\. Memory and replicas: {WAITS}", page.main)
    page = alice.get(group_path(sandbox, MONTH_END))
    assert not page.has("Scale this group")
    assert not page.has("Undo the last change …")
    again = {"num_replicas": "4", "reason": "more books"}
    page = ask(alice, sandbox, MONTH_END, again)
    assert page.summary == ["Cooldown after a memory change; try again in 10 min"]
    assert page.soup.select(".field.has-problem") == []
    draft(alice, sandbox, MONTH_END, idle_timeout_minutes="20", reason="its size stays")
    portal.age("changes", "sent_at", 601)
    draft(alice, sandbox, MONTH_END, **again)
    assert sandbox.patches() == [{"numReplicas": 3}]


def test_a_draft_from_before_the_cooldown_is_refused_when_it_is_confirmed(
    alice: Browser, sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    other = sign_in("alice")
    draft(alice, sandbox, MONTH_END, num_replicas="3", reason="the books")
    confirm(alice, MONTH_END)
    sandbox.force(MONTH_END, numReplicas=2)
    page = ask(other, sandbox, MONTH_END, {"num_replicas": "4", "reason": "more books"})
    assert "Cooldown after a memory change" in page.summary[0]
    assert len(sandbox.patches()) == 1


def test_the_cooldown_is_told_beside_what_is_wrong_with_the_fields(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox, MONTH_END, num_replicas="3", reason="the books")
    confirm(alice, MONTH_END)
    typed = {"num_replicas": "4", "idle_timeout_minutes": "never", "reason": ""}
    page = ask(alice, sandbox, MONTH_END, typed)
    assert len(page.summary) == 3
    assert page.summary[0] == "Cooldown after a memory change; try again in 10 min"
    assert page.problem("idle_timeout_minutes") == "Enter a whole number, such as 4"
    assert page.problem("reason") == "Enter a reason, so that others can see why"
