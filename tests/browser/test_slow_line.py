"""A page that arrives piece by piece: what has been read stays where it is while the rest comes."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import TIMEOUT_MS, carry_session
from tests.browser.inspection import WATCH_SHIFTS
from tests.conftest import SignIn
from tests.support.portal import PortalProcess

pytestmark = pytest.mark.browser

BYTES_PER_SECOND = 15_000
MOST_SHIFT = 0.005
"""A form of the head moves as its own last piece arrives: 0.0025 was measured."""


@pytest.mark.parametrize("path", ["/groups", "/spend", "/activity", "/schedules"])
def test_no_column_moves_while_the_rows_arrive(
    chromium: Chromium, portal: PortalProcess, sign_in: SignIn, path: str
) -> None:
    size = ViewportSize(width=1280, height=900)
    with chromium.new_context(viewport=size, base_url=portal.url) as context:
        context.set_default_timeout(TIMEOUT_MS)
        carry_session(context, sign_in("alice"))
        page = context.new_page()
        page.goto(path)  # style and scripts are kept from here on
        page.add_init_script(WATCH_SHIFTS)
        _slow_down(page)
        page.goto(path)
        shifts = page.evaluate("window.__shifts")
    assert sum(value for _, value, _ in shifts) <= MOST_SHIFT, shifts


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    line = {"offline": False, "latency": 40, "uploadThroughput": -1}
    session.send(
        "Network.emulateNetworkConditions", line | {"downloadThroughput": BYTES_PER_SECOND}
    )
