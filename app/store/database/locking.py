"""One row that whoever changes what belongs together holds first."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, select
from sqlalchemy.exc import IntegrityError


def lock_row(
    connection: Connection,
    table: Table,
    key: Mapping[str, object],
    defaults: Mapping[str, object] | None = None,
) -> Row[Any]:
    """The row with this key, locked until the transaction ends; made with `defaults` if need be.

    SQLite knows no locks of rows and leaves the clause out: its writers are one at a time as it is.
    """
    is_it = and_(*(table.c[name] == value for name, value in key.items()))
    query = select(table).where(is_it).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        with suppress(IntegrityError), connection.begin_nested():  # another process was faster
            connection.execute(table.insert().values({**key, **(defaults or {})}))
        row = connection.execute(query).one()
    return row
