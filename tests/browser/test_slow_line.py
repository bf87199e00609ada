"""A page that arrives piece by piece: what has been read stays where it is while the rest comes."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import TIMEOUT_MS, carry_session
from tests.browser.inspection import WATCH_SHIFTS
from tests.conftest import SignIn
from tests.pages.people import confirm, draft, group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

BYTES_PER_SECOND = 15_000
MOST_SHIFT = 0.005
"""A form of the head moves as its own last piece arrives: 0.0025 was measured."""

# Of all columns, with every row and with the first one alone.
WIDTHS = """() => {
  const widths = () => [...document.querySelectorAll("main thead th")].map((th) => th.offsetWidth);
  const before = widths();
  for (const row of document.querySelectorAll("main tbody tr + tr")) row.remove();
  return [before, widths()];
}"""


@pytest.fixture
def page(chromium: Chromium, portal: PortalProcess, sign_in: SignIn) -> Iterator[Page]:
    """A page of Alice's, 1280 px wide."""
    size = ViewportSize(width=1280, height=900)
    with chromium.new_context(viewport=size, base_url=portal.url) as context:
        context.set_default_timeout(TIMEOUT_MS)
        carry_session(context, sign_in("alice"))
        yield context.new_page()


def test_nothing_moves_while_the_groups_arrive(page: Page) -> None:
    page.goto("/groups")  # style and scripts are kept from here on
    page.add_init_script(WATCH_SHIFTS)
    _slow_down(page)
    page.goto("/groups")
    shifts = page.evaluate("window.__shifts")
    assert sum(value for _, value, _ in shifts) <= MOST_SHIFT, shifts


def test_columns_of_long_lists_stay_whatever_rows_there_are(
    page: Page, sandbox: RunningSandbox, sign_in: SignIn
) -> None:
    alice = sign_in("alice")
    for memory in ("64", "32"):
        draft(alice, sandbox, max_memory_gb=memory)
    confirm(alice)
    for path in ("/groups", "/spend", group_path(sandbox, part="audit")):
        page.goto(path)
        all_rows, first_row = page.evaluate(WIDTHS)
        assert all_rows, path
        assert first_row == all_rows, path


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"offline": False, "latency": 40, "uploadThroughput": -1}
    session.send(
        "Network.emulateNetworkConditions", line | {"downloadThroughput": BYTES_PER_SECOND}
    )
