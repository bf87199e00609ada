"""How much the groups page weighs on the wire, the first time and later, as Chromium counts it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page

from tests.browser.conftest import carry_session
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import PortalProcess

pytestmark = pytest.mark.browser

FIRST_VIEW_BYTES = 60_000
FIRST_VIEW_REQUESTS = 8
LATER_VIEW_BYTES = 10_000


@dataclass
class Wire:
    """What went over the wire since `reset`, headers included, by address."""

    session: CDPSession
    _addresses: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def listen(self) -> None:
        """Begin."""
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._name)
        self.session.on("Network.loadingFinished", self._weigh)

    def reset(self) -> None:
        """Forget what there was."""
        self.sizes.clear()

    @property
    def total(self) -> int:
        """All bytes."""
        return sum(self.sizes.values())

    def _name(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["response"]["url"]

    def _weigh(self, event: dict[str, Any]) -> None:
        address = self._addresses[event["requestId"]]
        if size := int(event["encodedDataLength"]):  # 0 for what the browser had kept
            self.sizes[address] = self.sizes.get(address, 0) + size


@pytest.fixture
def portal(start_portal: StartPortal) -> PortalProcess:
    """One of its own: what other tests have begun in a group would be weighed too."""
    return start_portal()


@pytest.fixture
def alice(chromium: Chromium, portal: PortalProcess) -> Iterator[Page]:
    """A page of Alice's in a browser that has never been here."""
    person = Browser(portal.url)
    person.sign_in(portal.sandbox.person("alice"))
    with chromium.new_context() as context:
        carry_session(context, person)
        yield context.new_page()


def test_the_groups_page_is_light_at_first_and_lighter_later(
    alice: Page, portal: PortalProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    wire = Wire(alice.context.new_cdp_session(alice))
    wire.listen()
    alice.goto(f"{portal.url}/groups", wait_until="networkidle")
    first, requests, sizes = wire.total, len(wire.sizes), dict(wire.sizes)
    wire.reset()
    alice.goto(f"{portal.url}/account", wait_until="load")
    wire.reset()
    alice.goto(f"{portal.url}/groups", wait_until="load")
    with capsys.disabled():
        print(  # noqa: T201 - the figures are wanted
            f"\ngroups page: first view {first} bytes in {requests} requests, "
            f"later {wire.total} bytes"
        )
    assert first <= FIRST_VIEW_BYTES, sizes
    assert requests <= FIRST_VIEW_REQUESTS, sizes
    assert wire.total < LATER_VIEW_BYTES, wire.sizes
