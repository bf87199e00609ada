"""Swagger UI in a real browser: closed to strangers, and “Try it out” works on a real group."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.browser.conftest import TIMEOUT_MS, Watch
from tests.support.portal import NO_BUDGET, PortalProcess, portal_fixture
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.browser

PATH = "/clickhouse/manual/scaling/docs"
NAME, PASSWORD = "documents", "a password of some length"
REPORTING = "Analytics reporting"


@dataclass(frozen=True)
class Docs:
    """A page in a browser that has the administrator's credentials, or has none."""

    page: Page
    portal: PortalProcess

    def open(self, path: str = PATH) -> Response:
        """Go there."""
        response = self.page.goto(self.portal.url + path)
        assert response is not None
        return response

    def unfold(self, operation: str) -> None:
        """Open an operation and its fields."""
        block = self.page.locator(f"#operations-{operation}")
        block.locator(".opblock-summary-control").click()
        block.get_by_role("button", name="Try it out").click()

    def authorize(self, name: str, password: str) -> None:
        """Give a name and password for the calls that are tried out."""
        self.page.get_by_role("button", name="Authorize").first.click()
        dialog = self.page.locator(".dialog-ux")
        dialog.locator("#auth-basic-username").fill(name)
        dialog.locator('input[type="password"]').fill(password)
        dialog.locator("form", has_text="Basic").locator("button.authorize").click()
        dialog.get_by_role("button", name="Close").last.click()


docs_portal = portal_fixture("module", (NAME, PASSWORD), entry=NO_BUDGET)
"""A portal with an administrator."""


@pytest.fixture
def docs(chromium: Browser, docs_portal: PortalProcess, sandbox: RunningSandbox) -> Iterator[Docs]:
    """The administrator's browser, watched for what no page may do."""
    context = chromium.new_context(http_credentials={"username": NAME, "password": PASSWORD})
    context.set_default_timeout(TIMEOUT_MS)
    page = context.new_page()
    watch = Watch(docs_portal.url)
    watch.follow(page)
    yield Docs(page, docs_portal)
    context.close()
    assert watch.faults == []


def test_strangers_see_nothing_of_it(chromium: Browser, docs_portal: PortalProcess) -> None:
    for credentials in (None, {"username": NAME, "password": "wrong"}):
        with chromium.new_context(http_credentials=credentials) as context:  # type: ignore[arg-type] # a dictionary is one
            page = context.new_page()
            try:
                response = page.goto(docs_portal.url + PATH)
            except Exception as error:  # noqa: BLE001 - Chromium's word for a refused name
                assert "ERR_INVALID_AUTH_CREDENTIALS" in str(error)  # noqa: PT017 - either may come
            else:
                assert response is not None
                assert response.status == 401
            assert page.locator("#swagger-ui").count() == 0


def test_a_call_that_is_tried_out_succeeds(docs: Docs, sandbox: RunningSandbox) -> None:
    assert docs.open().status == 200
    expect(docs.page.get_by_role("heading", level=1)).to_contain_text("Compute group portal")
    docs.authorize("alice", sandbox.person("alice").password)
    docs.unfold("legacy-legacy_show_state")
    block = docs.page.locator("#operations-legacy-legacy_show_state")
    block.get_by_placeholder("service_id").fill(sandbox.service_id(REPORTING))
    with docs.page.expect_response("**/service/state*") as waiting:
        block.get_by_role("button", name="Execute").click()
    assert waiting.value.status == 200
    assert waiting.value.json() == {"state": "running"}
    expect(block.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_a_call_without_credentials_does_not_borrow_the_administrators(docs: Docs) -> None:
    docs.open()
    docs.unfold("api-api_list_groups")
    block = docs.page.locator("#operations-api-api_list_groups")
    with docs.page.expect_response("**/api/v1/groups*") as waiting:
        block.get_by_role("button", name="Execute").click()
    assert waiting.value.status == 401
    assert "authorization" not in waiting.value.request.all_headers()


def test_a_size_can_be_tried_out_too(docs: Docs, sandbox: RunningSandbox) -> None:
    docs.open()
    docs.authorize("alice", sandbox.person("alice").password)
    docs.unfold("api-api_create_change")
    block = docs.page.locator("#operations-api-api_create_change")
    block.get_by_placeholder("service_id").fill(sandbox.service_id(REPORTING))
    block.locator("textarea.body-param__text").fill('{"min_memory_gb": 8, "max_memory_gb": 64}')
    with docs.page.expect_response("**/changes") as waiting:
        block.get_by_role("button", name="Execute").click()
    assert waiting.value.status == 201
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_the_reference_reads_without_javascript(
    chromium: Browser, docs_portal: PortalProcess
) -> None:
    context = chromium.new_context(
        http_credentials={"username": NAME, "password": PASSWORD},
        java_script_enabled=False,
        viewport={"width": 320, "height": 900},
    )
    with context:
        page = context.new_page()
        watch = Watch(docs_portal.url)
        watch.follow(page)
        page.goto(docs_portal.url + PATH)
        page.get_by_role("link", name="The same as a plain page").click()
        page.get_by_role("link", name="GET /service/state").click()
        expect(page.get_by_role("heading", name="GET /service/state")).to_be_visible()
        assert watch.faults == []


def test_the_reference_reads_in_lines_on_a_phone(docs: Docs) -> None:
    docs.page.set_viewport_size({"width": 320, "height": 800})
    docs.open(f"{PATH}/reference")
    caption = docs.page.locator("caption", has_text="Answers").first.bounding_box()
    assert caption
    assert caption["height"] < 50, caption
