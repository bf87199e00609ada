"""How many presses the two main jobs take, counted in the browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_main_job import REPORTING, sign_in
from tests.support.load import write_load
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
WITH_A_PRESET, WITHOUT = 5, 4

# Kept beyond the page: each press leads to another one. Choosing in a list fires `change` alone.
COUNT_PRESSES = """
  for (const kind of ["click", "change"]) addEventListener(kind, (event) => {
    if (event.isTrusted) sessionStorage[kind] = Number(sessionStorage[kind] ?? 0) + 1;
  }, true);
"""


@pytest.fixture
def page(open_page: OpenPage, sandbox: RunningSandbox) -> Page:
    """Alice, signed in, whose presses are counted from now on."""
    opened: Page = open_page()
    sign_in(opened, sandbox)
    opened.context.add_init_script(COUNT_PRESSES)
    opened.reload()
    return opened


def count(page: Page, kind: str) -> int:
    """How often something was pressed ("click") or chosen ("change")."""
    return int(page.evaluate("(kind) => sessionStorage[kind] ?? 0", kind))


def send(page: Page) -> None:
    """From the filled form to the change."""
    page.get_by_role("button", name="Review changes").click()
    page.get_by_role("button", name=f"Scale {REPORTING}").click()
    expect(page.locator("main")).to_contain_text("Accepted")


def test_a_preset_is_asked_for_and_confirmed_in_five_presses(
    page: Page, sandbox: RunningSandbox
) -> None:
    page.get_by_role("link", name=REPORTING, exact=True).click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_role("link", name=re.compile("^Month end")).click()
    send(page)
    assert count(page, "click") <= WITH_A_PRESET
    assert sandbox.patches()[0]["numReplicas"] == 4


def test_another_size_takes_four_presses_and_one_choice(
    page: Page, sandbox: RunningSandbox
) -> None:
    page.get_by_role("link", name=REPORTING, exact=True).click()
    page.get_by_role("link", name="Scale this group").click()
    page.get_by_label("Maximum memory per replica").select_option("32")
    send(page)
    assert count(page, "click") <= WITHOUT
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 32}]


@pytest.mark.parametrize("width", [390, 1280])
def test_whether_it_is_enough_and_what_more_costs_is_told_on_the_page_of_the_group(
    chromium: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox, width: int
) -> None:
    write_load(fresh_portal, sandbox.service_id(REPORTING), failures=12)
    context = chromium.new_context(
        base_url=fresh_portal.url,
        viewport={"width": width, "height": 900},
        java_script_enabled=False,
    )
    page = context.new_page()
    sign_in(page, sandbox)
    page.goto(f"/groups/{sandbox.service_id(REPORTING)}")
    size = page.locator(".headline")
    expect(size).to_contain_text("About $0.39 to $0.78 per hour")
    expect(size).to_contain_text("Next size: up to 32 GB total, up to $1.56 per hour.")
    verdict = page.locator(".load-advice")
    expect(verdict).to_contain_text("12 queries failed for memory in the last 24 hours.")
    expect(verdict).to_contain_text("24 GB per replica would fit")
    expect(verdict).to_contain_text("Up to $1.56 per hour (currently up to $0.78)")
    context.close()
