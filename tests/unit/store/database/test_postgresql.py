"""PostgreSQL: each wait has a bound, and nothing is left behind in its sessions."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.errors import StoreUnavailable
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.database import postgresql
from app.store.database.engine import open_engine, reading, writing
from app.store.database.postgresql import BoundedConnection
from tests.support.events import EVENT
from tests.support.ports import find_free_port
from tests.support.postgresql import PostgresqlServer

SHORT, LONG = 0.3, 0.8
MOST_SECONDS = 10.0
"""Far more than the bounds of these tests, and far less than for ever."""


@pytest.fixture
def engine(filled_postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """PostgreSQL, with little patience."""
    monkeypatch.setattr(postgresql, "LOCK_SECONDS", SHORT)
    monkeypatch.setattr(postgresql, "STATEMENT_SECONDS", LONG)
    monkeypatch.setattr(BoundedConnection, "answer_seconds", 2 * LONG)
    opened = open_engine(SecretStr(filled_postgresql_url))
    yield opened
    opened.dispose()


@pytest.fixture
def holder(filled_postgresql_url: str) -> Iterator[psycopg.Connection]:
    """Somebody else at the same database."""
    with psycopg.connect(filled_postgresql_url, connect_timeout=10) as connection:
        yield connection


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What is tried inside ends in time, in these words."""
    began_at = time.monotonic()
    with pytest.raises(StoreUnavailable, match=words) as caught:
        yield
    assert time.monotonic() - began_at < MOST_SECONDS
    assert "Nothing new was sent" in caught.value.remedy


def record(engine: Engine) -> None:
    """Something that writes."""
    EventStore(engine).record(EVENT)


def read(engine: Engine) -> None:
    """Something that reads."""
    ChangeStore(engine).list_in_flight()


def test_a_table_that_somebody_keeps_is_waited_for_within_a_bound(
    engine: Engine, holder: psycopg.Connection
) -> None:
    holder.execute("LOCK TABLE events, changes IN ACCESS EXCLUSIVE MODE")
    for action in (record, read):
        with refused("another program keeps them locked"):
            action(engine)
    holder.rollback()
    record(engine)
    read(engine)


def test_a_statement_that_takes_too_long_is_ended(engine: Engine) -> None:
    with refused("another program keeps them locked"), reading(engine) as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    read(engine)


@pytest.mark.parametrize("action", [record, read])
def test_a_server_that_is_frozen_is_left_within_a_bound(
    engine: Engine, postgresql_server: PostgresqlServer, action: Callable[[Engine], None]
) -> None:
    read(engine)
    with postgresql_server.frozen():
        for _ in range(2):  # on a connection that was open, and on a new one
            with refused("does not answer"):
                action(engine)
    action(engine)


def test_a_server_that_freezes_amid_a_transaction_is_left_within_a_bound(
    engine: Engine, postgresql_server: PostgresqlServer
) -> None:
    with refused("does not answer"), writing(engine) as connection:
        connection.execute(text("DELETE FROM events"))
        with postgresql_server.frozen():
            connection.execute(text("DELETE FROM changes"))
    read(engine)


def test_a_server_that_is_not_there_is_told() -> None:
    address = f"postgresql://canary:canary@127.0.0.1:{find_free_port()}/none"
    engine = open_engine(SecretStr(address))
    with refused("does not answer"):
        read(engine)
    engine.dispose()


def test_connections_that_the_server_has_ended_are_replaced_unseen(
    engine: Engine, holder: psycopg.Connection
) -> None:
    read(engine)
    holder.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    record(engine)


def test_whoever_finds_no_free_connection_is_told_within_a_bound(
    filled_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("POOL_SIZE", 1), ("POOL_OVERFLOW", 0), ("POOL_SECONDS", SHORT)):
        monkeypatch.setattr(postgresql, name, value)
    engine = open_engine(SecretStr(filled_postgresql_url))
    with reading(engine), refused("no place for another connection"):
        read(engine)
    read(engine)
    engine.dispose()


def test_a_process_that_was_stopped_amid_a_transaction_keeps_no_locks(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "IDLE_SECONDS", SHORT)
    with refused("does not answer"), writing(engine) as connection:
        connection.execute(text("LOCK TABLE events IN ACCESS EXCLUSIVE MODE"))
        time.sleep(2 * SHORT)  # the server's clock decides, and nobody can move that
        connection.execute(text("DELETE FROM events"))
    record(engine)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("SET TRANSACTION READ ONLY", "may read its records but not write them"),
        ("SET LOCAL ROLE pg_monitor", "may read its records but not write them"),
    ],
)
def test_a_database_that_may_not_be_written_is_told(
    engine: Engine, statement: str, words: str
) -> None:
    with refused(words), writing(engine) as connection:
        connection.execute(text(statement))
        connection.execute(text("DELETE FROM events"))


def test_bounds_end_with_the_transaction_and_nothing_is_prepared(engine: Engine) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    with reading(engine) as connection:
        inside = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
        for _ in range(20):
            connection.execute(text("SELECT count(*) FROM events WHERE seq > :seq"), {"seq": 1})
        driver = connection.connection.driver_connection
        assert isinstance(driver, BoundedConnection)
        assert connection.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    assert inside == ["300ms", "800ms", "10s"]
    assert [one(driver, f"SHOW {name}") for name in names] == ["0", "0", "0"]


def one(connection: psycopg.Connection, statement: str) -> object:
    """The one value of a statement."""
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]
