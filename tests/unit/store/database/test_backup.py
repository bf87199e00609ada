"""Copies of the database: what is refused, and that nothing half made is left behind."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine

from app.errors import StoreUnavailable
from app.store.database.backup import back_up


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """SQLite alone is asked about here."""
    return sqlite_engine


def test_another_database_is_told_its_own_command(tmp_path: Path) -> None:
    class Postgres:
        class dialect:  # noqa: N801 - as the library names it
            name = "postgresql"

    with pytest.raises(StoreUnavailable) as caught:
        back_up(Postgres(), tmp_path / "copy")  # type: ignore[arg-type] # all that is looked at
    assert "pg_dump" in caught.value.remedy


def test_a_place_that_cannot_be_written_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        back_up(engine, tmp_path / "gone" / "copy")


def test_a_copy_that_fails_leaves_no_file(tmp_path: Path) -> None:
    source, target = tmp_path / "letter", tmp_path / "copy"
    source.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreUnavailable) as caught:
        back_up(create_engine(f"sqlite:///{source}"), target)
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
    assert not target.exists()
