"""The usage cost report: invented but steady figures, a row for each day and entity."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.world import CREATED_AT, WAREHOUSES

LONGEST_DAYS = 31
CHC_PER_8_GIB_HOUR = 0.3
HOURS_A_DAY = {"running": 24, "idle": 5, "stopped": 0}
STORAGE_CHC, BACKUP_CHC = 2.5, 0.75


def usage_cost(cloud: Cloud, from_date: str | None, to_date: str | None) -> dict[str, Any]:
    """Write the report for days in UTC, both included. Raises ApiError 400."""
    first, last = _parse_day("from_date", from_date), _parse_day("to_date", to_date)
    if last < first:
        raise ApiError(400, "request query.to_date: must not be before from_date")
    if (last - first).days >= LONGEST_DAYS:
        raise ApiError(400, f"request query.to_date: at most {LONGEST_DAYS} days can be asked for")
    today = datetime.fromtimestamp(cloud.clock.now(), UTC).date()
    days = _days(max(first, datetime.fromtimestamp(CREATED_AT, UTC).date()), min(last, today))
    services = cloud.list_services()
    costs = [row for day in days for row in _rows(day, services, is_locked=day < today)]
    return {"grandTotalCHC": round(sum(row["totalCHC"] for row in costs), 4), "costs": costs}


def _parse_day(name: str, text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise ApiError(400, f"request query.{name}: must be a date like 2026-01-31") from None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _rows(day: date, services: list[dict[str, Any]], *, is_locked: bool) -> list[dict[str, Any]]:
    shared = {"date": day.isoformat(), "locked": is_locked}
    return [shared | _warehouse_row(*warehouse) for warehouse in WAREHOUSES.items()] + [
        shared | _service_row(service) for service in services
    ]


def _warehouse_row(warehouse_id: str, name: str) -> dict[str, Any]:
    return {
        "dataWarehouseId": warehouse_id,
        "serviceId": None,
        "entityType": "datawarehouse",
        "entityId": warehouse_id,
        "entityName": name,
        "metrics": {"storageCHC": STORAGE_CHC, "backupCHC": BACKUP_CHC},
        "totalCHC": STORAGE_CHC + BACKUP_CHC,
    }


def _service_row(service: dict[str, Any]) -> dict[str, Any]:
    scaling = service["currentScaling"]
    units = scaling["effectiveMinReplicaMemoryGb"] / 8 * scaling["effectiveMinReplicas"]
    hours = HOURS_A_DAY.get(service["state"], 12)
    compute = round(units * hours * CHC_PER_8_GIB_HOUR, 4)
    return {
        "dataWarehouseId": service["dataWarehouseId"],
        "serviceId": service["id"],
        "entityType": "service",
        "entityId": service["id"],
        "entityName": service["name"],
        "metrics": {"computeCHC": compute},
        "totalCHC": compute,
    }
