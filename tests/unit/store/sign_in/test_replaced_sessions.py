"""A session goes on under a new token and with new roles, if it has not ended meanwhile."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete

from app.domain.access.permissions import Identity
from app.domain.sessions import hash_of
from app.store.database.engine import writing
from app.store.schema import sessions
from app.store.sign_in.session_rows import insert_session, lock_sessions_of
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


def test_all_of_a_person_end_with_one_that_is_being_renewed(
    store: SessionStore, engine: Engine
) -> None:
    old = store.create_session(ALICE, "", NOW, EVENT)
    ending = threading.Thread(target=store.end_sessions_of, args=(ALICE, EVENT))
    with writing(engine) as connection:  # as `replace_session` does
        lock_sessions_of(connection, ALICE)
        connection.execute(delete(sessions).where(sessions.c.token_hash == hash_of(old)))
        renewed = insert_session(connection, RENEWED, "", NOW, is_admin=False)
        ending.start()
        time.sleep(0.5)
        assert ending.is_alive()
    ending.join(20)
    assert roles(store, renewed) is None
