"""The moment by the database's own clock: what several processes compare must come from one."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

StoreClock = Callable[[Connection], datetime]
"""How a store learns the moment inside of a transaction; tests give one that they move."""


def database_now(connection: Connection) -> datetime:
    """The moment in UTC. SQLite's is that of the machine, which all its processes share."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)
