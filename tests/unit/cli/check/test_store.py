"""Whether the store can be written: found out without leaving a trace."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.cli.check.store import StoreFaultError, check_store
from app.store.database.engine import open_engine, upgrade


def url_of(path: Path) -> SecretStr:
    """The URL of an SQLite database in this file."""
    return SecretStr(f"sqlite:///{path}")


def make_store(path: Path) -> None:
    """A store as the portal makes it."""
    engine = open_engine(url_of(path))
    upgrade(engine)
    engine.dispose()


def test_a_store_in_use_is_writable_and_stays_as_it_is(tmp_path: Path) -> None:
    make_store(tmp_path / "portal.db")
    before = (tmp_path / "portal.db").read_bytes()
    assert check_store(url_of(tmp_path / "portal.db")) == "writable"
    assert (tmp_path / "portal.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["portal.db"]


def test_a_missing_database_is_only_announced(tmp_path: Path) -> None:
    words = check_store(url_of(tmp_path / "portal.db"))
    assert words == f"writable; the first start creates the database {tmp_path}/portal.db"
    assert list(tmp_path.iterdir()) == []


def test_missing_tables_are_only_announced(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "portal.db").close()
    words = check_store(url_of(tmp_path / "portal.db"))
    assert words == "writable; the first start creates its tables"
    assert (tmp_path / "portal.db").stat().st_size == 0


def make_store_of(version: str, path: Path) -> None:
    make_store(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


def test_older_tables_are_only_announced(tmp_path: Path) -> None:
    make_store_of("0001", tmp_path / "portal.db")
    words = check_store(url_of(tmp_path / "portal.db"))
    assert words == "writable; the next start brings its tables up to date"


def test_tables_of_a_newer_portal_are_a_fault(tmp_path: Path) -> None:
    make_store_of("9999", tmp_path / "portal.db")
    with pytest.raises(StoreFaultError, match=r"version 9999, .* Start that newer version\."):
        check_store(url_of(tmp_path / "portal.db"))


def test_a_file_that_is_no_database_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "portal.db").write_text("not a database, but a long enough text" * 40)
    with pytest.raises(StoreFaultError, match=r"cannot be written .* Check PORTAL_DATABASE_URL"):
        check_store(url_of(tmp_path / "portal.db"))


def test_a_database_that_somebody_holds_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_store(tmp_path / "portal.db")
    monkeypatch.setattr("app.cli.check.store.BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(tmp_path / "portal.db")
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreFaultError, match="locked"):
            check_store(url_of(tmp_path / "portal.db"))
    finally:
        holder.close()


def test_a_place_that_is_no_folder_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(
        StoreFaultError, match=r"Nothing can be written to .* Check PORTAL_INSTANCE"
    ):
        check_store(url_of(tmp_path / "file" / "portal.db"))
