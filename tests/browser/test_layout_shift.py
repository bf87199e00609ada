"""Nothing on a page moves while it settles: what is about to be pressed stays where it is.

Every state of every page is opened anew at both widths, and left alone until its scripts have run
and its time has been counted once.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import TIMEOUT_MS
from tests.browser.inspection import WATCH_SHIFTS, find_shifts
from tests.browser.tour import MAIN, Stop, Tour
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

WIDTHS = (320, 1280)
SETTLING_MS = 1200
"""By the browser's own clock: one tick of the times that it counts, and a bit."""


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Page]:
    """A page on which everything that moves is noted."""
    with chromium.new_context() as context:
        context.set_default_timeout(TIMEOUT_MS)
        context.add_init_script(WATCH_SHIFTS)
        yield context.new_page()


def shifts_of(page: Page, stop: Stop) -> list[str]:
    """What moves on a page at each width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        stop.show(page)
        page.wait_for_timeout(SETTLING_MS)
        found += [f"{stop.name} at {width} px {fault}" for fault in find_shifts(page)]
        page.goto("about:blank")
    return found


@pytest.mark.timeout(300)
def test_no_page_moves_by_itself(
    watched: Page, toured_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    seen, found = set(), []
    for stop in Tour(toured_portal, sandbox).stops():
        if stop.is_main:
            found += shifts_of(watched, stop)
            seen.add(stop.name)
        if seen == MAIN:
            break
    assert seen == MAIN
    assert found == []


@pytest.mark.tour
@pytest.mark.timeout(600)
def test_no_state_of_any_page_moves_by_itself(
    watched: Page, toured_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    stops = Tour(toured_portal, sandbox).stops()
    assert [fault for stop in stops for fault in shifts_of(watched, stop)] == []
