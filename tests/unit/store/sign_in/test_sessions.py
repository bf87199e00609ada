"""Sign-ins on record: the hash alone, two ways to end by time, a bounded number per person."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, event, select

from app.domain.clock import SMALL_STEP
from app.store.database.engine import reading
from app.store.schema import sessions
from app.store.sign_in.sessions import SEEN_STEP, SessionStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, BOB, NOW

PARALLEL = 8
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=8)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def store(engine: Engine) -> SessionStore:
    """Sessions of 30 minutes and 8 hours, three per person."""
    return SessionStore(engine, IDLE, ABSOLUTE, 3)


def is_alive(
    store: SessionStore, token: str, after: timedelta, *, is_activity: bool = False
) -> bool:
    """Whether the token opens a session so long after the beginning."""
    return store.find_session(token, NOW + after, is_activity=is_activity) is not None


def test_a_token_leads_back_to_the_identity_with_its_roles(store: SessionStore) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    found = store.find_session(token, NOW, is_activity=True)
    assert found is not None
    assert found.identity == ALICE
    assert (found.created_at, found.seen_at) == (NOW, NOW)


def test_a_clock_set_back_by_seconds_ends_nothing_and_by_hours_ends_all(
    store: SessionStore,
) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    assert is_alive(store, token, timedelta(seconds=-3), is_activity=True)
    assert is_alive(store, token, -SMALL_STEP)
    assert not is_alive(store, token, -SMALL_STEP - MOMENT)
    assert not is_alive(store, token, timedelta(hours=-2))
    assert store.prune(NOW - timedelta(hours=2)) == 1


# ASVS 7.2.2, 7.2.3
def test_tokens_are_long_and_never_the_same(store: SessionStore) -> None:
    tokens = {
        store.create_session(replace(ALICE, user=str(n)), "192.0.2.1", NOW, EVENT)
        for n in range(100)
    }
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64


# ASVS 16.2.5
def test_only_the_hash_of_a_token_is_in_the_file(sqlite_engine: Engine, database: Path) -> None:
    store = SessionStore(sqlite_engine, IDLE, ABSOLUTE, 3)
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    sqlite_engine.dispose()
    content = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert token.encode() not in content
    assert hashlib.sha256(token.encode()).hexdigest().encode() in content


@pytest.mark.parametrize("change", ["", "x", "case"])
def test_any_other_token_opens_nothing(store: SessionStore, change: str) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    other = {"": "", "x": token + "x", "case": token.swapcase()}[change]
    assert store.find_session(other, NOW, is_activity=True) is None
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert store.find_session(digest, NOW, is_activity=True) is None


# ASVS 7.3.1
def test_a_session_ends_after_thirty_minutes_without_activity(store: SessionStore) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    assert is_alive(store, token, IDLE - MOMENT)
    assert not is_alive(store, token, IDLE)


def test_activity_postpones_the_idle_end_and_polling_does_not(store: SessionStore) -> None:
    active, polled = (
        store.create_session(ALICE, "192.0.2.1", NOW, EVENT),
        store.create_session(BOB, "192.0.2.1", NOW, EVENT),
    )
    for minutes in range(0, 31, 5):
        is_alive(store, active, timedelta(minutes=minutes), is_activity=True)
        is_alive(store, polled, timedelta(minutes=minutes), is_activity=False)
    assert is_alive(store, active, timedelta(minutes=59))
    assert not is_alive(store, polled, timedelta(minutes=31))


# ASVS 7.3.2
def test_a_session_ends_after_eight_hours_whatever_happens_in_it(store: SessionStore) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    for minutes in range(0, 480, 20):
        assert is_alive(store, token, timedelta(minutes=minutes), is_activity=True)
    assert is_alive(store, token, ABSOLUTE - MOMENT, is_activity=True)
    assert not is_alive(store, token, ABSOLUTE, is_activity=True)


def test_activity_is_written_no_more_often_than_every_thirty_seconds(
    store: SessionStore, engine: Engine
) -> None:
    token = store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            written.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for seconds in range(30):
        assert is_alive(store, token, timedelta(seconds=seconds), is_activity=True)
    assert written == []
    assert is_alive(store, token, SEEN_STEP, is_activity=True)
    assert is_alive(store, token, SEEN_STEP + MOMENT, is_activity=True)
    assert len(written) == 1


# ASVS 7.4.1
def test_a_session_that_was_ended_is_gone_for_every_copy_of_its_token(store: SessionStore) -> None:
    token, other = (
        store.create_session(ALICE, "192.0.2.1", NOW, EVENT),
        store.create_session(ALICE, "192.0.2.1", NOW, EVENT),
    )
    store.delete_session(token, EVENT)
    assert not is_alive(store, token, MOMENT)
    assert is_alive(store, other, MOMENT)
    store.delete_session(token, EVENT)  # once more does no harm


# ASVS 7.1.2
def test_the_oldest_sessions_beyond_the_allowed_number_end(store: SessionStore) -> None:
    tokens = [store.create_session(ALICE, "192.0.2.1", NOW + n * MOMENT, EVENT) for n in range(5)]
    namesake = replace(ALICE, warehouse="marketing")
    others = [store.create_session(who, "192.0.2.1", NOW, EVENT) for who in (BOB, namesake)]
    later = timedelta(seconds=1)
    assert [is_alive(store, token, later) for token in tokens] == [False, False, True, True, True]
    assert all(is_alive(store, token, later) for token in others)


def test_parallel_sign_ins_in_two_processes_do_not_pass_the_allowed_number(
    store: SessionStore, other_engine: Engine
) -> None:
    stores = (store, SessionStore(other_engine, IDLE, ABSOLUTE, 3))
    barrier = Barrier(PARALLEL)

    def sign_in(number: int) -> None:
        barrier.wait()
        for _ in range(3):
            stores[number % 2].create_session(ALICE, "192.0.2.1", NOW, EVENT)

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(sign_in, range(PARALLEL)))
    assert len(store.list_sessions(NOW)) == 3


def test_sessions_that_are_over_are_cleared_away(store: SessionStore, engine: Engine) -> None:
    store.create_session(ALICE, "192.0.2.1", NOW, EVENT)
    store.create_session(BOB, "192.0.2.1", NOW + IDLE, EVENT)
    with reading(engine) as connection:
        assert connection.execute(select(sessions.c.user)).scalars().all() == ["bob"]
