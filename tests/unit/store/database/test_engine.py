"""The database: what it promises, and what is said when it cannot keep it."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Timer

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.dialects.sqlite.base import SQLiteDialect
from sqlalchemy.exc import IntegrityError

from app.errors import StoreUnavailable
from app.store.changes import ChangeStore
from app.store.database import sqlite
from app.store.database.engine import open_engine, reading, upgrade, writing
from app.store.schema import UtcDateTime, metadata, sessions
from app.store.sign_in.sessions import SessionStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, make_change

INSERT = sessions.insert().values(
    token_hash="h", is_admin=False, warehouse="w", user="u", roles=[], address="", seen_at=NOW
)
DEFINITIONS = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'uq_freezes_one_in_force'",
    "postgresql": "SELECT pg_get_indexdef('uq_freezes_one_in_force'::regclass)",
}
StoreCall = Callable[[Engine], object]


def sessions_of(engine: Engine) -> SessionStore:
    """The sessions in this database."""
    return SessionStore(engine, timedelta(minutes=30), timedelta(hours=8), 5)


READS: list[StoreCall] = [
    lambda engine: ChangeStore(engine).find_change("ABCD-2345"),
    lambda engine: ChangeStore(engine).list_in_flight(),
    lambda engine: sessions_of(engine).find_session("canary-token", NOW, is_activity=False),
]
WRITES: list[StoreCall] = [
    lambda engine: ChangeStore(engine).create_draft(make_change(reason="canary-reason"), EVENT),
    lambda engine: ChangeStore(engine).claim("ABCD-2345", NOW, EVENT, drawn_after=NOW),
    lambda engine: ChangeStore(engine).release("ABCD-2345", EVENT),
    lambda engine: sessions_of(engine).create_session(ALICE, "192.0.2.1", NOW, EVENT),
    lambda engine: sessions_of(engine).delete_session("canary-token", EVENT),
]


def check_refusal(engine: Engine, action: StoreCall) -> None:
    """The action fails as it should, and nothing that was to be stored is in the error."""
    with pytest.raises(StoreUnavailable) as caught:
        action(engine)
    error: BaseException | None = caught.value
    assert caught.value.remedy
    while error is not None:
        assert "canary" not in f"{error} {error!r}"
        error = error.__cause__
    engine.dispose()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_the_migrations_lead_to_the_tables_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    indexes = {item["name"]: item for item in inspect(engine).get_indexes("changes")}
    assert indexes["uq_changes_one_in_flight"]["unique"]
    with engine.connect() as connection:
        written = str(connection.scalar(text(DEFINITIONS[engine.dialect.name])))
        assert re.search(r"WHERE \(?lifted_at IS NULL\)?$", written)


def test_bringing_up_to_date_twice_changes_nothing(engine: Engine) -> None:
    reference = ChangeStore(engine).create_draft(make_change(), EVENT).reference
    upgrade(engine)
    assert ChangeStore(engine).find_change(reference)


def test_a_folder_with_a_percent_sign_is_no_trouble(tmp_path: Path) -> None:
    engine = open_engine(SecretStr(f"sqlite:///{tmp_path}/new%20one/portal.db"))
    upgrade(engine)
    engine.dispose()
    folder = next(path for path in tmp_path.iterdir() if path.is_dir())
    assert folder.stat().st_mode & 0o077 == 0  # nobody else may look into it


def test_looking_goes_on_while_something_is_written(engine: Engine) -> None:
    store = ChangeStore(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE changes SET reason = 'x'"))
        assert store.list_in_flight() == []


def test_commits_of_sqlite_survive_a_crash_of_the_machine(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_what_fails_half_way_leaves_nothing_behind(engine: Engine) -> None:
    def stumble() -> None:
        with writing(engine) as connection:
            connection.execute(INSERT, {"created_at": NOW})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 0


def test_a_broken_constraint_is_for_the_caller_to_understand(engine: Engine) -> None:
    def insert() -> None:
        with writing(engine) as connection:
            connection.execute(INSERT, {"created_at": NOW, "address": "canary"})

    insert()
    with pytest.raises(IntegrityError) as caught:
        insert()
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("action", READS + WRITES)
def test_without_tables_the_store_is_not_available(empty_url: SecretStr, action: StoreCall) -> None:
    check_refusal(open_engine(empty_url), action)


@pytest.mark.parametrize("action", READS + WRITES)
def test_a_file_that_is_no_database_is_not_available(database: Path, action: StoreCall) -> None:
    database.write_bytes(b"this is a letter, not a database" * 100)
    check_refusal(open_engine(SecretStr(f"sqlite:///{database}")), action)


@pytest.mark.parametrize("action", READS + WRITES)
def test_a_folder_that_is_not_there_is_not_available(tmp_path: Path, action: StoreCall) -> None:
    check_refusal(open_engine(SecretStr(f"sqlite:///{tmp_path}/gone/portal.db")), action)
    assert not (tmp_path / "gone").exists()


@pytest.mark.usefixtures("sqlite_engine")
@pytest.mark.parametrize("action", WRITES)
def test_a_database_that_may_only_be_read_is_not_available(
    database: Path, action: StoreCall
) -> None:
    engine = open_engine(SecretStr(f"sqlite:///file:{database}?mode=ro&uri=true"))
    check_refusal(engine, action)


@pytest.mark.usefixtures("sqlite_engine")
@pytest.mark.parametrize("action", WRITES)
def test_a_database_that_stays_locked_is_not_available(
    database: Path, monkeypatch: pytest.MonkeyPatch, action: StoreCall
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_MS", 20)
    holder = sqlite3.connect(database)
    holder.execute("BEGIN IMMEDIATE")
    try:
        check_refusal(open_engine(SecretStr(f"sqlite:///{database}")), action)
    finally:
        holder.close()


def test_a_start_waits_while_another_writes_to_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("CREATE TABLE another_writes (column_of_it TEXT)")
        writer.execute("BEGIN IMMEDIATE")
        Timer(0.2, writer.execute, ["COMMIT"]).start()
        engine = open_engine(SecretStr(f"sqlite:///{path}"))
        upgrade(engine)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_not_available(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    check_refusal(open_engine(SecretStr(f"sqlite:///{tmp_path}/file/portal.db")), upgrade)


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose own time is not UTC, so that the two cannot be mixed up unseen."""
    monkeypatch.setenv("TZ", "Pacific/Honolulu")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_utc")
def test_moments_are_stored_in_utc_and_read_with_their_zone() -> None:
    column, dialect = UtcDateTime(), SQLiteDialect()
    berlin = datetime(2026, 3, 4, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert column.process_bind_param(berlin, dialect) == NOW
    stored = column.process_bind_param(berlin, dialect)
    assert stored is not None
    assert stored.tzinfo is UTC
    assert column.process_result_value(NOW.replace(tzinfo=None), dialect) == NOW
    assert column.process_result_value(berlin, dialect) == NOW
    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None


def test_a_moment_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(NOW.replace(tzinfo=None), SQLiteDialect())


def test_a_full_database_is_told_apart_from_a_busy_one(sqlite_engine: Engine) -> None:
    @event.listens_for(sqlite_engine, "checkout")
    def fill(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite: not less than there are

    long = make_change(reason="x" * 100_000)
    with pytest.raises(StoreUnavailable, match="disk is full"):
        ChangeStore(sqlite_engine).create_draft(long, EVENT)
