"""What load balancers ask."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.conftest import StartPortal
from tests.pages.people import TO_CHANGE, draft
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

THREADS = 4
NOTICED_SECONDS = 6.0
"""Two rounds of the worker, and a busy machine."""


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


def test_files_and_health_are_answered_while_everybody_waits_for_the_first_reading_of_cloud(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal(PORTAL_THREADS=str(THREADS))
    alice = Browser(portal.url)
    file = alice.sign_in(sandbox.person("alice")).asset("bootstrap.min.css")
    sandbox.fault("GET .*/services$", "timeout", times=None)
    nothing = "content = NULL, taken_at = NULL, tried_at = NULL"
    portal.execute(f"UPDATE readings SET version = version + 1, {nothing}")  # noqa: S608 - our own
    asked = len(sandbox.requests("cloud"))
    with ThreadPoolExecutor(2 * THREADS) as pool:
        waiting = [pool.submit(alice.clone().fetch, "GET", "/groups") for _ in range(2 * THREADS)]
        wait_until(lambda: len(sandbox.requests("cloud")) > asked)
        stranger = Browser(portal.url)
        assert stranger.fetch("GET", "/healthz").status_code == 200
        assert stranger.fetch("GET", file).status_code == 200
        are_waiting = not all(one.done() for one in waiting)
        sandbox.clear_faults()
        for one in waiting:
            one.exception()  # an error page, for most of them
    assert are_waiting


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


def test_a_faulty_file_of_groups_is_told_and_takes_nobody_out_of_service(
    fresh_portal: PortalProcess,
) -> None:
    browser, path = Browser(fresh_portal.url), fresh_portal.folder / "org_config.yaml"
    del browser.session.headers["X-Forwarded-For"]  # a program on this machine
    right = path.read_text(encoding="utf-8")
    path.write_text("warehouses: nonsense\n", encoding="utf-8")
    text = browser.get("/readyz").response.text
    assert text.startswith("ready\nThe file of groups and permissions has faults.")
    assert "\nportal_rules_file_faulty 1.0\n" in browser.get("/metrics").response.text
    path.write_text(right, encoding="utf-8")
    assert browser.get("/readyz").response.text.startswith("ready\nworker: ")
    assert "\nportal_rules_file_faulty 0.0\n" in browser.get("/metrics").response.text


def test_a_faulty_file_of_groups_is_noticed_by_the_worker_when_nobody_asks(
    start_portal: StartPortal,
) -> None:
    portal = start_portal(PORTAL_WORKER="apart")  # a process that serves looks after its own rules
    path = portal.folder / "org_config.yaml"
    path.write_text("warehouses: nonsense\n", encoding="utf-8")
    began_at = time.monotonic()
    wait_until(lambda: "has faults" in portal.read_log(), seconds=NOTICED_SECONDS)
    assert time.monotonic() - began_at < NOTICED_SECONDS
    newest = "SELECT text FROM events ORDER BY seq DESC LIMIT 1"
    wait_until(lambda: "reload_policy" in str(portal.execute(newest)))


def test_a_damaged_page_that_nobody_reads_is_told(
    fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    Browser(fresh_portal.url).sign_in(sandbox.person("alice"))
    fresh_portal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'known_addresses'"
    ((page,),) = fresh_portal.execute(query)
    ((size,),) = fresh_portal.execute("PRAGMA page_size")
    with fresh_portal.database_path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\x5a" * size)
    told = Browser(fresh_portal.url).get("/readyz", 503).response.text
    assert "The portal's records are damaged." in told
