"""All records of one database into another, empty one: from SQLite to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table, func, insert, select, text

from app.errors import StoreUnavailable
from app.store.database.engine import reading, upgrade, writing
from app.store.database.tables_version import find_version
from app.store.schema import SHARED, metadata

ROWS = 500
"""How many rows travel at a time."""


def transfer(source: Engine, target: Engine) -> dict[str, int]:
    """Copy every record as of one moment, in one transaction; the number of rows by table.

    The target gets its tables here. Raises StoreUnavailable, also where the target has records
    already or the tables of the source are older; then the target stays empty.
    """
    upgrade(target)
    with _snapshot(source) as reader, writing(target) as writer:
        _check_versions(reader, writer)
        records = [table for table in metadata.sorted_tables if table not in SHARED]
        return {table.name: _copy(table, reader, writer) for table in records}


@contextmanager
def _snapshot(source: Engine) -> Iterator[Connection]:
    with reading(source) as connection:
        if source.dialect.name != "sqlite":
            raise StoreUnavailable(
                message="Only the records of an SQLite database are copied by this command.",
                remedy="For PostgreSQL use its own: pg_dump and pg_restore.",
            )
        connection.exec_driver_sql("BEGIN")  # Python's driver begins with the first write only
        yield connection


def _check_versions(reader: Connection, writer: Connection) -> None:
    versions = [find_version(it) for it in (reader, writer)]
    if versions[0] != versions[1]:
        raise StoreUnavailable(
            message=f"The records have the tables of version {versions[0]}, and the copy would "
            f"have those of {versions[1]}.",
            remedy="Bring them up to date first: flask --app wsgi db upgrade",
        )


def _copy(table: Table, reader: Connection, writer: Connection) -> int:
    if _count(table, writer):
        raise StoreUnavailable(
            message="The target has records already, and nothing is overwritten.",
            remedy="Name an empty database.",
        )
    rows = reader.execution_options(yield_per=ROWS).execute(select(table))
    # Columns are named by their keys, which differ from their names where code and table do.
    keys = table.columns.keys()
    for some in rows.partitions():
        writer.execute(insert(table), [dict(zip(keys, row, strict=True)) for row in some])
    _advance_sequence(table, writer)
    copied = _count(table, writer)
    if copied != _count(table, reader):
        raise StoreUnavailable(message=f"The rows of {table.name} did not all arrive.")
    return copied


def _count(table: Table, connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _advance_sequence(table: Table, connection: Connection) -> None:
    """The next row gets a number after those that were copied with theirs."""
    if connection.dialect.name != "postgresql" or table.autoincrement_column is None:
        return
    highest = connection.scalar(select(func.max(table.autoincrement_column)))
    if highest is not None:
        statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
        connection.execute(statement, {"name": table.name, "highest": highest})
