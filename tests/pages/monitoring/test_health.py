"""What load balancers ask."""

from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def test_alive_needs_neither_store_nor_cloud(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    asked = len(sandbox.requests())
    portal.execute("DROP TABLE sessions")
    portal.execute("DROP TABLE changes")
    page = Browser(portal.url).get("/healthz")
    assert page.response.text == "ok\n"
    assert len(sandbox.requests()) == asked


def test_ready_when_store_and_cloud_answer(browser: Browser) -> None:
    page = browser.get("/readyz")
    assert page.response.text == "ready\n"
    assert page.response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_not_ready_without_cloud(start_portal: StartPortal, sandbox: RunningSandbox) -> None:
    portal = start_portal()
    sandbox.fault("GET .*/services", "status", status=503, times=None)
    page = Browser(portal.url).get("/readyz", 503)
    assert page.response.text.startswith("Nothing recent is known from ClickHouse Cloud.")


def test_not_ready_without_the_store(fresh_portal: PortalProcess) -> None:
    fresh_portal.execute("DROP TABLE changes")
    page = Browser(fresh_portal.url).get("/readyz", 503)
    assert page.response.text
