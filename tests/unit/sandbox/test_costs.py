"""The cost report: believable days, a refusal on order, odd rows on order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.unit.sandbox.client import Client


def report_of(client: Client, days: int = 31) -> Any:  # noqa: ANN401 - JSON
    """The report of the days until today."""
    today = _today(client)
    query = f"?from_date={today - timedelta(days=days - 1)}&to_date={today}"
    return client.api("GET", f"usageCost{query}").json()["result"]["costs"]


def _today(client: Client) -> date:
    client.command("ad hoc", "awake")
    newest = client.api("GET", "activities").json()["result"][0]["createdAt"]
    return datetime.fromisoformat(newest).astimezone(UTC).date()


def _of(rows: list[dict[str, Any]], name: str) -> dict[str, float]:
    return {row["date"]: row["totalCHC"] for row in rows if row["entityName"] == name}


def test_thirty_days_are_there_at_once_and_today_is_not(client: Client) -> None:
    rows = report_of(client)
    days = {row["date"] for row in rows}
    assert len(days) == 30
    assert _today(client).isoformat() not in days


def test_today_is_there_where_the_report_has_no_lag(client: Client) -> None:
    client.set_up(cost_lag_days=0)
    rows = report_of(client, 1)
    assert {row["date"] for row in rows} == {_today(client).isoformat()}
    assert {row["locked"] for row in rows} == {False}


def test_only_the_newest_day_may_change(client: Client) -> None:
    newest = (_today(client) - timedelta(days=1)).isoformat()
    assert all(row["locked"] is (row["date"] != newest) for row in report_of(client))


def test_a_group_that_idles_at_night_costs_less_than_one_that_runs(client: Client) -> None:
    rows = report_of(client)
    assert sum(_of(rows, "Analytics ad hoc").values()) < sum(
        _of(rows, "Analytics reporting").values()
    )
    assert len(set(_of(rows, "Analytics ad hoc").values())) > 5


def test_storage_and_backup_are_rows_of_the_warehouse_without_a_service(client: Client) -> None:
    rows = [row for row in report_of(client) if row["entityType"] == "datawarehouse"]
    assert {row["serviceId"] for row in rows} == {None}
    assert all({"storageCHC", "backupCHC"} == set(row["metrics"]) for row in rows)


def test_a_key_without_the_permission_is_refused_on_order(client: Client) -> None:
    client.set_up(are_costs_refused=True)
    answer = client.api("GET", "usageCost?from_date=2026-01-01&to_date=2026-01-31")
    assert answer.status_code == 403


@pytest.mark.parametrize("at", ["start", "end", "instead", "alone"])
def test_odd_rows_are_in_the_report_on_order(client: Client, at: str) -> None:
    odd = [{"date": "soon"}, None, 7]
    client.control("POST", "/costs", {"rows": odd, "at": at})
    rows = report_of(client)
    expected: Any = rows[:3] if at == "start" else rows[-3:] if at == "end" else rows
    assert expected == (odd[0] if at == "alone" else odd)
    client.control("DELETE", "/costs")
    assert len(report_of(client)) == 30 * 8
