"""Everybody sees what they may do and which rule says so, and nothing of others."""

from typing import Any

import pytest

from tests.conftest import SignIn, StartPortal
from tests.support.browser import Browser
from tests.support.page_checks import words
from tests.support.portal import PortalProcess


@pytest.mark.parametrize("name", ["alice", "bob", "dana"])
def test_the_masthead_leads_to_the_account(sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    page = browser.get(browser.get("/groups").link("Your account"))
    assert page.h1 == "Your account"
    assert page.text("main dd:first-of-type").startswith(name)


def test_bob_reads_why_he_may_read_and_not_scale(sign_in: SignIn) -> None:
    page = sign_in("bob").get("/account")
    assert page.text("main summary") == "All 5 groups view"
    fold = page.text("main details")
    assert "You may view the group view Given to the role analytics_viewer" in fold
    assert "You may not change its size scale No rule gives it" in fold
    assert "ClickHouse roles analytics_viewer" in page.main


def test_groups_with_other_permissions_stand_apart(start_portal: StartPortal) -> None:
    def deny(config: dict[str, Any]) -> None:
        rule = {"users": ["alice"], "deny": ["power"]}
        config["warehouses"][0]["groups"][1].setdefault("access", []).append(rule)

    portal = start_portal(adapt=deny)
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person("alice"))
    page = browser.get("/account")
    assert [words(tag) for tag in page.soup.select("main summary")] == [
        (
            "Analytics primary, Analytics ad hoc, Analytics archive, Analytics month end "
            "view, wake, boost, scale, start/stop, schedule, audit"
        ),
        "Analytics reporting view, wake, boost, scale, schedule, audit",
    ]
    assert "You may not start and stop it start/stop Denied by name" in page.text("main details")


def test_nobody_reads_of_groups_that_are_not_theirs(sign_in: SignIn) -> None:
    page = sign_in("dana").get("/account")
    assert page.text("main summary") == "Marketing campaigns view, wake, boost, scale"
    assert "Analytics" not in page.main
    assert "alice" not in page.response.text


def test_strangers_sign_in_first(portal: PortalProcess, sign_in: SignIn) -> None:
    browser = sign_in("alice")
    browser.session.cookies.clear()
    browser.is_signed_in = False
    assert browser.get("/account", to="/sign-in?next=/account").h1 == "Sign in"
