"""The pages in the hand: the list comes first, however long it is, and the places in one line."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, ViewportSize, expect

from tests.bench.world import add_groups, add_services
from tests.browser.conftest import TIMEOUT_MS, carry_session
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

OpenGroups = Callable[[PortalProcess, int], Page]

GROUPS = 300
WIDTH, HEIGHT, NARROWEST = 390, 844, 320


@pytest.fixture
def open_groups(chromium: Chromium, sandbox: RunningSandbox) -> Iterator[OpenGroups]:
    """Open all groups of a portal as Alice, on a phone of this width."""
    contexts = ExitStack()

    def open_(portal: PortalProcess, width: int) -> Page:
        alice = Browser(portal.url)
        alice.sign_in(sandbox.person("alice"))
        size = ViewportSize(width=width, height=HEIGHT)
        context = contexts.enter_context(chromium.new_context(viewport=size, base_url=portal.url))
        context.set_default_timeout(TIMEOUT_MS)
        carry_session(context, alice)
        page = context.new_page()
        page.goto("/groups")
        return page

    with contexts:
        yield open_


def test_the_first_of_300_groups_is_seen_without_scrolling(
    open_groups: OpenGroups, sandbox: RunningSandbox, start_portal: StartPortal
) -> None:
    added = add_services(sandbox, GROUPS)
    portal = start_portal(entry=NO_BUDGET, adapt=lambda config: add_groups(config, added))
    page = open_groups(portal, WIDTH)
    expect(page.get_by_role("link", name="Page 4")).to_be_attached()
    box = page.locator(".groups tbody tr").first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= HEIGHT, box


def test_the_places_of_the_portal_stand_in_one_line_on_the_narrowest_phone(
    open_groups: OpenGroups, portal: PortalProcess
) -> None:
    page = open_groups(portal, NARROWEST)
    for line in (".places a", ".masthead-person :is(bdi, a, button)"):
        boxes = [item.bounding_box() for item in page.locator(line).all()]
        middles = [box["y"] + box["height"] / 2 for box in boxes if box]
        assert len(middles) > 1
        assert max(middles) - min(middles) < 4, line
