"""A real Chromium; every page is watched for what no page may do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.pages.admin.administrator import NAME, PASSWORD
from tests.support.browser import Browser as Person
from tests.support.portal import NO_BUDGET, PortalProcess, portal_fixture
from tests.support.requirements import require_program

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Fewer processes: the tests start a Chromium for every worker.
    "--in-process-gpu",
    "--process-per-site",
]
TIMEOUT_MS = 15_000
"""How long a busy machine may take over a step of a page, or until a page is as expected."""

expect.set_options(timeout=TIMEOUT_MS)


@dataclass
class Watch:
    """What went wrong while pages were open; empty at the end of every test."""

    base: str
    provider: str = "blob:"
    """Where people are sent to sign in, if anywhere."""
    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Note script errors, policy breaches, failed files and requests to other hosts."""
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("request", self._note_request)
        page.on("response", self._note_response)

    def _note_console(self, message: ConsoleMessage) -> None:
        # Chromium also reports every page with an error status; the tests assert those themselves.
        is_status = "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not is_status:
            self.faults.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "blob:", self.provider)):
            self.faults.append(f"request to another host: {request.url}")

    def _note_response(self, response: Response) -> None:
        kind = response.request.resource_type
        is_end_of_session = kind == "fetch" and response.status == 401  # how a page learns of it
        if kind != "document" and response.status >= 400 and not is_end_of_session:
            self.faults.append(f"{response.status} for {response.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    program = require_program("chromium", "chromium-browser", install="apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


toured_portal = portal_fixture("module", (NAME, PASSWORD), entry=NO_BUDGET)
"""A portal with an administrator, whose pages are looked at one after the other."""


@pytest.fixture
def open_page(chromium: Browser, portal: PortalProcess) -> Iterator[Any]:
    """Open a page of one's own: `open_page(width=320, color_scheme="dark", …)`."""
    watch = Watch(portal.url)
    contexts = []

    def open_(*, width: int = 1280, **options: Any) -> Page:  # noqa: ANN401 - as Playwright takes
        size = ViewportSize(width=width, height=900)
        context = chromium.new_context(viewport=size, base_url=portal.url, **options)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert watch.faults == []


def carry_session(context: BrowserContext, person: Person) -> None:
    """Let Chromium go on as somebody who has signed in without it."""
    for cookie in person.session.cookies:
        context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": person.url}])


def sign_in_there(page: Page) -> None:
    """Fill in the form of the company's provider as Erin, which must be asked for."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in at Acme")
    page.get_by_label("User name").fill("erin")
    page.get_by_label("Password").fill("erin-sandbox-1")
    page.get_by_role("button", name="Sign in").click()
