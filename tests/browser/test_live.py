"""What pages do by themselves in a real browser, and what they leave alone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.test_main_job import REPORTING, sign_in
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
ENDS_SOON = (
    "UPDATE sessions SET seen_at = strftime('%Y-%m-%d %H:%M:%f000', seen_at, '-1690 seconds')"
    " WHERE id = (SELECT max(id) FROM sessions)"
)
"""The latest session, 110 seconds before its idle end."""


@pytest.fixture
def page(open_page: OpenPage, sandbox: RunningSandbox) -> Page:
    """Alice's groups, with the browser's clock in the test's hand."""
    page = open_page()
    page.clock.install()
    sign_in(page, sandbox)
    return page


def polls(page: Page) -> list[str]:
    """The fragments asked for from now on; it grows."""
    asked: list[str] = []

    def note(request: Request) -> None:
        # Not the script of that name, which a busy machine fetches late.
        if urlsplit(request.url).path.endswith("/live"):
            asked.append(request.url)

    page.on("request", note)
    return asked


def let_pass(page: Page, seconds: int) -> None:
    """Move the page's clock on, firing once what is due."""
    page.clock.fast_forward(seconds * 1000)


def test_only_changes_are_announced_and_focus_and_selection_stay(
    page: Page, sandbox: RunningSandbox
) -> None:
    status = page.get_by_role("status").first
    link = page.get_by_role("link", name=REPORTING)
    link.focus()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('tbody tr th a'))")
    with page.expect_response(re.compile("/groups/live")):
        let_pass(page, 3)
    expect(status).to_be_empty()
    sandbox.force(REPORTING, state="idle")
    page.get_by_role("link", name="Check now").dispatch_event("click")
    expect(status).to_have_text(f"{REPORTING}: Idle")
    expect(link).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "Analytics primary"
    sandbox.force(REPORTING, state="failed")
    page.get_by_role("link", name="Check now").dispatch_event("click")
    expect(page.get_by_role("alert").filter(has_text=f"{REPORTING}: Failed")).to_be_visible()
    expect(link).to_be_focused()


def test_updates_can_be_paused_and_the_state_of_that_is_said(page: Page) -> None:
    page.get_by_role("button", name="Pause updates").click()
    expect(page.get_by_role("status").first).to_have_text("Updates are paused.")
    asked = polls(page)
    let_pass(page, 60)
    assert asked == []
    with page.expect_request(re.compile("/groups/live")):
        page.get_by_role("button", name="Resume updates").click()
    expect(page.get_by_role("status").first).to_have_text("Updates go on.")


def test_a_portal_that_does_not_answer_is_said_once_and_asked_less_and_less(page: Page) -> None:
    asked = polls(page)
    page.context.set_offline(True)
    for _ in range(60):
        let_pass(page, 1)
        page.wait_for_timeout(1)
    assert 3 <= len(asked) <= 5
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Check now").click()
    expect(page.get_by_text("does not answer")).to_have_count(0)


def test_groups_are_found_while_typing_and_the_address_says_so(page: Page) -> None:
    page.get_by_label("Find a group").fill("arch")
    let_pass(page, 1)
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("link", name="Analytics archive")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/groups\?q=arch$"))
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Find a group").fill("")
    let_pass(page, 1)
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.get_by_label("Find a group")).to_be_focused()


def test_the_theme_changes_in_place_and_lasts(page: Page) -> None:
    page.get_by_label("Find a group").fill("typed")
    with page.expect_response(re.compile("/theme")):
        page.get_by_label("Theme").select_option(label="Dark")
    expect(page.get_by_label("Find a group")).to_have_value("typed")
    dark = "rgb(18, 25, 35)"
    expect(page.locator("body")).to_have_css("background-color", dark)
    page.goto("/account")
    expect(page.locator("body")).to_have_css("background-color", dark)
    expect(page.get_by_label("Theme")).to_have_value("dark")


def test_before_the_session_ends_one_press_keeps_it(page: Page, portal: PortalProcess) -> None:
    portal.execute(ENDS_SOON)
    let_pass(page, 1700)
    stay = page.get_by_role("alert").get_by_role("button", name="Stay signed in")
    expect(stay).to_be_visible()
    stay.focus()
    let_pass(page, 20)
    expect(stay).to_be_focused()
    page.keyboard.press("Enter")
    expect(stay).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your compute groups")
    assert len(polls(page)) == 0


def test_back_after_a_problem_shows_what_was_typed(page: Page) -> None:
    page.get_by_role("link", name=REPORTING).click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_label("Replicas").fill("1e2")
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Your compute groups").click()
    page.go_back()
    expect(page.get_by_label("Replicas")).to_have_value("1e2")
    page.reload()
    expect(page.get_by_label("Replicas")).to_have_value("1e2")


def test_ids_can_be_copied_by_button_and_by_selection(page: Page, sandbox: RunningSandbox) -> None:
    page.get_by_role("link", name=REPORTING).click()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    service_id = sandbox.service_id(REPORTING)
    page.get_by_role("button", name=f"Copy {service_id}").click()
    assert page.evaluate("navigator.clipboard.readText()") == service_id
    page.locator("[data-copy]").first.click()
    assert page.evaluate("getSelection().toString()") == service_id


def test_how_long_ago_a_row_of_a_table_was_is_counted_on(
    page: Page, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    page.goto(f"{portal.url}/account")
    began = page.locator("td time[data-since]").first
    expect(began).to_have_text("just now")
    expect(began).to_have_attribute("title", re.compile("^today .*UTC"))
    let_pass(page, 125)
    expect(began).to_have_text("2 minutes ago")
    let_pass(page, 3600)
    expect(began).to_have_text("1 hour ago")
