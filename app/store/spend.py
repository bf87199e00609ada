"""What groups cost: the rows of Cloud's report, the portal's own figures, what was told of budgets.

One process at a time writes, the one that leads the jobs. Amounts are kept as whole billionths.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from app.domain.audit.events import Event
from app.domain.spend.costs import EXACT, CostRow, EntityKind
from app.domain.spend.days import Estimate, Figures
from app.domain.spend.reading import ReadingMark, Span
from app.store.audit.recording import recording
from app.store.database.engine import reading, writing
from app.store.schema import budget_notices as notices
from app.store.schema import spend_days as days
from app.store.schema import spend_estimates as estimates
from app.store.schema import spend_readings as readings
from app.store.spend_rows import (
    AMOUNTS,
    amount_of,
    list_warehouse_sums,
    map_estimates,
    map_marks,
    map_reported,
    moment_of,
)
from app.store.state import bump_revision

KEPT_DAYS = 93
"""Three months."""

MOST_ROWS = 500_000
"""Of the report: 93 days of 5000 entities. More entities are kept for a shorter time."""


@dataclass(frozen=True)
class WarehouseCost:
    """What a warehouse cost in a while besides the compute of its services. `is_told` says whether
    Cloud has told its storage of any day of it."""

    storage: Decimal
    backup: Decimal
    other: Decimal
    is_told: bool


@dataclass(frozen=True)
class SpendStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def map_marks(self) -> dict[Span, ReadingMark]:
        """How the readings of the report stand."""
        with reading(self.engine) as connection:
            return map_marks(connection)

    def record_report(
        self, spans: Iterable[Span], first: date, last: date, rows: Sequence[CostRow], now: datetime
    ) -> None:
        """Put what was read in the place of what was known of these days, but what is locked."""
        with writing(self.engine) as connection:
            _replace(connection, first, last, rows)
            for span in spans:
                _put_mark(connection, span, now, now, "")

    def note_failure(self, span: Span, now: datetime, error: str) -> None:
        """It was tried to read these days, in vain."""
        with writing(self.engine) as connection:
            query = select(readings.c.read_at).where(readings.c.span == span)
            read_at = connection.scalar(query)
            _put_mark(connection, span, now, read_at and moment_of(read_at), error)

    def record_estimates(
        self, service_id: str, own: Mapping[date, Estimate], now: datetime
    ) -> None:
        """Put the portal's own figures of some days in the place of earlier ones."""
        rows = [
            {"service_id": service_id, "day": day, "estimated_at": now.timestamp(), **vars(it)}
            for day, it in own.items()
        ]
        of_group = estimates.c.service_id == service_id
        with writing(self.engine) as connection:
            connection.execute(delete(estimates).where(of_group, estimates.c.day.in_(own)))
            if rows:
                connection.execute(insert(estimates), rows)

    def map_estimated(self) -> dict[str, tuple[date, datetime]]:
        """By group: the latest day that has an own figure, and when that was last made."""
        query = select(
            estimates.c.service_id, func.max(estimates.c.day), func.max(estimates.c.estimated_at)
        ).group_by(estimates.c.service_id)
        with reading(self.engine) as connection:
            return {key: (day, moment_of(at)) for key, day, at in connection.execute(query)}

    def map_figures(self, service_ids: Sequence[str], since: date) -> dict[str, Figures]:
        """What is known of these groups since a day; every one of them is there."""
        with reading(self.engine) as connection:
            # Storage of a day, or a pipe, says nothing of the compute of groups.
            of_groups = (days.c.kind == EntityKind.SERVICE) & (days.c.day >= since)
            known = frozenset(connection.scalars(select(days.c.day).where(of_groups).distinct()))
            reported = map_reported(connection, service_ids, since)
            own = map_estimates(connection, service_ids, since)
        return {key: Figures(reported.get(key, {}), own.get(key, {}), known) for key in service_ids}

    def find_warehouse_cost(
        self, service_ids: Sequence[str], warehouse_ids: Collection[str], first: date, last: date
    ) -> WarehouseCost:
        """What these warehouses and those of these services cost besides compute on these days."""
        of_services = select(days.c.warehouse_id).where(
            days.c.service_id.in_(service_ids), days.c.warehouse_id != ""
        )
        query = select(*list_warehouse_sums()).where(
            days.c.warehouse_id.in_(of_services) | days.c.warehouse_id.in_(warehouse_ids),
            days.c.day.between(first, last),
        )
        with reading(self.engine) as connection:
            *amounts, rows = connection.execute(query).one()
        storage, backup, other = (amount_of(int(value)) for value in amounts)
        return WarehouseCost(storage, backup, other, rows > 0)

    def map_told(self, periods: Collection[str]) -> dict[tuple[str, str], int]:
        """The step that counts as told of, by group and period."""
        query = select(notices).where(notices.c.period.in_(periods))
        with reading(self.engine) as connection:
            return {(row.service_id, row.period): row.step for row in connection.execute(query)}

    def lower_step(self, service_id: str, period: str, step: int) -> None:
        """Keep that the steps beyond this one are to be told of again."""
        of_period = (notices.c.service_id == service_id) & (notices.c.period == period)
        with writing(self.engine) as connection:
            connection.execute(update(notices).where(of_period).values(step=step))

    def tell_step(
        self, service_id: str, period: str, step: int, now: datetime, event: Event
    ) -> bool:
        """Keep that a step of a budget was told of, with its event. False if that one or a higher
        one was told of already."""
        of_period = (notices.c.service_id == service_id) & (notices.c.period == period)
        row = {"service_id": service_id, "period": period, "step": step}
        with recording(self.engine) as recorder:
            connection = recorder.connection
            told = connection.scalar(select(notices.c.step).where(of_period))
            if told is not None and told >= step:
                return False
            connection.execute(delete(notices).where(of_period))
            connection.execute(insert(notices), [{**row, "told_at": now.timestamp()}])
            bump_revision(connection)
            recorder.add(event)
        return True

    def prune(self, today: date) -> int:
        """Forget what is old; how many rows."""
        with writing(self.engine) as connection:
            entities = connection.scalar(select(func.count(func.distinct(days.c.entity_id)))) or 1
            kept_days = min(KEPT_DAYS, MOST_ROWS // entities)
            oldest = today - timedelta(days=KEPT_DAYS)
            connection.execute(delete(estimates).where(estimates.c.day < oldest))
            connection.execute(delete(notices).where(notices.c.period < f"{oldest:%Y-%m}"))
            old = days.c.day < today - timedelta(days=kept_days)
            return connection.execute(delete(days).where(old)).rowcount


def _replace(connection: Connection, first: date, last: date, rows: Sequence[CostRow]) -> None:
    within = days.c.day.between(first, last)
    locked = select(days.c.entity_id, days.c.day).where(within, days.c.is_locked.is_(True))
    kept = {(row.entity_id, row.day) for row in connection.execute(locked)}
    connection.execute(delete(days).where(within, days.c.is_locked.is_(False)))
    new = [
        _values(row)
        for row in rows
        if first <= row.day <= last and (row.entity_id, row.day) not in kept
    ]
    if new:
        connection.execute(insert(days), new)


def _values(row: CostRow) -> dict[str, Any]:
    amounts = {name: int(getattr(row, name) / EXACT) for name in AMOUNTS}
    return {**vars(row), **amounts}


def _put_mark(
    connection: Connection, span: Span, now: datetime, read_at: datetime | None, error: str
) -> None:
    connection.execute(delete(readings).where(readings.c.span == span))
    read = read_at.timestamp() if read_at else None
    row = {"span": span, "tried_at": now.timestamp(), "read_at": read, "error": error}
    connection.execute(insert(readings), [row])
