"""Signing out ends the session on the server, whatever copies of the cookie exist."""

import re
import threading

from tests.pages.people import REPORTING, draft
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_a_saved_cookie_is_worth_nothing_after_signing_out(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    # ASVS 7.4.1
    browser.sign_in(sandbox.person("alice"))
    saved = browser.clone()
    assert saved.get("/groups").h1 == "Your compute groups"
    assert "You are signed out." in browser.sign_out().main
    saved.is_signed_in = False
    saved.get("/groups", to="/sign-in?next=/groups")
    assert saved.fetch("GET", "/groups/live").status_code == 401


def test_signing_out_clears_the_browser(browser: Browser, sandbox: RunningSandbox) -> None:
    # ASVS 14.3.1
    page = browser.sign_in(sandbox.person("alice"))
    answer = browser.fetch(
        "POST",
        "/sign-out",
        data={"csrf_token": page.csrf_token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert set(browser.session.cookies.keys()) <= {"look", "warehouse"}


def test_only_a_form_of_the_portal_signs_out(browser: Browser, sandbox: RunningSandbox) -> None:
    browser.sign_in(sandbox.person("alice"))
    browser.get("/sign-out", 405)
    browser.post("/sign-out", status=403)
    assert browser.get("/groups").h1 == "Your compute groups"


def test_signing_out_while_a_change_is_being_confirmed_stops_it(
    browser: Browser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    browser.sign_in(sandbox.person("alice"))
    draft(browser, sandbox)
    other = browser.clone()
    other.get("/groups")
    # The look at the group that comes just before the change takes a while.
    sandbox.fault(f"GET .*/services/{sandbox.service_id(REPORTING)}$", "slow", seconds=2)
    leaving = threading.Timer(0.7, other.sign_out)
    leaving.start()
    browser.is_signed_in = False
    browser.submit(f"Scale {REPORTING}", to=re.compile("/sign-in.*"))
    leaving.join()
    assert sandbox.writes() == []
    assert portal.execute("SELECT state, sent_at FROM changes") == [("draft", None)]
