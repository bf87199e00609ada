"""The file of the database: for its owner alone, and whole by itself after a checkpoint."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine

from app.store.audit.log import EventStore
from app.store.database.engine import open_engine, upgrade
from app.store.database.file import checkpoint, path_of
from tests.support.events import EVENT


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite alone is asked about here."""
    return sqlite_engine


def modes(folder: Path) -> set[int]:
    """The rights of the files in a folder."""
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}


def test_files_that_others_could_read_are_closed_at_the_next_start(database: Path) -> None:
    database.touch(mode=0o644)
    database.with_name("portal.db-wal").touch(mode=0o644)
    engine = open_engine(SecretStr(f"sqlite:///{database}"))
    upgrade(engine)
    assert len(list(database.parent.iterdir())) == 3
    assert modes(database.parent) == {0o600}
    engine.dispose()


def test_a_plain_copy_holds_everything_after_a_checkpoint(
    engine: Engine, database: Path, tmp_path: Path
) -> None:
    EventStore(engine).record(EVENT)
    assert checkpoint(engine)
    copy = shutil.copy(database, tmp_path / "copy")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM events").fetchone() == (1,)


def test_whoever_still_reads_is_no_trouble(
    engine: Engine, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.database.sqlite.BUSY_TIMEOUT_MS", 10)
    with closing(sqlite3.connect(database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM events").fetchall()
        other = open_engine(SecretStr(f"sqlite:///{database}"))
        EventStore(other).record(EVENT)
        assert not checkpoint(other)
        other.dispose()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////x/portal.db", Path("/x/portal.db")),
        ("sqlite:///file:/x/a%20b.db?mode=ro&uri=true", Path("/x/a b.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
    ],
)
def test_the_place_of_the_file_is_in_the_address(url: str, path: Path | None) -> None:
    assert path_of(create_engine(url)) == path
