"""Costs of a portal that runs: written into its records as the worker writes them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from pydantic import SecretStr

from app.domain.spend.costs import CostRow, EntityKind
from app.domain.spend.days import Estimate
from app.domain.spend.reading import LONGEST_DAYS, Span
from app.store.database.engine import open_engine
from app.store.spend import SpendStore
from tests.support.portal import PortalProcess

WAREHOUSE_ID = "0b000000-0000-4000-8000-000000000001"
HOUR_OF_8_GB = 8 * 3600


def write_spend(portal: PortalProcess, by_service: Mapping[str, str], *, hours: int = 10) -> None:
    """So much on each of the last days, yesterday's not locked, and the warehouse's storage; today
    so many hours of 8 GB were seen of each, of which half as many were saved by boosts."""
    engine = open_engine(SecretStr(portal.database_url))
    store, now = SpendStore(engine), datetime.now(UTC)
    days = [now.date() - timedelta(days=count) for count in range(1, LONGEST_DAYS)]
    rows = []
    for day in days:
        is_locked = day != days[0]
        for key, amount in by_service.items():
            rows.append(_row(day, key, is_locked, compute=Decimal(amount)))
        storage = {"storage": Decimal("2.5"), "backup": Decimal("0.5")}
        rows.append(_row(day, "", is_locked, **storage))
    store.record_report(tuple(Span), days[-1], now.date(), rows, now)
    for key in by_service:
        seen = Estimate(hours * HOUR_OF_8_GB, hours // 2 * HOUR_OF_8_GB, 0)
        store.record_estimates(key, {now.date(): seen}, now)
    engine.dispose()


def _row(day: date, service_id: str, is_locked: bool, **amounts: Decimal) -> CostRow:
    kind = EntityKind.SERVICE if service_id else EntityKind.WAREHOUSE
    key = service_id or WAREHOUSE_ID
    return CostRow(day, key, kind, service_id, WAREHOUSE_ID, is_locked=is_locked, **amounts)


def refuse_costs(portal: PortalProcess, error: str) -> None:
    """Nothing of the report could be read, for this reason."""
    engine = open_engine(SecretStr(portal.database_url))
    for span in Span:
        SpendStore(engine).note_failure(span, datetime.now(UTC), error)
    engine.dispose()
