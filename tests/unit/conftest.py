"""A database of the test's own, and shared readings in it by a clock that the tests move."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.database.engine import open_engine, upgrade


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    opened = open_engine(SecretStr(f"sqlite:///{path}"))
    upgrade(opened)
    opened.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    """A database of the test's own; nobody pulls its plug, so nothing waits for the disk."""
    path = shutil.copy(empty_database, tmp_path / "portal.db")
    opened = open_engine(SecretStr(f"sqlite:///{path}"))
    event.listen(opened, "connect", _do_not_wait_for_the_disk)
    yield opened
    opened.dispose()


def _do_not_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
