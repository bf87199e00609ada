"""A user for whom ClickHouse asks for a second factor: named, asked for, sent once."""

import re

import pytest

from tests.conftest import SignIn
from tests.support.browser import Browser, Page
from tests.support.sandbox import RunningSandbox

NEEDED = "ClickHouse asks for a second factor for this user."
GIVEN = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}


@pytest.fixture
def codes(sandbox: RunningSandbox) -> list[str]:
    """The codes of alice that work once each."""
    codes = ["123456", "234567"]
    sandbox.control("POST", "/users/alice/second_factor", {"codes": codes})
    return codes


def asked(browser: Browser) -> Page:
    """The page to sign in once ClickHouse has asked for the code."""
    browser.get("/sign-in")
    return browser.submit("Sign in", GIVEN, status=401)


def test_it_is_named_and_its_field_appears_only_then(browser: Browser, codes: list[str]) -> None:
    assert not browser.get("/sign-in").soup.select("#code")
    page = asked(browser)
    assert page.text('[role="alert"]').startswith(NEEDED)
    assert page.soup.select('#code[autocomplete="one-time-code"]')
    assert page.value("user") == "alice"


def test_the_code_signs_in_and_is_sent_once_to_one_service(
    browser: Browser, codes: list[str], sandbox: RunningSandbox
) -> None:
    asked(browser)
    before = len(sandbox.requests("clickhouse"))
    browser.is_signed_in = True
    browser.submit("Sign in", GIVEN | {"code": "123 456"}, to="/groups")
    assert len(sandbox.requests("clickhouse")) == before + 1


def test_a_used_code_is_refused_and_asked_for_again(browser: Browser, codes: list[str]) -> None:
    other = browser.clone()
    asked(other)
    other.is_signed_in = True
    other.submit("Sign in", GIVEN | {"code": codes[0]}, to="/groups")
    asked(browser)
    page = browser.submit("Sign in", GIVEN | {"code": codes[0]}, status=401)
    assert page.soup.select("#code")
    assert GIVEN["password"] not in page.response.text


def test_what_is_no_code_goes_nowhere(
    browser: Browser, codes: list[str], sandbox: RunningSandbox
) -> None:
    asked(browser)
    before = len(sandbox.requests("clickhouse"))
    page = browser.submit("Sign in", GIVEN | {"code": "12+45"}, status=422)
    assert page.problem("code") == "Enter the digits of the code, as your app shows them"
    assert len(sandbox.requests("clickhouse")) == before


def test_a_big_step_asks_for_the_code_too(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    sandbox.control("POST", "/users/alice/second_factor", {"codes": ["345678"]})
    service_id = sandbox.service_id("Analytics reporting")
    alice.get(f"/groups/{service_id}")
    alice.submit("Stop this group …", to=re.compile(r"/changes/.*/review"))
    button = "Stop Analytics reporting"
    typed = {"group_name": "Analytics reporting", "password": GIVEN["password"]}
    page = alice.submit(button, typed, status=401)
    assert page.text('[role="alert"]').startswith(NEEDED)
    assert sandbox.writes() == []
    alice.submit(button, typed | {"code": "345678"}, to=re.compile(r"/changes/[^/]+"))
    assert sandbox.patches() == [{"command": "stop"}]


def test_roles_are_refreshed_with_the_code(browser: Browser, sandbox: RunningSandbox) -> None:
    alice = browser
    alice.sign_in(sandbox.person("alice"))  # of its own: the session is replaced
    sandbox.control("POST", "/users/alice/second_factor", {"codes": ["456789"]})
    alice.get("/account")
    password = {"password": GIVEN["password"]}
    page = alice.submit("Refresh your roles", password, status=401)
    assert page.text('[role="alert"]').startswith(NEEDED)
    alice.submit("Refresh your roles", password | {"code": "456789"}, to="/account?refreshed=1")
