"""The file of an SQLite database: where it is, who may read it, and that it is whole when left."""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.store.database.errors import unavailable

ONLY_ITS_OWNER = 0o600
BESIDE = ("", "-wal", "-shm")
"""What is added to the name: the database itself, its write-ahead log, the index of that."""


def path_of(engine: Engine) -> Path | None:
    """Where the file is; None for another database, and for one in memory."""
    name = engine.url.database if engine.dialect.name == "sqlite" else None
    if name and name.startswith("file:"):
        name = unquote(urlsplit(name).path)
    return Path(name) if name and name != ":memory:" else None


def make_private(engine: Engine) -> None:
    """Make folder and file if need be, and let nobody but their owner read them.

    SQLite gives the files beside it the rights of the database. Raises StoreUnavailable.
    """
    path = path_of(engine)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, ONLY_ITS_OWNER))
    except OSError as error:
        raise unavailable(error) from error
    for suffix in BESIDE:
        with suppress(OSError):  # it is not there, or belongs to somebody else
            path.with_name(path.name + suffix).chmod(ONLY_ITS_OWNER)


def checkpoint(engine: Engine) -> bool:
    """Put all that is written into the one file, so that a plain copy of it holds everything.

    False if somebody still uses what stands beside it. Raises StoreUnavailable.
    """
    if path_of(engine) is None:
        return True
    try:
        with engine.connect() as connection:
            row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    except SQLAlchemyError as error:
        raise unavailable(error) from error
    return not row[0]
