"""Light or dark: the system's choice, or a person's own that lasts."""

import pytest

from tests.support.browser import Browser, Page
from tests.support.sandbox import RunningSandbox


def theme_of(page: Page) -> object:
    assert page.soup.html is not None
    return page.soup.html.get("data-bs-theme")


def choose(browser: Browser, value: str, to: str) -> Page:
    fields = {"csrf_token": browser.page.csrf_token, "next": to, "theme": value}
    return browser.post("/theme", fields, to=to)


def test_a_choice_lasts_beyond_signing_in_and_out(
    browser: Browser, sandbox: RunningSandbox
) -> None:
    page = browser.get("/sign-in?next=/account")
    assert theme_of(page) is None
    assert page.text("#theme [selected]") == "System"
    page = choose(browser, "dark", "/sign-in?next=/account")
    assert theme_of(page) == "dark"
    assert page.text("#theme [selected]") == "Dark"
    assert theme_of(browser.sign_in(sandbox.person("alice"))) == "dark"
    assert theme_of(browser.sign_out()) == "dark"
    assert theme_of(choose(browser, "", "/sign-in")) is None


@pytest.mark.parametrize("value", ["neon", 'dark" onload="x', "DARK"])
def test_what_is_no_theme_is_the_systems(browser: Browser, value: str) -> None:
    browser.get("/sign-in")
    assert theme_of(choose(browser, value, "/sign-in")) is None
    browser.session.cookies.set("theme", "neon")
    assert theme_of(browser.get("/sign-in")) is None


def test_choosing_leads_nowhere_else(browser: Browser) -> None:
    # ASVS 3.7.2
    browser.get("/sign-in")
    fields = {"csrf_token": browser.page.csrf_token, "next": "//evil.example", "theme": "dark"}
    answer = browser.fetch("POST", "/theme", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Location"] == "/groups"


def test_the_cookie_says_the_theme_alone_and_no_script_can_read_it(browser: Browser) -> None:
    browser.get("/sign-in")
    fields = {"csrf_token": browser.page.csrf_token, "next": "/sign-in", "theme": "dark"}
    answer = browser.fetch("POST", "/theme", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    cookie = answer.headers["Set-Cookie"].lower()
    assert cookie.startswith("theme=dark; ")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip() for part in cookie.split(";")}
