"""Which due instants of schedules have been acted on: one row for each, whatever process acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.schedules.record import Edge, EdgeKey, EdgeState
from app.store.database.engine import reading, writing
from app.store.schema import schedule_edges
from app.store.state import bump_revision

KEPT = timedelta(days=90)
"""How long an edge is kept that others came after."""


@dataclass(frozen=True)
class ScheduleEdgeStore:
    """The records of edges: those of sizes, or those of starts and stops. Every method raises
    StoreUnavailable; those that write, LeaseLost."""

    engine: Engine
    table: Table = schedule_edges

    def list_edges(self, keys: Sequence[EdgeKey]) -> dict[EdgeKey, Edge]:
        """What became of these due instants; those of which nothing was done are left out."""
        ids = [key.service_id for key in keys]
        due = [key.due_at for key in keys]
        table = self.table
        query = select(table).where(table.c.service_id.in_(ids), table.c.due_at.in_(due))
        with reading(self.engine) as connection:
            found = [_edge_of(row) for row in connection.execute(query)]
        wanted = set(keys)
        return {edge.key: edge for edge in found if edge.key in wanted}

    def claim(self, key: EdgeKey, now: datetime, seen: Edge | None) -> Edge | None:
        """Take a due instant to act on it; None where another did. `seen` is the edge as it was
        read, whose `may_try` said that it is time.

        The database itself refuses the second: by the row that there can be but one of, and for
        a further try by the number of tries that was seen.
        """
        claimed = Edge(key, EdgeState.CLAIMED, seen.attempts + 1 if seen else 1, now)
        try:
            with writing(self.engine) as connection:
                if seen is None:
                    self._forget_old(connection, key, now)
                    connection.execute(self.table.insert().values(_row_of(claimed)))
                    return claimed
                is_as_seen = self._is(key) & (self.table.c.attempts == seen.attempts)
                is_as_seen &= self.table.c.state == seen.state
                taken = update(self.table).where(is_as_seen).values(_row_of(claimed))
                return claimed if connection.execute(taken).rowcount == 1 else None
        except IntegrityError:
            return None

    def finish(self, edge: Edge) -> None:
        """Record what became of a claim; not where another process has taken it over since."""
        is_own = self._is(edge.key) & (self.table.c.attempts == edge.attempts)
        with writing(self.engine) as connection:
            connection.execute(update(self.table).where(is_own).values(_row_of(edge)))
            bump_revision(connection)

    def _forget_old(self, connection: Connection, key: EdgeKey, now: datetime) -> None:
        columns = self.table.c
        is_old = (columns.service_id == key.service_id) & (columns.due_at < now - KEPT)
        connection.execute(delete(self.table).where(is_old))

    def _is(self, key: EdgeKey) -> ColumnElement[bool]:
        columns = self.table.c
        is_group = (columns.service_id == key.service_id) & (columns.version == key.version)
        return is_group & (columns.due_at == key.due_at)


def _edge_of(row: Row[Any]) -> Edge:
    key = EdgeKey(row.service_id, row.version, row.due_at)
    state = EdgeState(row.state)
    return Edge(key, state, row.attempts, row.claimed_at, row.reference, row.error)


def _row_of(edge: Edge) -> dict[str, Any]:
    return {
        **edge.key.__dict__,
        "state": edge.state,
        "attempts": edge.attempts,
        "claimed_at": edge.claimed_at,
        "reference": edge.reference,
        "error": edge.error[:64],
    }
