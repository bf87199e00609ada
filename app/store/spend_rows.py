"""Rows of what groups cost, as values: amounts are kept as whole billionths of a credit."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from app.domain.spend.costs import EXACT, NOTHING, EntityKind
from app.domain.spend.days import Estimate, Reported
from app.domain.spend.reading import ReadingMark, Span, is_whole
from app.store.schema import spend_days as days
from app.store.schema import spend_estimates as estimates
from app.store.schema import spend_readings as readings

AMOUNTS = ("compute", "storage", "backup", "other")


def map_marks(connection: Connection) -> dict[Span, ReadingMark]:
    """How the readings of the report stand."""
    rows = connection.execute(select(readings)).all()
    return {Span(row.span): _mark_of(row) for row in rows if row.span in set(Span)}


def map_reported(
    connection: Connection, service_ids: Sequence[str], since: date
) -> dict[str, dict[date, Reported]]:
    """What Cloud says of these groups since a day."""
    query = select(days.c.service_id, days.c.day, days.c.compute, days.c.is_locked).where(
        days.c.service_id.in_(service_ids),
        days.c.kind == EntityKind.SERVICE,
        days.c.day >= since,
    )
    marks = map_marks(connection)
    found: dict[str, dict[date, Reported]] = {}
    for key, day, compute, is_locked in connection.execute(query):
        whole = is_locked or is_whole(day, marks)
        found.setdefault(key, {})[day] = Reported(amount_of(compute), is_locked, whole)
    return found


def map_estimates(
    connection: Connection, service_ids: Sequence[str], since: date
) -> dict[str, dict[date, Estimate]]:
    """What the portal has seen of these groups since a day."""
    query = select(estimates).where(
        estimates.c.service_id.in_(service_ids), estimates.c.day >= since
    )
    found: dict[str, dict[date, Estimate]] = {}
    for row in connection.execute(query):
        figures = Estimate(row.gb_seconds, row.saved_by_boosts, row.saved_by_schedules)
        found.setdefault(row.service_id, {})[row.day] = figures
    return found


def list_warehouse_sums() -> list[ColumnElement[int]]:
    """Storage, backup, all else, and how many rows are the warehouse's own. Only services have
    compute that is told apart: that of pipes is part of the rest."""
    of_services = days.c.kind == EntityKind.SERVICE
    compute = case((of_services, 0), else_=days.c.compute)
    sums = [func.sum(it) for it in (days.c.storage, days.c.backup, days.c.other + compute)]
    own = func.sum(case((days.c.kind == EntityKind.WAREHOUSE, 1), else_=0))
    return [func.coalesce(it, 0) for it in (*sums, own)]


def amount_of(billionths: int) -> Decimal:
    """Whole billionths as an amount."""
    # Zero would be written as 0E-9.
    return Decimal(billionths) * EXACT or NOTHING


def moment_of(seconds: float) -> datetime:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def _mark_of(row: Row[Any]) -> ReadingMark:
    read_at = None if row.read_at is None else moment_of(row.read_at)
    return ReadingMark(moment_of(row.tried_at), read_at, row.error)
