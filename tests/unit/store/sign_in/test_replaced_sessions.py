"""A session goes on under a new token and with new roles, if it has not ended meanwhile."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.domain.access.permissions import Identity
from app.domain.sessions import Session, hash_of
from app.store.database.engine import writing
from app.store.schema import sessions
from app.store.sign_in.session_rows import lock_sessions_of, renew_session
from app.store.sign_in.sessions import SessionStore
from tests.support.events import EVENT

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDLE = timedelta(minutes=30)
ALICE = Identity("analytics", "alice", frozenset({"old"}))
RENEWED = Identity("analytics", "alice", frozenset({"new"}))
NAMESAKE = Identity("marketing", "alice", frozenset({"old"}))


@pytest.fixture
def store(engine: Engine) -> SessionStore:
    """An empty store."""
    return SessionStore(engine, IDLE, timedelta(hours=8), most_per_user=2)


def get(store: SessionStore, token: str) -> Session:
    """A living session."""
    found = store.find_session(token, NOW, is_activity=False)
    assert found is not None
    return found


def roles(store: SessionStore, token: str) -> set[str] | None:
    """The roles of a living session."""
    found = store.find_session(token, NOW, is_activity=False)
    return set(found.identity.roles) if found else None


def test_the_new_token_has_the_new_roles_and_the_old_one_is_dead(store: SessionStore) -> None:
    old = store.create_session(ALICE, "198.51.100.1", NOW, EVENT)
    new = store.replace_session(old, RENEWED, "198.51.100.2", NOW, EVENT)
    assert new is not None
    assert roles(store, new) == {"new"}
    assert roles(store, old) is None


def test_other_sessions_of_the_person_take_on_the_roles_and_live_on(store: SessionStore) -> None:
    first, second = (store.create_session(ALICE, "", NOW, EVENT) for _ in range(2))
    namesake = store.create_session(NAMESAKE, "", NOW, EVENT)
    administrator = store.create_session(ALICE, "", NOW, EVENT, is_admin=True)
    store.replace_session(second, RENEWED, "", NOW, EVENT)
    assert roles(store, first) == {"new"}
    assert roles(store, namesake) == {"old"}
    assert roles(store, administrator) == {"old"}


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_session_that_is_over_is_not_renewed(store: SessionStore, minutes: int) -> None:
    token = store.create_session(ALICE, "", NOW, EVENT)
    if not minutes:
        store.delete_session(token, EVENT)
    assert (
        store.replace_session(token, RENEWED, "", NOW + timedelta(minutes=minutes), EVENT) is None
    )
    assert len(store.list_sessions(NOW)) == (1 if minutes else 0)


def test_only_ones_own_session_is_ended_and_the_answer_says_so(store: SessionStore) -> None:
    store.create_session(ALICE, "", NOW, EVENT)
    (session,) = store.list_sessions(NOW)
    assert not store.end_session(session.id, EVENT, NAMESAKE)
    assert store.end_session(session.id, EVENT, ALICE)
    assert not store.end_session(session.id, EVENT)


Ending = Callable[[SessionStore, str, Session], object]
ENDINGS: dict[str, Ending] = {
    "all": lambda store, _token, _found: store.end_sessions_of(ALICE, EVENT),
    "sign_out": lambda store, token, found: store.delete_session(token, EVENT, found),
    "one": lambda store, _token, found: store.end_session(found.id, EVENT, ALICE),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_session_that_is_ended_while_it_is_renewed_ends_in_its_new_form(
    store: SessionStore, engine: Engine, name: str
) -> None:
    old = store.create_session(ALICE, "", NOW, EVENT)
    found = get(store, old)
    ending = threading.Thread(target=ENDINGS[name], args=(store, old, found))
    with writing(engine) as connection:  # as `replace_session` does
        lock_sessions_of(connection, ALICE)
        which = sessions.c.token_hash == hash_of(old)
        renewed = renew_session(connection, which, RENEWED, "", NOW)
        ending.start()
        time.sleep(0.5)
        assert ending.is_alive()
    ending.join(20)
    assert renewed
    assert roles(store, renewed) is None


def test_signing_out_ends_a_session_that_was_renewed_since_it_was_found(
    store: SessionStore,
) -> None:
    old, other = (store.create_session(ALICE, "", NOW, EVENT) for _ in range(2))
    found = get(store, old)
    new = store.replace_session(old, RENEWED, "", NOW, EVENT)
    assert new is not None
    store.delete_session(old, EVENT, found)
    assert roles(store, new) is None
    assert roles(store, other) == {"new"}


def test_a_renewed_session_counts_as_one_that_began_then(store: SessionStore) -> None:
    first, second = (store.create_session(ALICE, "", NOW, EVENT) for _ in range(2))
    later = NOW + timedelta(minutes=1)
    renewed = store.replace_session(first, RENEWED, "", later, EVENT)
    assert renewed is not None
    store.create_session(ALICE, "", later, EVENT)
    assert store.find_session(renewed, later, is_activity=False)
    assert store.find_session(second, later, is_activity=False) is None
