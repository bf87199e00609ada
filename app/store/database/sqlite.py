"""SQLite: one file, many readers beside one writer, and every wait for it has a bound."""

import sqlite3
from time import monotonic, sleep

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 5000
"""For a lock that another connection holds."""

RETRY_SECONDS = 0.01


def open_sqlite(url: URL) -> Engine:
    """An engine for a file; every connection is set up as it is made."""
    # As many connections as threads ask for: each of them holds one for a moment only.
    engine = create_engine(url, hide_parameters=True, max_overflow=-1)
    event.listen(engine, "connect", _set_up)
    return engine


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _use_wal(cursor)
    # FULL makes "recorded" survive a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _use_wal(cursor: DBAPICursor) -> None:
    """Let lookers read while a change is written. Raises sqlite3.OperationalError.

    For this one statement SQLite does not wait for a writer: several processes that start at once
    over a new file would keep each other from starting.
    """
    give_up_at = monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > give_up_at:
                raise
            sleep(RETRY_SECONDS)
        else:
            return
