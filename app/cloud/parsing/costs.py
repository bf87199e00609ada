"""Cloud's usage cost report -> `CostRow`. A row that makes no sense is left out, the rest kept."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.cloud.parsing.values import FIRST_YEAR, LAST_YEAR
from app.cloud.transport.answers import lost
from app.domain.spend.costs import EXACT, MOST_CREDITS, NOTHING, CostRow, EntityKind

MOST_ROWS = 50_000
"""A month of more entities than an organisation has."""

NO_SENSE = "ClickHouse Cloud gave a cost report that makes no sense."
COMPUTE, STORAGE, BACKUP, TOTAL = "computeCHC", "storageCHC", "backupCHC", "totalCHC"


def parse_costs(value: object) -> tuple[CostRow, ...]:
    """The rows of a report; of two for the same entity and day the last counts.

    `costs` is a list, or a single object where there is one row. Raises CloudAnswerLost for what
    is no report.
    """
    costs = value.get("costs") if isinstance(value, dict) else None
    items = [costs] if isinstance(costs, dict) else costs
    if not isinstance(items, list):
        raise lost(NO_SENSE)
    found = (_parse(item) for item in items[:MOST_ROWS] if isinstance(item, dict))
    return tuple({(row.entity_id, row.day): row for row in found if row}.values())


def _parse(item: Mapping[str, Any]) -> CostRow | None:
    day, kind, entity_id = _day(item.get("date")), item.get("entityType"), _id(item.get("entityId"))
    amounts = _amounts(item)
    if day is None or kind not in list(EntityKind) or not entity_id or amounts is None:
        return None
    known = EntityKind(kind)
    service_id, warehouse_id = _id(item.get("serviceId")), _id(item.get("dataWarehouseId"))
    return CostRow(
        day=day,
        entity_id=entity_id,
        kind=known,
        service_id=service_id or (entity_id if known is EntityKind.SERVICE else ""),
        warehouse_id=warehouse_id or (entity_id if known is EntityKind.WAREHOUSE else ""),
        is_locked=item.get("locked") is True,
        **amounts,
    )


def _amounts(item: Mapping[str, Any]) -> dict[str, Decimal] | None:
    """What the row costs, by what for; None where a figure is no amount."""
    metrics = item.get("metrics")
    if not isinstance(metrics, dict):
        return None
    parts = {name: _amount(value) for name, value in metrics.items() if value is not None}
    known = [amount for amount in parts.values() if amount is not None]
    given = item.get(TOTAL)
    total = sum(known, NOTHING) if given is None else _amount(given)
    if len(known) < len(parts) or total is None:
        return None
    named = {name: parts.get(name) or NOTHING for name in (COMPUTE, STORAGE, BACKUP)}
    return {
        "compute": named[COMPUTE],
        "storage": named[STORAGE],
        "backup": named[BACKUP],
        "other": max(NOTHING, total - sum(named.values())),
    }


def _amount(value: object) -> Decimal | None:
    """An amount from 0 to MOST_CREDITS, to a billionth; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The shortest decimal that is this fraction, as Cloud wrote it.
    amount = Decimal(value if isinstance(value, int) else repr(value))
    if not amount.is_finite() or not 0 <= amount <= MOST_CREDITS:
        return None
    return amount.quantize(EXACT)


def _day(value: object) -> date | None:
    """A day, also one with a time behind it."""
    try:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _id(value: object) -> str:
    try:
        return str(UUID(value)) if isinstance(value, str) else ""
    except ValueError:
        return ""
