"""Which version the tables of a database have, by the number of the last migration.

Read without the library that migrates: a portal whose tables are up to date does without it, and
the 8 MB that it takes in every process.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The version that this program knows; each migration's file begins with its own."""

_TABLE = "alembic_version"


def find_version(connection: Connection) -> str | None:
    """The version of the tables; None where there are none."""
    if not inspect(connection).has_table(_TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608 - our own name
    return None if found is None else str(found)
