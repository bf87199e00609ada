"""How much of the key's request budget is used, counted for all processes under one lock."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine, Row, select, update

from app.domain.request_budget import BudgetUsage
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import request_budget as table

ONLY = 1
"""There is one key, and so one row."""


@dataclass(frozen=True)
class RequestBudgetStore:
    """The record of it. Every method raises StoreUnavailable."""

    engine: Engine
    clock: StoreClock = database_now

    def change(self, change: Callable[[BudgetUsage, float], BudgetUsage]) -> None:
        """Put what `change` makes of the usage at this moment (seconds since 1970) in its place.

        Where `change` raises, the usage stays as it was.
        """
        with writing(self.engine) as connection:
            lock(connection, "request budget")
            row = connection.execute(select(table)).one_or_none()
            before = BudgetUsage() if row is None else _usage_of(row)
            # The moment is read under the lock, so that moments are in the order of the callers.
            after = change(before, self.clock(connection).timestamp())
            if row is None:
                connection.execute(table.insert().values(id=ONLY, **asdict(after)))
            elif after != before:
                connection.execute(update(table).values(asdict(after)))

    def read(self) -> tuple[BudgetUsage, float]:
        """The usage, and the moment by the clock that it is counted with."""
        with reading(self.engine) as connection:
            row = connection.execute(select(table)).one_or_none()
            usage = BudgetUsage() if row is None else _usage_of(row)
            return usage, self.clock(connection).timestamp()


def _usage_of(row: Row[Any]) -> BudgetUsage:
    return BudgetUsage(
        tuple(row.reads),
        tuple(row.changes),
        row.reads_closed_until,
        row.all_closed_until,
        tuple(row.samples),
    )
