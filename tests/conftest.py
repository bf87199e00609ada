"""A sandbox and a portal for each worker, put back to the beginning before each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess, portal_fixture
from tests.support.postgresql import postgresql_server, postgresql_url
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.support.twins import shared_url

__all__ = ["postgresql_server", "postgresql_url", "shared_url"]  # fixtures for every test

StartPortal = Callable[..., PortalProcess]
SignIn = Callable[[str], Browser]


@pytest.fixture(scope="session")
def worker_sandbox() -> Iterator[RunningSandbox]:
    """The sandbox of this worker. Tests ask for `sandbox`, which is put back first."""
    with running_sandbox() as sandbox:
        yield sandbox


worker_portal = portal_fixture(
    "session",
    entry=NO_BUDGET,
    PORTAL_SESSIONS_PER_USER="50",
    # Nothing happens between the steps of a test; portals of a test's own have their worker.
    PORTAL_WORKER="apart",
    # Each browser of the tests has an address of its own, as failed sign-ins are counted by it.
    PORTAL_TRUSTED_PROXIES="1",
)
"""The portal of this worker. Tests ask for `portal`, whose ledger is empty."""


@pytest.fixture(scope="session")
def worker_sessions() -> dict[str, Browser]:
    """Who is signed in at this worker's portal."""
    return {}


@pytest.fixture
def sandbox(worker_sandbox: RunningSandbox) -> RunningSandbox:
    """The sandbox as it is at the beginning, without the request limit."""
    worker_sandbox.reset()
    return worker_sandbox


@pytest.fixture
def portal(sandbox: RunningSandbox, worker_portal: PortalProcess) -> PortalProcess:
    """A portal with an empty ledger, without Cloud's pace. Do not stop or kill it."""
    worker_portal.execute("DELETE FROM changes")
    worker_portal.execute("DELETE FROM boosts")
    return worker_portal


@pytest.fixture
def browser(portal: PortalProcess) -> Browser:
    """Somebody who is not signed in."""
    return Browser(portal.url)


@pytest.fixture
def sign_in(portal: PortalProcess, worker_sessions: dict[str, Browser]) -> SignIn:
    """Browsers of people who are signed in; each call gives one of its own.

    They share one session per person and worker: sign in by the form where a session is ended.
    """

    def open_browser(name: str) -> Browser:
        if name not in worker_sessions:
            worker_sessions[name] = Browser(portal.url)
            worker_sessions[name].sign_in(portal.sandbox.person(name))
        return worker_sessions[name].clone()

    return open_browser


@pytest.fixture
def start_portal(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[StartPortal]:
    """Start portals of the test's own: `start_portal(entry=…, adapt=…, PORTAL_…="…")`."""
    started: list[PortalProcess] = []

    def start(**options: Any) -> PortalProcess:  # noqa: ANN401 - as PortalProcess takes them
        folder = tmp_path / f"portal-{len(started)}"
        folder.mkdir()
        portal = PortalProcess(folder, sandbox, **options)
        started.append(portal)
        return portal.start()

    yield start
    sandbox.clear_faults()
    for portal in started:
        portal.kill()


@pytest.fixture
def fresh_portal(start_portal: StartPortal) -> PortalProcess:
    """An ordinary portal of the test's own, to be stopped, killed and restarted at will."""
    return start_portal()
