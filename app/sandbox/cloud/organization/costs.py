"""The usage cost report: what each service would have cost, a row for each day and entity.

A day's compute follows from the same workload as its metrics: the hours in which the service runs,
the memory that it has then, and one price. Today's is not told before `cost_lag_days` have passed,
and a day that is younger than LOCKED_DAYS may still change.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.metrics import size_gb
from app.sandbox.cloud.service.workload import DAY_SECONDS, chance, state_at
from app.sandbox.world import CREATED_AT

LONGEST_DAYS = 31
LOCKED_DAYS = 2
CHC_PER_8_GIB_HOUR = 0.3903
STEP_SECONDS = 1800
STORAGE_CHC, BACKUP_CHC = 2.5, 0.75


def usage_cost(cloud: Cloud, from_date: str | None, to_date: str | None) -> dict[str, Any]:
    """Write the report for days in UTC, both included. Raises ApiError 400, and 403 if ordered."""
    first, last = _parse_day("from_date", from_date), _parse_day("to_date", to_date)
    if last < first:
        raise ApiError(400, "request query.to_date: must not be before from_date")
    if (last - first).days >= LONGEST_DAYS:
        raise ApiError(400, f"request query.to_date: at most {LONGEST_DAYS} days can be asked for")
    with cloud.lock:
        odd, now = cloud.oddities, cloud.clock.now()
        if odd.are_costs_refused:
            raise ApiError(403, "organization:view is needed")
        rows = _list_rows(cloud, first, last, now)
        costs = odd.with_cost_rows(rows)
    total = sum(row["totalCHC"] for row in rows)
    return {"grandTotalCHC": round(total, 4), "costs": costs}


def _list_rows(cloud: Cloud, first: date, last: date, now: float) -> list[dict[str, Any]]:
    today = datetime.fromtimestamp(now, UTC).date()
    newest = today - timedelta(days=cloud.oddities.cost_lag_days)
    days = _days(max(first, datetime.fromtimestamp(CREATED_AT, UTC).date()), min(last, newest))
    services = cloud.list_services()
    return [row for day in days for row in _rows(day, cloud.warehouses, services, now)]


def _parse_day(name: str, text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise ApiError(400, f"request query.{name}: must be a date like 2026-01-31") from None


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _rows(
    day: date, warehouses: dict[str, str], services: list[dict[str, Any]], now: float
) -> list[dict[str, Any]]:
    age_days = (datetime.fromtimestamp(now, UTC).date() - day).days
    shared = {"date": day.isoformat(), "locked": age_days >= LOCKED_DAYS}
    return [shared | _warehouse_row(day, *warehouse) for warehouse in warehouses.items()] + [
        shared | _service_row(day, service, now) for service in services
    ]


def _warehouse_row(day: date, warehouse_id: str, name: str) -> dict[str, Any]:
    storage = round(STORAGE_CHC * (0.95 + 0.1 * chance(name, "storage", day.toordinal())), 4)
    return {
        "dataWarehouseId": warehouse_id,
        "serviceId": None,
        "entityType": "datawarehouse",
        "entityId": warehouse_id,
        "entityName": name,
        "metrics": {"storageCHC": storage, "backupCHC": BACKUP_CHC},
        "totalCHC": round(storage + BACKUP_CHC, 4),
    }


def _service_row(day: date, service: dict[str, Any], now: float) -> dict[str, Any]:
    scaling = service["currentScaling"]
    sizes = scaling["effectiveMinReplicaMemoryGb"], scaling["effectiveMaxReplicaMemoryGb"]
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    end = int(min(begin + DAY_SECONDS, now))
    replicas = max(1, scaling["effectiveMinReplicas"])
    gb_hours = replicas * _gb_hours(service["name"], int(begin), end, *sizes)
    compute = round(gb_hours / 8 * CHC_PER_8_GIB_HOUR, 4)
    return {
        "dataWarehouseId": service["dataWarehouseId"],
        "serviceId": service["id"],
        "entityType": "service",
        "entityId": service["id"],
        "entityName": service["name"],
        "metrics": {"computeCHC": compute},
        "totalCHC": compute,
    }


@lru_cache(maxsize=1000)
def _gb_hours(name: str, begin: int, end: int, least_gb: int, most_gb: int) -> float:
    """Of one replica within a day."""
    steps = range(begin, end, STEP_SECONDS)
    running = [at for at in steps if state_at(name, at) == "running"]
    return sum(size_gb(name, (least_gb, most_gb), at) for at in running) * STEP_SECONDS / 3600
