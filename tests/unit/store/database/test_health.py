"""A database that is not what it was: deleted, replaced or damaged."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.errors import StoreUnavailable
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.database.engine import open_engine, reading
from app.store.database.file import checkpoint
from app.store.database.health import inspect_pages, remember_file
from tests.support.events import EVENT
from tests.unit.builders import make_change

PAGE_BYTES = 4096


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite alone is asked about here."""
    return sqlite_engine


def delete(database: Path) -> None:
    """Somebody takes it away."""
    database.unlink()


def replace(database: Path) -> None:
    """Somebody puts a backup in its place."""
    shutil.copy(database, database.with_name("backup"))
    database.with_name("backup").replace(database)


@pytest.mark.parametrize("action", [delete, replace])
def test_nothing_is_written_into_a_file_that_nobody_will_find(
    engine: Engine, database: Path, action: Callable[[Path], None]
) -> None:
    remember_file(engine)
    store = ChangeStore(engine)
    store.check_readable()
    action(database)
    for call in (
        store.check_readable,
        lambda: store.create_draft(make_change(), EVENT),
        lambda: EventStore(engine).record(EVENT),
    ):
        with pytest.raises(StoreUnavailable, match="deleted or replaced") as caught:
            call()
        assert "start the portal again" in caught.value.remedy
    store.list_in_flight()  # looking goes on


def test_the_same_file_may_be_written_by_others(engine: Engine, database: Path) -> None:
    remember_file(engine)
    other = open_engine(SecretStr(f"sqlite:///{database}"))
    EventStore(other).record(EVENT)
    other.dispose()
    ChangeStore(engine).check_readable()


def root_page(database: Path, table: str) -> int:
    """Where the pages of a table begin."""
    connection = sqlite3.connect(database)
    query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    (page,) = connection.execute(query, (table,)).fetchone()
    connection.close()
    return int(page)


def damage(engine: Engine, database: Path, table: str) -> bytes:
    """Overwrite the first page of a table; what the file held before."""
    assert checkpoint(engine)
    engine.dispose()
    before = database.read_bytes()
    at = (root_page(database, table) - 1) * PAGE_BYTES
    with database.open("r+b") as file:
        file.seek(at)
        file.write(b"\x5a" * PAGE_BYTES)
    return before


@pytest.mark.parametrize("table", ["sessions", "changes", "freezes", "idempotency_keys", "events"])
def test_a_damaged_page_of_any_table_is_found(engine: Engine, database: Path, table: str) -> None:
    store = ChangeStore(engine)
    inspect_pages(engine)
    store.check_readable()
    before = damage(engine, database, table)
    inspect_pages(engine)
    with pytest.raises(StoreUnavailable, match="records are damaged"):
        store.check_readable()
    engine.dispose()
    database.write_bytes(before)
    inspect_pages(engine)
    store.check_readable()


def test_damage_that_anybody_meets_is_remembered(engine: Engine, database: Path) -> None:
    damage(engine, database, "events")
    store = ChangeStore(engine)
    store.check_readable()
    with pytest.raises(StoreUnavailable, match="records are damaged"), reading(engine) as reader:
        reader.execute(text("SELECT * FROM events"))
    with pytest.raises(StoreUnavailable, match="records are damaged"):
        store.check_readable()


def test_a_file_that_is_no_database_is_damaged(engine: Engine, database: Path) -> None:
    engine.dispose()
    database.write_bytes(b"this is a letter, not a database" * 1000)
    inspect_pages(engine)
    with pytest.raises(StoreUnavailable, match="records are damaged"):
        ChangeStore(engine).check_readable()
