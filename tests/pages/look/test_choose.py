"""Light or dark: the system's choice, or a person's own that lasts."""

import pytest

from tests.support.browser import Browser, Page
from tests.support.sandbox import RunningSandbox


def look(page: Page) -> object:
    assert page.soup.html is not None
    return page.soup.html.get("data-bs-theme")


def choose(browser: Browser, value: str, to: str) -> Page:
    fields = {"csrf_token": browser.page.csrf_token, "next": to, "look": value}
    return browser.post("/look", fields, to=to)


def test_a_choice_lasts_beyond_signing_in_and_out(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    page = browser.get("/sign-in?next=/account")
    assert look(page) is None
    assert page.text('[data-look] [aria-pressed="true"]') == "System"
    page = choose(browser, "dark", "/sign-in?next=/account")
    assert look(page) == "dark"
    assert page.text('[data-look] [aria-pressed="true"]') == "Dark"
    assert look(browser.sign_in(sandbox.person("alice"))) == "dark"
    assert look(browser.sign_out()) == "dark"
    assert look(choose(browser, "", "/sign-in")) is None


@pytest.mark.parametrize("value", ["neon", 'dark" onload="x', "DARK"])
def test_what_is_no_look_is_the_systems(browser: Browser, value: str) -> None:
    browser.get("/sign-in")
    assert look(choose(browser, value, "/sign-in")) is None
    browser.session.cookies.set("look", "neon")
    assert look(browser.get("/sign-in")) is None


def test_choosing_leads_nowhere_else(browser: Browser) -> None:
    # ASVS 3.7.2
    browser.get("/sign-in")
    fields = {"csrf_token": browser.page.csrf_token, "next": "//evil.example", "look": "dark"}
    answer = browser.fetch("POST", "/look", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Location"] == "/groups"


def test_the_cookie_says_the_look_alone_and_no_script_can_read_it(browser: Browser) -> None:
    browser.get("/sign-in")
    fields = {"csrf_token": browser.page.csrf_token, "next": "/sign-in", "look": "dark"}
    answer = browser.fetch("POST", "/look", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    cookie = answer.headers["Set-Cookie"].lower()
    assert cookie.startswith("look=dark; ")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
