"""The portal with room for tests, over a database that tests can take its rights from.

While the file READ_ONLY_MARK stands beside the database, SQLite itself refuses every write. And
nobody waits for a locked database for as long as a real portal does.
"""

import sqlite3
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.database import sqlite
from tests.support.portal import READ_ONLY_MARK

sqlite.BUSY_TIMEOUT_MS = 200


@event.listens_for(Engine, "checkout")
def _follow_mark(connection: sqlite3.Connection, _entry: ConnectionPoolEntry, _: object) -> None:
    database = next(row[2] for row in connection.execute("PRAGMA database_list"))
    is_marked = Path(database).with_name(READ_ONLY_MARK).exists()
    connection.execute(f"PRAGMA query_only = {int(is_marked)}")


from tests.support.no_budget_wsgi import app  # noqa: E402 - the engine is made when it is imported

__all__ = ["app"]
