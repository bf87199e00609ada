"""A session in which the password was last given long ago: every change asks for it again."""

import re

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

SCALE = f"Scale {REPORTING}"
PASSWORD = {"password": "alice-sandbox-1"}
HOUR = 3600


@pytest.fixture
def own_portal(start_portal: StartPortal) -> PortalProcess:
    """A portal whose sessions the test may age."""
    return start_portal(entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1")


@pytest.fixture
def alice(own_portal: PortalProcess, sandbox: RunningSandbox) -> Browser:
    """Alice, who signed in an hour and a minute ago and has looked at pages since."""
    browser = Browser(own_portal.url)
    browser.sign_in(sandbox.person("alice"))
    own_portal.age("sessions", "verified_at", HOUR + 60)
    return browser


# ASVS 7.5.1
def test_an_hour_after_the_password_every_change_asks_for_it_and_then_not_again(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    page = draft(alice, sandbox)
    assert "You last entered your password some time ago" in page.main
    assert alice.submit(SCALE, status=422).problem("password") == "Enter your password"
    assert sandbox.writes() == []
    alice.submit(SCALE, PASSWORD, to=TO_CHANGE)
    assert len(sandbox.patches()) == 1
    draft(alice, sandbox, "Analytics primary")
    confirm(alice, "Analytics primary")
    assert len(sandbox.patches()) == 2


def test_waking_at_one_press_asks_too(alice: Browser, sandbox: RunningSandbox) -> None:
    sandbox.force(REPORTING, state="idle")
    alice.get(group_path(sandbox))
    alice.submit("Wake this group", to=TO_REVIEW)
    assert sandbox.writes() == []
    alice.submit(f"Wake {REPORTING}", PASSWORD, to=TO_CHANGE)
    assert sandbox.patches() == [{"command": "awake"}]


def test_a_user_who_was_dropped_changes_nothing_any_more(
    alice: Browser, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox)
    sandbox.fault("clickhouse:", "status", status=403, code=516, times=None)
    for _ in range(2):
        alice.submit(SCALE, PASSWORD, status=401)
    alice.is_signed_in = False
    alice.submit(SCALE, PASSWORD, to=re.compile("/sign-in.*"))
    assert sandbox.writes() == []


def test_within_the_hour_no_password_is_asked_for(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    page = draft(alice, sandbox)
    assert page.soup.select_one("#password") is None
    confirm(alice)


def test_a_sign_in_that_brings_fewer_roles_takes_them_away_everywhere(
    own_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    here, there = Browser(own_portal.url), Browser(own_portal.url)
    here.sign_in(sandbox.person("bob"))
    roles = '["analytics_operator", "analytics_viewer"]'
    own_portal.execute("UPDATE sessions SET roles = ?", roles)
    there.sign_in(sandbox.person("bob"))
    assert own_portal.execute("SELECT DISTINCT roles FROM sessions") == [('["analytics_viewer"]',)]
