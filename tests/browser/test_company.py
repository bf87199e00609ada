"""The company's sign-in in a real browser, in the demonstration: there, back, and out again."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TIMEOUT_MS, Watch, sign_in_there
from tests.support.demo import RunningDemo, running_demo

pytestmark = pytest.mark.browser

REPORTING = "Analytics reporting"
BUTTON = "Sign in to Analytics with Acme"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningDemo]:
    """The demonstration with a company's sign-in."""
    with running_demo(SANDBOX_OIDC="on") as found:
        yield found


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, chromium: Browser, running: RunningDemo) -> Iterator[Page]:
    """Somebody at the portal, on a narrow screen, with and without JavaScript."""
    watch = Watch(running.url, provider="http://127.0.0.1:")
    context = chromium.new_context(
        base_url=running.url,
        viewport={"width": 390, "height": 900},
        java_script_enabled=request.param,
    )
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    watch.follow(page)
    yield page
    context.close()
    assert watch.faults == []


def test_there_and_back_a_change_and_out(page: Page, running: RunningDemo) -> None:
    # ASVS 6.3.3, 7.4.1
    page.goto("/")
    page.get_by_role("button", name=BUTTON).click()
    sign_in_there(page)
    expect(page).to_have_url(re.compile(f"^{re.escape(running.url)}/groups$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your compute groups")

    patches = len(patches_of(running))
    scale_to(page, "2" if patches else "3")
    expect(page.locator("main")).to_contain_text("Accepted")
    assert len(patches_of(running)) == patches + 1

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign out at Acme").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out at Acme")
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name=BUTTON).click()
    expect(page.get_by_label("Password")).to_be_visible()


def test_who_is_signed_in_there_only_presses_a_button(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name=BUTTON).click()
    sign_in_there(page)
    page.wait_for_url("**/groups")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name=BUTTON).click()
    page.wait_for_url("**/groups")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your compute groups")


def scale_to(page: Page, replicas: str) -> None:
    """From the groups to the page of a change."""
    page.get_by_role("link", name=REPORTING).first.click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_label("Replicas").fill(replicas)
    page.get_by_role("button", name="Review changes").click()
    page.get_by_role("button", name=f"Scale {REPORTING}").click()


def patches_of(running: RunningDemo) -> list[object]:
    """The changes that reached Cloud."""
    return [item for item in running.requests("cloud") if item["method"] == "PATCH"]
