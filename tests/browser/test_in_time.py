"""Boosts and schedules in a real browser: with the keyboard alone, and without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import fill, press, reach
from tests.browser.test_main_job import REPORTING, sign_in
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.schedules import forget_schedules
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
BACK = [{"maxReplicaMemoryGb": 64}, {"maxReplicaMemoryGb": 16}]


@pytest.fixture(autouse=True)
def nothing_planned(portal: PortalProcess) -> Iterator[None]:
    """Nothing is left for the tests after these."""
    yield
    forget_schedules(portal)
    portal.execute("DELETE FROM boosts")


def test_a_boost_is_ordered_and_ended_early_by_keyboard_alone(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    press(page, "link", REPORTING)
    press(page, "link", "Boost this group …")
    fill(page, "combobox", "Maximum memory per replica", "64 GB")
    reach(page, "radio", "For 4 hours")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="For 1 hour")).to_be_checked()
    press(page, "button", "Review changes")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review the boost of {REPORTING}")
    press(page, "button", f"Boost {REPORTING}")
    expect(page.locator("main")).to_contain_text("Accepted")
    press(page, "link", REPORTING)
    expect(page.locator(".boost")).to_contain_text("1 hour left")
    press(page, "button", "End it now")
    expect(page.locator("body")).to_contain_text("The boost ends now.")
    wait_until(lambda: sandbox.patches() == BACK)


def test_a_schedule_comes_into_force_by_keyboard_alone(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    press(page, "link", REPORTING)
    press(page, "link", "Schedule of this group")
    press(page, "link", "Add a schedule")
    fill(page, "textbox", "Name", "Office hours")
    for day in ("Monday", "Friday"):
        press(page, "checkbox", day, "Space")
    fill(page, "textbox", "From", "08:00")
    fill(page, "textbox", "To", "18:00")
    fill(page, "textbox", "Reason", "Payroll")
    press(page, "button", "Review schedule")
    press(page, "button", "Save schedule")
    check_saved(page, "Monday, Friday")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_boost_is_ordered_and_ended_early_without_javascript(
    open_page: OpenPage, sandbox: RunningSandbox, width: int
) -> None:
    page = open_page(width=width, java_script_enabled=False)
    sign_in(page, sandbox)
    page.get_by_role("link", name=REPORTING).first.click()
    page.get_by_role("link", name="Boost this group").click()
    page.get_by_label("Maximum memory per replica").select_option("64")
    page.get_by_label("For 1 hour").check()
    page.get_by_role("button", name="Review changes").click()
    page.get_by_role("button", name=f"Boost {REPORTING}").click()
    page.get_by_role("link", name=REPORTING).first.click()
    expect(page.locator(".boost")).to_contain_text("1 hour left")
    check_width(page, width)
    page.get_by_role("button", name="End it now").click()
    expect(page.locator("body")).to_contain_text("The boost ends now.")
    wait_until(lambda: sandbox.patches() == BACK)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_schedule_comes_into_force_without_javascript(
    open_page: OpenPage, sandbox: RunningSandbox, width: int
) -> None:
    page = open_page(width=width, java_script_enabled=False)
    sign_in(page, sandbox)
    page.get_by_role("link", name=REPORTING).first.click()
    page.get_by_role("link", name="Schedule of this group").click()
    page.get_by_role("link", name="Add a schedule").click()
    page.get_by_label("Name").fill("Office hours")
    page.get_by_label("Tuesday").check()
    page.get_by_label("From").fill("08:00")
    page.get_by_label("To", exact=True).fill("18:00")
    check_width(page, width)
    page.get_by_role("button", name="Review schedule").click()
    check_width(page, width)
    page.get_by_role("button", name="Save schedule").click()
    check_saved(page, "Tuesday")
    check_width(page, width)


def check_saved(page: Page, days: str) -> None:
    """The first version is in force."""
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Schedule of {REPORTING}")
    expect(page.locator("main")).to_contain_text("1 (in force)")
    expect(page.locator("main")).to_contain_text(days)


def check_width(page: Page, width: int) -> None:
    """Nobody scrolls sideways, once the page that follows a press has begun to show."""
    page.locator("main").wait_for()
    assert page.locator("html").evaluate("html => html.scrollWidth") <= width
