"""After signing in people land where they were going, and never on another site."""

import pytest

from tests.support.browser import Browser
from tests.support.sandbox import RunningSandbox


def sign_in_towards(browser: Browser, sandbox: RunningSandbox, target: str, to: str) -> None:
    alice = sandbox.person("alice")
    response = browser.session.get(f"{browser.url}/sign-in", params={"next": target}, timeout=10)
    assert response.status_code == 200
    browser.get(response.url.removeprefix(browser.url))
    browser.is_signed_in = True
    given = {"warehouse": "analytics", "user": "alice", "password": alice.password}
    browser.submit("Sign in", given, to=to)


def test_a_stranger_comes_back_to_the_page_that_was_asked_for(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    path = f"/groups/{sandbox.service_id('Analytics reporting')}"
    browser.get(path, to=f"/sign-in?next={path}")
    browser.is_signed_in = True
    given = {"warehouse": "analytics", "user": "alice", "password": "alice-sandbox-1"}
    assert browser.submit("Sign in", given, to=path).h1 == "Analytics reporting"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example",
        "https:evil.example",
        "https:/evil.example",
        "\\evil.example",
        "/\\evil.example",
        "/\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/groups\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_an_address_that_is_not_a_path_of_the_portal_is_ignored(
    browser: Browser, sandbox: RunningSandbox, target: str
) -> None:
    # ASVS 3.7.2
    sign_in_towards(browser, sandbox, target, to="/groups")


def test_whoever_is_signed_in_is_not_sent_elsewhere_either(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    browser.sign_in(sandbox.person("alice"))
    browser.get("/sign-in?next=//evil.example", to="/groups")
