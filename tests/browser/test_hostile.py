"""Hostile text and the end of a session in a real browser: nothing runs, and nothing is left."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import REPORTING, OpenPage, sign_in
from tests.pages.security.test_hostile_text import plant
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

SCRIPTS_THAT_RAN = "window.ran ?? []"
RUNNING = (
    "<script>(window.ran ??= []).push('element')</script>"
    '"><img src=x onerror="(window.ran ??= []).push(\'attribute\')">'
    "<svg onload=\"(window.ran ??= []).push('svg')\"></svg>"
)


def open_group(page: Page, sandbox: RunningSandbox) -> None:
    page.goto(f"/groups/{sandbox.service_id(REPORTING)}")


# ASVS 1.2.1, 3.2.2
def test_no_script_of_clouds_answers_runs(open_page: OpenPage, sandbox: RunningSandbox) -> None:
    page = open_page()
    sign_in(page, sandbox)
    plant(sandbox, REPORTING, RUNNING)
    open_group(page, sandbox)
    expect(page.locator("main")).to_contain_text(RUNNING[:20])
    with page.expect_response("**/live"):  # the same through the script that keeps it up to date
        sandbox.force(REPORTING, state="idle")
    page.goto("/groups")
    assert page.evaluate(SCRIPTS_THAT_RAN) == []


# ASVS 14.3.1, 14.3.3
def test_signing_out_leaves_nothing_in_the_browser(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    open_group(page, sandbox)
    kept = page.evaluate("[Object.values(localStorage), Object.values(sessionStorage)].flat()")
    assert not [text for text in kept if "alice" in text or "sandbox" in text]
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    del cookies["portal"]  # the sign-in form's own
    assert not [value for value in cookies.values() if "alice" in value or len(value) > 20]
    page.go_back()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
