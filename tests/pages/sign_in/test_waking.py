"""Signing in when no group is running: what is idle sleeps on until somebody agrees to wake it."""

import pytest

from tests.support.browser import Browser, Page
from tests.support.sandbox import RunningSandbox

ANALYTICS = (
    "Analytics primary",
    "Analytics reporting",
    "Analytics ad hoc",
    "Analytics archive",
    "Analytics month end",
)
GIVEN = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}


def put_all(sandbox: RunningSandbox, state: str) -> None:
    for name in ANALYTICS:
        sandbox.force(name, state=state)


def touched(sandbox: RunningSandbox) -> list[str]:
    return [name for name in ANALYTICS if sandbox.connections(name)]


@pytest.fixture
def asked(browser: Browser, sandbox: RunningSandbox) -> Page:
    """The page that asks whether to wake a group."""
    put_all(sandbox, "idle")
    browser.get("/sign-in")
    return browser.submit("Sign in", GIVEN, status=409)


def test_when_all_are_idle_the_page_explains_and_asks(asked: Page) -> None:
    assert asked.h1 == "Wake a group to sign in"
    assert "No compute group is running that could check your password" in asked.main
    assert "“Analytics archive” is idle and can be woken to check it" in asked.main
    assert "starts billing" in asked.main
    assert asked.has("Wake Analytics archive and sign in")
    assert "$0.39 an hour at most while it runs" in asked.main
    assert asked.has("Do not wake it")
    assert asked.value("user") == "alice"
    assert asked.value("password") == ""


def test_nothing_idle_is_touched_before_somebody_agrees(
    asked: Page, sandbox: RunningSandbox
) -> None:
    assert touched(sandbox) == []
    assert sandbox.writes() == []


def test_agreeing_wakes_that_group_alone(
    asked: Page, browser: Browser, sandbox: RunningSandbox
) -> None:
    sandbox.control("POST", "/settings", {"speed": 1000})  # waking takes sandbox seconds
    browser.is_signed_in = True
    page = browser.submit(
        "Wake Analytics archive and sign in", {"password": GIVEN["password"]}, to="/groups"
    )
    assert page.h1 == "Your compute groups"
    assert touched(sandbox) == ["Analytics archive"]


def test_agreeing_needs_the_password_again(
    asked: Page, browser: Browser, sandbox: RunningSandbox
) -> None:
    page = browser.submit("Wake Analytics archive and sign in", status=422)
    assert page.problem("password") == "Enter your password"
    assert touched(sandbox) == []


@pytest.mark.parametrize("wake", ["Marketing campaigns", "nonsense"])
def test_agreeing_to_wake_something_else_wakes_nothing(
    asked: Page, browser: Browser, sandbox: RunningSandbox, wake: str
) -> None:
    chosen = sandbox.service_id(wake) if wake != "nonsense" else wake
    sandbox.force("Marketing campaigns", state="idle")
    forged = {**GIVEN, "wake": chosen, "csrf_token": asked.csrf_token}
    browser.post("/sign-in", forged, status=409)
    assert touched(sandbox) == []
    assert sandbox.connections("Marketing campaigns") == 0


def test_an_idle_group_is_left_alone_while_another_runs(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    put_all(sandbox, "idle")
    sandbox.force("Analytics archive", state="running")
    browser.sign_in(sandbox.person("alice"))
    assert touched(sandbox) == ["Analytics archive"]


def test_an_agreement_does_not_count_while_another_group_runs(
    asked: Page, browser: Browser, sandbox: RunningSandbox
) -> None:
    sandbox.force("Analytics reporting", state="running")
    browser.is_signed_in = True
    browser.submit(
        "Wake Analytics archive and sign in", {"password": GIVEN["password"]}, to="/groups"
    )
    assert touched(sandbox) == ["Analytics reporting"]


def test_when_all_are_stopped_the_page_says_whom_to_ask(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    put_all(sandbox, "stopped")
    browser.get("/sign-in")
    page = browser.submit("Sign in", GIVEN, status=503)
    assert "No compute group is running that could check your password." in page.main
    assert "Ask whoever started this sandbox to start one" in page.main
    assert touched(sandbox) == []


def test_a_stranger_is_not_asked_and_cannot_have_anything_woken(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    put_all(sandbox, "idle")
    browser.get("/sign-in")
    stranger = {**GIVEN, "user": "made-up-name", "password": "wrong"}
    page = browser.submit("Sign in", stranger, status=409)
    assert "No compute group is running that could check your password." in page.main
    assert "Ask whoever started this sandbox" in page.main
    forged = {**stranger, "wake": sandbox.service_id("Analytics archive")}
    browser.post("/sign-in", {**forged, "csrf_token": page.csrf_token}, status=409)
    assert touched(sandbox) == []
    assert sandbox.writes() == []
