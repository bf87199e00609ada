"""The whole job in a real browser: sign in, find the group, scale it, and watch it become true."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import fill, press, reach
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
REPORTING = "Analytics reporting"
IDLE = "Analytics ad hoc"


def sign_in(page: Page, sandbox: RunningSandbox, name: str = "alice") -> None:
    """Sign in by the form."""
    person = sandbox.person(name)
    page.goto("/")
    page.get_by_label("Warehouse").select_option(label="Analytics")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your compute groups")


def ask_for_more(page: Page) -> None:
    """From the groups to the review of a larger size."""
    page.get_by_role("link", name=REPORTING).click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_label("Maximum memory per replica").select_option("64")
    page.get_by_label("Replicas").fill("4")
    page.get_by_label("Reason").fill("Month end")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Review changes to {REPORTING}")


@pytest.mark.parametrize(("width", "color_scheme"), [(320, "dark"), (1280, "light")])
def test_alice_scales_her_group_and_sees_it_become_true(
    open_page: OpenPage, sandbox: RunningSandbox, width: int, color_scheme: str
) -> None:
    began_at = time.monotonic()
    page = open_page(width=width, color_scheme=color_scheme)
    sign_in(page, sandbox)
    ask_for_more(page)
    page.get_by_role("button", name=f"Scale {REPORTING}").click()
    expect(page.locator("main")).to_contain_text("Accepted")
    assert page.locator("html").evaluate("html => html.scrollWidth") <= width
    sandbox.advance(60)
    # Nobody reloads: the page finds out by itself, and says so to screen readers.
    expect(page.locator(".headline")).to_contain_text("In effect")
    expect(page.get_by_role("status").first).to_have_text(re.compile("In effect"))
    assert time.monotonic() - began_at < 60
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64, "numReplicas": 4}]
    assert sandbox.connections(IDLE) == 0


def test_the_whole_job_works_by_keyboard_alone(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    page.goto("/")
    reach(page, "combobox", "Warehouse")
    page.keyboard.type("Analytics")
    fill(page, "textbox", "User name", "alice")
    page.keyboard.press("Tab")
    page.keyboard.type(sandbox.person("alice").password)
    page.keyboard.press("Enter")
    press(page, "link", REPORTING)
    press(page, "link", "Scale this group")
    fill(page, "textbox", "Replicas", "2")
    press(page, "button", "Review changes")
    press(page, "button", f"Scale {REPORTING}")
    expect(page.locator("main")).to_contain_text("Accepted")
    assert sandbox.patches() == [{"numReplicas": 2}]


def test_the_whole_job_works_without_javascript(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, sandbox)
    ask_for_more(page)
    page.get_by_role("button", name=f"Scale {REPORTING}").click()
    sandbox.advance(60)
    page.get_by_role("link", name="Check now").click()
    expect(page.locator(".headline")).to_contain_text("In effect")
    assert len(sandbox.patches()) == 1


def test_a_double_click_on_confirm_is_one_change(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    ask_for_more(page)
    page.get_by_role("button", name=f"Scale {REPORTING}").dblclick()
    expect(page.locator("main")).to_contain_text("Accepted")
    page.go_back()
    page.reload()
    assert len(sandbox.patches()) == 1


def test_a_problem_takes_the_focus_and_leads_to_its_field(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    page.get_by_role("link", name=REPORTING).click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_label("Replicas").fill("1e2")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Replicas:")).click()
    expect(page.get_by_label("Replicas")).to_be_focused()
    expect(page.get_by_label("Replicas")).to_have_value("1e2")


def test_an_open_page_says_when_the_session_has_ended(
    open_page: OpenPage, sandbox: RunningSandbox
) -> None:
    page = open_page()
    sign_in(page, sandbox)
    other = page.context.new_page()
    other.goto("/groups")
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert").first).to_contain_text("Your session has ended")
    page.get_by_role("link", name="Sign in again and come back to this page").click()
    expect(page).to_have_url(re.compile(r"/sign-in\?ended=1&next=/groups$"))
