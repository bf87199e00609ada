"""The portal's records cannot be written: each cause has its own words, and nothing is sent."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest

from tests.api.client import ApiClient
from tests.api.paths import LARGER
from tests.api.paths import group_path as api_path
from tests.conftest import StartPortal
from tests.pages.people import REPORTING, TO_CHANGE, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import BROKEN_STORE, READ_ONLY_MARK, PortalProcess
from tests.support.sandbox import RunningSandbox

Trouble = Callable[[PortalProcess], AbstractContextManager[None]]


@contextmanager
def full(portal: PortalProcess) -> Iterator[None]:
    """Nothing more can be written to any file, as on a full disk."""
    portal.limit_files(0)
    yield
    portal.limit_files(-1)


@contextmanager
def locked(portal: PortalProcess) -> Iterator[None]:
    """Another program is in the middle of writing."""
    with closing(sqlite3.connect(portal.database_path)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def read_only(portal: PortalProcess) -> Iterator[None]:
    """The database refuses to be written to."""
    mark = portal.database_path.with_name(READ_ONLY_MARK)
    mark.touch()
    yield
    mark.unlink()


TROUBLES: list[tuple[Trouble, str, str]] = [
    (full, "its disk is full", "has to make room on its disk"),
    (locked, "another program keeps them locked", "Try again in a few seconds."),
    (read_only, "may read its records but not write them", "the right to write to its database"),
]


# ASVS 16.5.2
@pytest.mark.parametrize(("trouble", "message", "remedy"), TROUBLES)
def test_nothing_is_sent_and_the_words_say_what_helps(
    start_portal: StartPortal, sandbox: RunningSandbox, trouble: Trouble, message: str, remedy: str
) -> None:
    portal = start_portal(entry=BROKEN_STORE)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    form = alice.clone()
    form.get(group_path(sandbox, part="scale"))
    draft(alice, sandbox)
    portal.age("sessions", "seen_at", 60)  # so that the next page would note somebody's activity
    with trouble(portal):
        for page in (
            alice.submit(f"Scale {REPORTING}", status=503),
            form.submit("Review changes", {"max_memory_gb": "32"}, status=503),
        ):
            assert message in page.main
            assert remedy in page.main
            assert "Nothing new was sent to ClickHouse Cloud." in page.main
        assert form.page.value("max_memory_gb") == "32"  # nothing typed is lost
        alice.get("/groups")  # looking goes on
        answer = ApiClient(portal.url, sandbox.person("alice")).post(
            api_path(sandbox, part="changes"), LARGER, 503
        )
        assert message in answer.body["detail"]
        assert sandbox.writes() == []
    assert portal.execute("SELECT state FROM changes") == [("draft",)]
    draft(form, sandbox, num_replicas="2")
    form.submit(f"Scale {REPORTING}", to=TO_CHANGE)
    assert sandbox.patches() == [{"numReplicas": 2}]


@pytest.mark.parametrize("trouble", [full, locked, read_only])
def test_signing_out_clears_the_browser_even_if_it_cannot_be_noted(
    start_portal: StartPortal, sandbox: RunningSandbox, trouble: Trouble
) -> None:
    # ASVS 7.4.1
    portal = start_portal(entry=BROKEN_STORE)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    with trouble(portal):
        alice.is_signed_in = False
        page = alice.submit("Sign out", to="/sign-in?signed_out=1&unnoted=1")
        assert "could not note it on the server" in page.main
        alice.get("/groups", to="/sign-in?next=/groups")
    assert len(portal.execute("SELECT 1 FROM sessions")) == 1


def test_signing_out_clears_the_browser_even_if_nobody_can_look_the_session_up(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # ASVS 7.4.1
    portal = start_portal(entry=BROKEN_STORE)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    portal.execute("ALTER TABLE sessions RENAME TO away")
    alice.is_signed_in = False
    page = alice.submit("Sign out", to="/sign-in?signed_out=1&unnoted=1")
    assert "could not note it on the server" in page.main
    portal.execute("ALTER TABLE away RENAME TO sessions")
    alice.get("/groups", to="/sign-in?next=/groups")
