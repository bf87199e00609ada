"""SIGHUP: the portal begins anew with its settings as they are, and nobody notices."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests

from tests.pages.people import REPORTING, confirm, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

CLIENTS = 4


@pytest.fixture
def alice(fresh_portal: PortalProcess, sandbox: RunningSandbox) -> Browser:
    """Alice, signed in at a portal that nobody else uses."""
    browser = Browser(fresh_portal.url)
    browser.sign_in(sandbox.person("alice"))
    return browser


def begin_anew(portal: PortalProcess) -> None:
    """Hang up, and wait until a new process serves alone."""
    (old,) = portal.workers()
    portal.hang_up()
    wait_until(lambda: len(portal.workers()) == 1 and old not in portal.workers())


@contextmanager
def asking(portal: PortalProcess) -> Iterator[list[int]]:
    """Some clients that ask again and again, each time anew; the statuses they have seen."""
    statuses: list[int] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            statuses.append(requests.get(f"{portal.url}/sign-in", timeout=10).status_code)

    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(ask) for _ in range(CLIENTS)]
        try:
            yield statuses
        finally:
            is_over.set()
    for one in asked:
        one.result()  # no connection was refused or cut off


def without_scaling(config: Config) -> None:
    config["warehouses"][0]["access"][0]["permissions"] = ["view"]


def test_no_request_is_lost_and_sessions_and_changes_live_on(
    alice: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    draft(alice, sandbox)
    sandbox.control("POST", "/settings", {"scaling_seconds": 600})  # longer than a busy restart
    sandbox.fault("PATCH *", "slow", seconds=2)
    with asking(fresh_portal) as statuses, ThreadPoolExecutor(1) as pool:
        confirmed = pool.submit(confirm, alice)
        wait_until(lambda: sandbox.patches() != [])
        begin_anew(fresh_portal)  # the old process waits for Cloud's answer
        seen = len(statuses)
        wait_until(lambda: len(statuses) > seen + CLIENTS)
        page = confirmed.result(10)
    assert set(statuses) == {200}
    assert page.text(".headline-state") == "Accepted, taking effect"
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]


def test_new_rules_count_after_it_and_faulty_settings_change_nothing(
    alice: Browser, fresh_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    # ASVS 8.3.2
    draft(alice, sandbox)
    fresh_portal.configure(without_scaling)
    begin_anew(fresh_portal)
    assert alice.submit(f"Scale {REPORTING}", status=403).h1 == "You may not do this"
    assert sandbox.writes() == []

    serving = fresh_portal.workers()
    fresh_portal.configure(lambda config: config["warehouses"][0].update(key="Not a slug"))
    fresh_portal.hang_up()
    wait_until(lambda: "Not reloaded" in fresh_portal.read_log())
    assert "warehouses[0].key: is not a plain word." in fresh_portal.read_log()
    assert fresh_portal.workers() == serving
    assert "has faults" in alice.get(group_path(sandbox)).text(".freeze")
