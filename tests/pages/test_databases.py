"""The main job in pages and API on each database, and what PostgreSQL's troubles look like."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
import requests

from tests.api.client import ApiClient
from tests.api.paths import LARGER
from tests.api.paths import group_path as api_path
from tests.conftest import StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, group_path
from tests.support.browser import Browser
from tests.support.portal import DATABASE_URL, NO_BUDGET, PortalProcess
from tests.support.postgresql import PostgresqlServer
from tests.support.sandbox import RunningSandbox

MOST_SECONDS = 20.0
"""All bounds of one page together, on a machine that is busy."""


@pytest.fixture(params=["sqlite", "postgresql"])
def portal_on_each(request: pytest.FixtureRequest, start_portal: StartPortal) -> PortalProcess:
    """A portal of the test's own on SQLite, and one on PostgreSQL."""
    if request.param == "sqlite":
        return start_portal(entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1")
    url = request.getfixturevalue("postgresql_url")
    return start_portal(entry=NO_BUDGET, PORTAL_TRUSTED_PROXIES="1", **{DATABASE_URL: url})


@pytest.fixture
def portal_on_postgresql(start_portal: StartPortal, postgresql_url: str) -> PortalProcess:
    """A portal of the test's own on PostgreSQL."""
    return start_portal(**{DATABASE_URL: postgresql_url})


def test_a_person_and_a_program_scale_a_group(
    portal_on_each: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(portal_on_each.url)
    alice.sign_in(sandbox.person("alice"))
    alice.get(group_path(sandbox, part="scale"))
    typed = {"num_replicas": "2", "reason": "Käse 🧀"}
    alice.submit("Review changes", typed, to=TO_REVIEW)
    page = alice.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    assert page.text(".headline-state") == "Accepted, taking effect"
    assert "Käse 🧀" in page.main
    assert sandbox.patches() == [{"numReplicas": 2}]
    program = ApiClient(portal_on_each.url, sandbox.person("alice"))
    program.post(api_path(sandbox, part="changes"), LARGER, 201)
    assert [state for (state,) in portal_on_each.execute("SELECT state FROM changes")] == [
        "applied",
        "applied",
    ]
    portal_on_each.restart()
    alice.get("/groups")  # the session lives on
    alice.sign_out()


def test_odd_addresses_have_the_same_answers_on_each_database(
    portal_on_each: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(portal_on_each.url)
    alice.session.headers["X-Forwarded-For"] = "x" * 65
    alice.sign_in(sandbox.person("alice"))
    assert portal_on_each.execute("SELECT address FROM sessions") == [("x" * 64,)]
    for path in ("/changes/%00", "/changes/%ED%A0%80", f"/changes/{'x' * 300}"):
        alice.get(path, status=404)
    audit = group_path(sandbox, part="audit")
    statuses = {
        alice.fetch("GET", f"{audit}?{query}").status_code
        for query in ("before=99999999999", "user=%00", "user=%ED%A0%80", "before=2147483648")
    }
    assert not statuses & {500, 503}
    assert len(statuses) == 1


@contextmanager
def locked(portal: PortalProcess, server: PostgresqlServer) -> Iterator[None]:
    """Another program keeps a table."""
    with psycopg.connect(portal.database_url, connect_timeout=10) as holder:
        holder.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def frozen(portal: PortalProcess, server: PostgresqlServer) -> Iterator[None]:
    """Nothing of the server runs."""
    with server.frozen():
        yield


Trouble = Callable[[PortalProcess, PostgresqlServer], AbstractContextManager[None]]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(locked, "another program keeps them locked"), (frozen, "database does not answer")],
)
def test_nobody_waits_for_ever_and_health_does_not_wait_at_all(
    portal_on_postgresql: PortalProcess,
    postgresql_server: PostgresqlServer,
    sandbox: RunningSandbox,
    trouble: Trouble,
    words: str,
) -> None:
    alice = Browser(portal_on_postgresql.url)
    alice.sign_in(sandbox.person("alice"))
    with trouble(portal_on_postgresql, postgresql_server):
        began_at = time.monotonic()
        answer = alice.fetch("GET", "/groups")  # who asks cannot be read either
        assert answer.status_code == 503
        assert words in answer.text.replace("&#39;", "'")
        assert time.monotonic() - began_at < MOST_SECONDS
        began_at = time.monotonic()
        assert requests.get(f"{portal_on_postgresql.url}/healthz", timeout=5).status_code == 200
        assert time.monotonic() - began_at < 1
    alice.get("/groups")
