"""The groups page in the hand: the list comes first, however long it is."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ViewportSize, expect

from tests.bench.world import add_groups, add_services
from tests.browser.conftest import TIMEOUT_MS, carry_session
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

GROUPS = 300
WIDTH, HEIGHT, NARROWEST = 390, 844, 320


def test_the_first_of_300_groups_is_seen_without_scrolling(
    chromium: Chromium, sandbox: RunningSandbox, start_portal: StartPortal
) -> None:
    added = add_services(sandbox, GROUPS)
    portal = start_portal(entry=NO_BUDGET, adapt=lambda config: add_groups(config, added))
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    size = ViewportSize(width=WIDTH, height=HEIGHT)
    with chromium.new_context(viewport=size, base_url=portal.url) as context:
        context.set_default_timeout(TIMEOUT_MS)
        carry_session(context, alice)
        page = context.new_page()
        page.goto("/groups")
        first = page.locator(".groups tbody tr").first
        expect(page.get_by_role("link", name="Page 4")).to_be_attached()
        box = first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= HEIGHT, box


def test_the_places_of_the_portal_stand_in_one_line_on_the_narrowest_phone(
    chromium: Chromium, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    size = ViewportSize(width=NARROWEST, height=HEIGHT)
    with chromium.new_context(viewport=size, base_url=portal.url) as context:
        context.set_default_timeout(TIMEOUT_MS)
        carry_session(context, alice)
        page = context.new_page()
        page.goto("/groups")
        for line in (".places a", ".masthead-person :is(bdi, a, button)"):
            boxes = [item.bounding_box() for item in page.locator(line).all()]
            middles = [box["y"] + box["height"] / 2 for box in boxes if box]
            assert len(middles) > 1
            assert max(middles) - min(middles) < 4, line
