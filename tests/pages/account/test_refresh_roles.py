"""Roles are read again when the password is entered again, in a session with a new id."""

import re

import pytest

from tests.pages.account.conftest import Enter
from tests.support.browser import Browser
from tests.support.portal import PortalProcess

REFRESH = "Refresh your roles"
DONE = "/account?refreshed=1"


@pytest.fixture
def bob(enter: Enter, fresh_portal: PortalProcess) -> Browser:
    """Bob, signed in before he was given the role that lets him look."""
    browser = enter("bob")
    fresh_portal.execute("UPDATE sessions SET roles = '[]'")
    browser.get("/account")
    return browser


def test_new_roles_count_from_then_on(bob: Browser) -> None:
    assert "You have no compute group here any more." in bob.page.main
    page = bob.submit(REFRESH, {"password": "bob-sandbox-1"}, to=DONE)
    assert "Your roles are up to date." in page.main
    assert page.text("main summary") == "All 5 groups view"


def test_roles_that_were_taken_away_end_in_all_sessions(
    enter: Enter, fresh_portal: PortalProcess
) -> None:
    here, there = enter("dana"), enter("dana")
    roles = '["marketing_operator", "analytics_viewer", "gone"]'
    fresh_portal.execute("UPDATE sessions SET roles = ?", roles)
    here.get("/account")
    here.submit(REFRESH, {"password": "dana-sandbox-1"}, to=DONE)
    assert "gone" not in there.get("/account").main


# ASVS 7.2.4
def test_the_session_gets_a_new_id_and_the_old_one_is_worthless(
    bob: Browser, fresh_portal: PortalProcess
) -> None:
    stolen = bob.clone()
    before = fresh_portal.execute("SELECT token_hash FROM sessions")
    bob.submit(REFRESH, {"password": "bob-sandbox-1"}, to=DONE)
    after = fresh_portal.execute("SELECT token_hash FROM sessions")
    assert len(after) == 1
    assert after != before
    assert stolen.fetch("GET", "/groups").status_code == 303


def test_a_wrong_password_changes_nothing(bob: Browser, fresh_portal: PortalProcess) -> None:
    page = bob.submit(REFRESH, {"password": "wrong"}, status=401)
    assert "The user name or the password is wrong for this warehouse." in page.main
    assert "wrong" not in page.soup.select("main form")[0].get_text()
    assert fresh_portal.execute("SELECT roles FROM sessions") == [("[]",)]
    bob.get("/account")


def test_no_password_is_said_beside_the_field_and_never_sent(
    bob: Browser, fresh_portal: PortalProcess
) -> None:
    before = len(fresh_portal.sandbox.requests("clickhouse"))
    page = bob.submit(REFRESH, status=422)
    assert page.problem("password") == "Enter your password"
    assert len(fresh_portal.sandbox.requests("clickhouse")) == before


def test_an_idle_warehouse_is_not_woken_for_it(bob: Browser, fresh_portal: PortalProcess) -> None:
    sandbox = fresh_portal.sandbox
    for item in sandbox.world["services"]:
        if item["name"].startswith("Analytics"):
            sandbox.force(item["name"], state="idle")
    fresh_portal.execute("UPDATE readings SET tried_at = NULL")  # what was running is read anew
    page = bob.submit(REFRESH, {"password": "bob-sandbox-1"}, status=409)
    assert "No compute group is running that could check your password." in page.main
    assert "Wake one of the warehouse first, then try again." in page.main
    assert sandbox.writes() == []


# ASVS 7.4.1, 7.5.1
def test_three_wrong_passwords_in_a_row_end_that_session_and_no_other(
    enter: Enter, fresh_portal: PortalProcess
) -> None:
    here, there = enter("alice"), enter("alice")
    here.get("/account")
    for _ in range(2):
        here.submit(REFRESH, {"password": "wrong"}, status=401)
    here.submit(REFRESH, {"password": "alice-sandbox-1"}, to=DONE)
    for _ in range(2):  # from the beginning, since it was right in between
        here.submit(REFRESH, {"password": "wrong"}, status=401)
    here.is_signed_in = False
    here.submit(REFRESH, {"password": "wrong"}, to=re.compile("/sign-in.*"))
    assert "Your session has ended." in here.page.main
    assert len(fresh_portal.execute("SELECT 1 FROM sessions")) == 1
    there.get("/groups")


def test_a_strangers_wrong_passwords_end_nobodys_session(
    enter: Enter, fresh_portal: PortalProcess
) -> None:
    alice, stranger = enter("alice"), Browser(fresh_portal.url)
    stranger.get("/sign-in")
    given = {"warehouse": "analytics", "user": "alice", "password": "wrong"}
    for _ in range(10):
        stranger.submit("Sign in", given, status=401)
    alice.get("/groups")


def test_guessing_is_slowed_down_as_at_the_sign_in(enter: Enter) -> None:
    # Her name is not slowed down from where she has signed in; her address is, after 30 failures.
    for _ in range(15):
        alice = enter("alice")
        alice.get("/account")
        for _ in range(2):
            alice.submit(REFRESH, {"password": "wrong"}, status=401)
    page = alice.submit(REFRESH, {"password": "alice-sandbox-1"}, status=429)
    assert "There were too many attempts to sign in." in page.main
    assert int(page.response.headers["Retry-After"]) >= 1
