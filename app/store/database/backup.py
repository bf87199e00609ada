"""A copy of the database made while it is used (SQLite's online backup)."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from app.errors import StoreUnavailable
from app.store.database.errors import unavailable

ONLY_ITS_OWNER = 0o600


def back_up(engine: Engine, target: Path) -> None:
    """Copy everything to a new file that only its owner may read.

    The copy is of one moment, and writers go on meanwhile (write-ahead log). Raises
    StoreUnavailable, also for another database than SQLite; then there is no file.
    """
    if engine.dialect.name != "sqlite":
        raise StoreUnavailable(
            message="Only an SQLite database can be copied by this command.",
            remedy="For PostgreSQL use its own: pg_dump --format=custom --file=FILE DATABASE",
        )
    source = Path(engine.url.database or "")
    if not source.is_file():
        raise StoreUnavailable(
            message=f"There is no database at {source} yet.",
            remedy="Check PORTAL_INSTANCE and PORTAL_DATABASE_URL.",
        )
    _create(target)
    try:
        _copy(source, target)
    except BaseException:
        target.unlink()
        raise


def _create(target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_ITS_OWNER))
    except FileExistsError:
        raise StoreUnavailable(
            message=f"{target} exists already, and nothing is overwritten.",
            remedy="Choose another name.",
        ) from None
    except OSError as error:
        raise StoreUnavailable(
            message=f"{target} cannot be made ({error.strerror}).",
            remedy="Choose a place that may be written to.",
        ) from None


def _copy(source: Path, target: Path) -> None:
    address = f"{source.resolve().as_uri()}?mode=rw"
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as reader,
            closing(sqlite3.connect(target)) as writer,
        ):
            reader.backup(writer)
    except sqlite3.Error as error:
        raise unavailable(error) from error
