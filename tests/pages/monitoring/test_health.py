"""What load balancers ask."""

from tests.conftest import StartPortal
from tests.pages.people import TO_CHANGE, draft
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


def test_a_database_that_is_taken_away_stops_all_changes(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(fresh_portal.url)
    alice.sign_in(sandbox.person("alice"))
    page = draft(alice, sandbox)
    fresh_portal.database_path.rename(fresh_portal.database_path.with_name("away.db"))
    words = "The portal's database was deleted or replaced while the portal was running."
    assert words in Browser(fresh_portal.url).get("/readyz", 503).response.text
    assert words in alice.submit("Scale Analytics reporting", status=503).main
    assert sandbox.patches() == []
    alice.get("/groups")  # looking goes on
    fresh_portal.database_path.with_name("away.db").rename(fresh_portal.database_path)
    Browser(fresh_portal.url).get("/readyz")
    alice.get(page.path)
    alice.submit("Scale Analytics reporting", to=TO_CHANGE)
