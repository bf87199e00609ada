"""Signing out ends the session on the server, whatever copies of the cookie exist."""

from tests.support.browser import Browser
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
