"""Which due instants of schedules have been acted on: one row for each, whatever process acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.schedules.record import Edge, EdgeKey, EdgeState
from app.store.database.engine import reading, writing
from app.store.schema import schedule_edges
from app.store.state import bump_revision

KEPT = timedelta(days=90)
"""How long an edge is kept that others came after."""


@dataclass(frozen=True)
class ScheduleEdgeStore:
    """The records of edges. Every method raises StoreUnavailable; those that write, LeaseLost."""

    engine: Engine

    def list_edges(self, keys: Sequence[EdgeKey]) -> dict[EdgeKey, Edge]:
        """What became of these due instants; those of which nothing was done are left out."""
        ids = [key.service_id for key in keys]
        due = [key.due_at for key in keys]
        table = schedule_edges
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
                    _forget_old(connection, key, now)
                    connection.execute(schedule_edges.insert().values(_row_of(claimed)))
                    return claimed
                is_as_seen = _is(key) & (schedule_edges.c.attempts == seen.attempts)
                is_as_seen &= schedule_edges.c.state == seen.state
                taken = update(schedule_edges).where(is_as_seen).values(_row_of(claimed))
                return claimed if connection.execute(taken).rowcount == 1 else None
        except IntegrityError:
            return None

    def finish(self, edge: Edge) -> None:
        """Record what became of a claim; not where another process has taken it over since."""
        is_own = _is(edge.key) & (schedule_edges.c.attempts == edge.attempts)
        with writing(self.engine) as connection:
            connection.execute(update(schedule_edges).where(is_own).values(_row_of(edge)))
            bump_revision(connection)


def _forget_old(connection: Connection, key: EdgeKey, now: datetime) -> None:
    is_old = (schedule_edges.c.service_id == key.service_id) & (
        schedule_edges.c.due_at < now - KEPT
    )
    connection.execute(delete(schedule_edges).where(is_old))


def _is(key: EdgeKey) -> ColumnElement[bool]:
    table = schedule_edges
    is_group = (table.c.service_id == key.service_id) & (table.c.version == key.version)
    return is_group & (table.c.due_at == key.due_at)


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
