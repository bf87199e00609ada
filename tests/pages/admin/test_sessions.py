"""The administrator sees who is signed in and can end it."""

import re
from datetime import timedelta

from tests.access_portal import time_ago
from tests.pages.admin.administrator import NAME, AdminBrowser
from tests.support.browser import Browser
from tests.support.page_checks import words
from tests.support.portal import PortalProcess


def signed_in(portal: PortalProcess, name: str) -> Browser:
    """A new session of somebody."""
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person(name))
    return browser


def is_in(browser: Browser) -> bool:
    """Whether the browser is still signed in."""
    return browser.fetch("GET", "/groups").status_code == 200


def test_sessions_are_listed_by_person(admin: AdminBrowser, portal: PortalProcess) -> None:
    for name in ("alice", "alice", "dana"):
        signed_in(portal, name)
    page = admin.get("/admin/sessions")
    people = [words(tag) for tag in page.soup.select(".people-head th")]
    assert people == ["dana Marketing", "alice Analytics", f"{NAME} administrator"]
    counts = [len(tag.select("td[data-label=From]")) for tag in page.soup.select(".people tbody")]
    assert counts == [1, 2, 1]
    assert page.text(".people .tag") == "this one"


def test_each_session_says_its_browser_and_its_system(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    alice = Browser(portal.url)
    alice.session.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"
    alice.sign_in(portal.sandbox.person("alice"))
    shown = admin.get("/admin/sessions").soup.select(".people td[data-label=Browser]")
    assert [words(tag) for tag in shown] == ["Firefox on Linux", "not known"]
    assert "Firefox on Linux" in alice.get("/account").main


def test_many_sessions_have_pages(admin: AdminBrowser, portal: PortalProcess) -> None:
    fields = "token_hash, is_admin, warehouse, user, roles, address, created_at, seen_at"
    now = time_ago(timedelta())
    for number in range(41):
        portal.execute(
            f"INSERT INTO sessions ({fields}) VALUES (?, 0, 'analytics', ?, '[]', '', ?, ?)",  # noqa: S608 - our own names
            f"hash {number}",
            f"person {number}",
            now,
            now,
        )
    page = admin.get("/admin/sessions")
    assert "1 to 40 of 42" in page.main
    assert "41 to 42 of 42" in admin.get(page.link("Next sessions")).main


# ASVS 7.4.5
def test_one_session_is_ended(admin: AdminBrowser, portal: PortalProcess) -> None:
    first, second = signed_in(portal, "alice"), signed_in(portal, "alice")
    address = str(second.session.headers["X-Forwarded-For"])
    admin.get("/admin/sessions")
    admin.submit(f"Sign out this session of alice from {address}", to="/admin/sessions")
    assert (is_in(first), is_in(second)) == (True, False)


# ASVS 7.4.5
def test_all_sessions_of_one_person_are_ended(admin: AdminBrowser, portal: PortalProcess) -> None:
    alice, also_alice, bob = (signed_in(portal, name) for name in ("alice", "alice", "bob"))
    admin.get("/admin/sessions")
    admin.submit("Sign out all sessions of alice", to="/admin/sessions")
    assert not is_in(alice)
    assert not is_in(also_alice)
    assert is_in(bob)
    assert admin.get("/admin").h1 == "Administration"


def test_the_same_name_in_another_warehouse_is_somebody_else(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    dana = signed_in(portal, "dana")
    fields = {"csrf_token": admin.page.csrf_token, "warehouse": "analytics", "user": "dana"}
    admin.post("/admin/sessions/end-all-of-user", fields, to="/admin/sessions")
    assert is_in(dana)


def test_a_session_that_has_ended_already_needs_nothing_more(admin: AdminBrowser) -> None:
    fields = {"csrf_token": admin.page.csrf_token}
    admin.post("/admin/sessions/987654/end", fields, to="/admin/sessions")


def test_ending_ones_own_session_signs_the_administrator_out(admin: AdminBrowser) -> None:
    admin.get("/admin/sessions")
    button = next(
        text
        for tag in admin.page.soup.find_all("button")
        if re.match(rf"Sign out this session of {NAME}", text := words(tag))
    )
    form = admin.page.form_of(button)
    fields = {"csrf_token": admin.page.csrf_token}
    admin.post(str(form["action"]), fields, to="/admin/sign-in?signed_out=1")


def test_the_end_of_the_administrators_own_session_is_announced_and_can_be_put_off(
    admin: AdminBrowser, portal: PortalProcess
) -> None:
    portal.age("sessions", "seen_at", 28 * 60 + 1)
    page = admin.get("/session/live")
    assert page.text(".notice-message").startswith("You will be signed out today ")
    fields = {"csrf_token": page.csrf_token}
    place = admin.post("/session/stay", fields, to="/admin").soup.select_one("[data-session]")
    assert place is not None
    assert place["data-sign-in"] == "/admin/sign-in?ended=1"
    assert admin.get("/session/live").text("*") == ""
