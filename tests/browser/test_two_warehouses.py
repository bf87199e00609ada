"""Two warehouses in a real browser: the switcher, its keys, and a window that was left open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_main_job import REPORTING, sign_in
from tests.pages.people import CAMPAIGNS
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]


def test_a_person_switches_between_two_warehouses_and_no_window_mixes_them(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page(width=320)
    sign_in(page, sandbox)
    left_open = page.context.new_page()
    left_open.goto(page.url)
    expect(left_open.locator("main")).to_contain_text(REPORTING)

    page.locator(".switcher summary").click()
    page.get_by_role("link", name="Sign in to another").click()
    expect(page.locator("main")).to_contain_text("You stay signed in to Analytics as alice")
    page.get_by_label("Warehouse", exact=True).select_option(label="Marketing")
    page.get_by_label("User name").fill("dana")
    page.get_by_label("Password", exact=True).fill(sandbox.person("dana").password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("main")).to_contain_text(CAMPAIGNS)

    # The other window looks by itself: it says so, and does not become a page of both.
    alarm = left_open.locator("[data-alarm]")
    expect(alarm).to_contain_text("You have switched to another warehouse", timeout=60_000)
    assert CAMPAIGNS not in left_open.locator("main").inner_text()
    left_open.reload()
    expect(left_open.locator("main")).to_contain_text(CAMPAIGNS)

    page.locator(".switcher summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(REPORTING)
    expect(page.locator(".switcher summary")).to_contain_text("Analytics")
