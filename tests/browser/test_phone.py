"""The groups page in the hand: the list comes first, however long it is."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ViewportSize, expect

from tests.bench.world import add_groups, add_services
from tests.browser.conftest import TIMEOUT_MS
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

GROUPS = 300
WIDTH, HEIGHT = 390, 844


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
        for cookie in alice.session.cookies:
            context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": portal.url}]
            )
        page = context.new_page()
        page.goto("/groups")
        first = page.locator(".groups tbody tr").first
        expect(page.get_by_role("link", name="Page 4")).to_be_attached()
        box = first.bounding_box()
    assert box
    assert box["y"] + box["height"] <= HEIGHT, box
