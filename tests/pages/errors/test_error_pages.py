"""Every way to say no is a page of the house, with a reference and a way on."""

import re

import pytest

from tests.conftest import SignIn
from tests.pages.people import group_path
from tests.support.browser import Browser, Page
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def assert_helpful(page: Page, portal: PortalProcess) -> None:
    found = re.search(r"give this reference: ([0-9a-f]{16}) \(status (\d+)\)", page.main)
    assert found, page.main
    assert int(found[2]) == page.status
    assert found[1] in portal.read_log()
    assert page.link("Your compute groups") == "/groups"
    for word in ("Traceback", "werkzeug", "sqlalchemy", "sorry", "oops", "forbidden", "invalid"):
        assert word not in page.response.text.lower()


def test_400_says_what_makes_no_sense(browser: Browser, portal: PortalProcess) -> None:
    page = browser.get("/sign-in?next=/a&next=/b", 400)
    assert "These fields were sent more than once: next." in page.main
    assert_helpful(page, portal)


def test_403_says_that_nothing_was_done(browser: Browser, portal: PortalProcess) -> None:
    page = browser.post("/sign-in", {"user": "zoe"}, status=403)
    assert "so nothing was done" in page.main
    assert_helpful(page, portal)


@pytest.mark.parametrize("person", [None, "alice"])
def test_404_looks_the_same_for_everybody(
    browser: Browser, sign_in: SignIn, portal: PortalProcess, person: str | None
) -> None:
    page = (sign_in(person) if person else browser).get("/nowhere", 404)
    assert page.h1 == "Page not found"
    assert_helpful(page, portal)


def test_405_says_where_to_go_instead(sign_in: SignIn) -> None:
    page = sign_in("alice").get("/sign-out", 405)
    assert "for the press of a button, not for a visit, so nothing was done" in page.main


def test_a_refused_change_says_that_nothing_was_changed_and_whom_to_ask(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    bob = sign_in("bob")
    token = bob.get("/account").csrf_token
    page = bob.post(group_path(sandbox, part="stop"), {"csrf_token": token}, status=403)
    assert "Ask whoever started this sandbox to give it to you. Nothing was changed." in page.main


def test_413_says_that_it_was_too_much(browser: Browser, portal: PortalProcess) -> None:
    page = browser.post("/sign-in", {"user": "x" * 70_000}, status=413)
    assert page.h1 == "That is too much at once"
    assert_helpful(page, portal)


def test_too_many_fields_are_too_much_as_well(browser: Browser, portal: PortalProcess) -> None:
    fields = {f"field{number}": "" for number in range(2000)}
    page = browser.post("/sign-in", fields, status=403)  # it has no token: nothing else counts
    assert_helpful(page, portal)


def test_500_tells_nothing_of_the_inside_and_the_portal_lives_on(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 16.5.1, 16.5.4
    browser = Browser(fresh_portal.url)
    browser.sign_in(sandbox.person("alice"))
    fresh_portal.execute(
        "INSERT INTO changes (reference, act, service_id, warehouse, user, state, before, target,"
        " patch, reason, created_at, sent_at, settled_at, settled_note)"
        " VALUES ('AAAA-AAAA', 'scale', ?,"
        " 'analytics', 'alice', 'applied', '{}', '{}', '{}', '', '2026-01-01 00:00:00.000000',"
        " '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', '')",
        sandbox.service_id("Analytics reporting"),
    )
    page = browser.get(group_path(sandbox), 500)
    assert page.h1 == "Something went wrong in the portal"
    assert "ValidationError" not in page.response.text
    assert "ValidationError" in fresh_portal.read_log()
    assert_helpful(page, fresh_portal)
    assert browser.get("/groups").h1 == "Your compute groups"


def test_503_when_the_records_cannot_be_read(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 16.5.2
    browser = Browser(fresh_portal.url)
    browser.sign_in(sandbox.person("alice"))
    fresh_portal.execute("DROP TABLE sessions")
    browser.is_signed_in = False  # nobody can tell any more
    assert_helpful(browser.get("/groups", 503), fresh_portal)


@pytest.mark.parametrize("path", ["/console", "/.git/config", "/.env", "/static/"])
def test_nothing_of_the_inside_has_an_address(browser: Browser, path: str) -> None:
    # ASVS 13.4.1 to 13.4.7
    browser.get(path, 404)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80"])
def test_a_foreign_host_name_is_refused(browser: Browser, host: str) -> None:
    answer = browser.session.get(f"{browser.url}/sign-in", headers={"Host": host}, timeout=10)
    assert answer.status_code == 400
    assert "evil" not in answer.text
