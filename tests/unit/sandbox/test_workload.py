"""The load of the sandbox's services: believable, and always the same for the same moment."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.cloud.service import workload
from app.sandbox.cloud.service.workload import (
    DAY_SECONDS,
    WORKLOADS,
    failures_since_monday,
    memory_gb,
    office,
    state_at,
)
from tests.unit.sandbox.client import Client

MOMENTS = st.integers(1_600_000_000, 2_000_000_000).map(float)
NAMES = st.sampled_from([*WORKLOADS, "Another"])
WEDNESDAY = datetime(2026, 11, 25, tzinfo=UTC).timestamp()


@given(NAMES, MOMENTS, st.integers(0, 5))
def test_every_figure_is_possible_and_the_same_each_time(
    name: str, now: float, replica: int
) -> None:
    figures: tuple[Callable[[], float], ...] = (
        lambda: memory_gb(name, now),
        lambda: workload.cores(name, now, replica),
        lambda: workload.queries(name, now, replica),
    )
    for figure in figures:
        assert 0 <= figure() < 200
        assert figure() == figure()
    assert 0 <= office(now) <= 1


@given(NAMES, MOMENTS, st.integers(8, 120), st.integers(0, 3600))
def test_counters_go_up_within_a_week(name: str, now: float, total: int, later: int) -> None:
    if (
        datetime.fromtimestamp(now, UTC).isocalendar()
        == datetime.fromtimestamp(now + later, UTC).isocalendar()
    ):
        before, after = (failures_since_monday(name, at, total) for at in (now, now + later))
        assert before <= after


@given(NAMES, MOMENTS)
def test_more_memory_lets_fewer_queries_fail(name: str, now: float) -> None:
    failed = [failures_since_monday(name, now, size) for size in (4, 8, 16, 32, 356)]
    assert failed == sorted(failed, reverse=True)
    assert failed[-1] == 0


def test_people_work_in_office_hours() -> None:
    nine, three_at_night, noon = (WEDNESDAY + hour * 3600 for hour in (9, 3, 11.5))
    assert office(nine) > 0.7
    assert office(three_at_night) == 0
    assert office(noon) < office(nine)
    assert office(nine + 3 * DAY_SECONDS) < 0.2, "a Saturday"


def test_one_group_idles_and_wakes_many_times_a_week() -> None:
    week = range(int(WEDNESDAY), int(WEDNESDAY) + 7 * DAY_SECONDS, 1800)
    states = [state_at("Analytics ad hoc", at) for at in week]
    wakes = sum(a == "idle" and b == "running" for a, b in pairwise(states))
    assert wakes > 20
    assert set(states) == {"idle", "running"}


def test_the_past_is_told_for_so_many_days(client: Client) -> None:
    service_id = client.service_id("reporting")
    moments = client.control("GET", f"/services/{service_id}/load?days=3")["moments"]
    assert len(moments) == 2 * 96 + 288
    assert [item["at"] for item in moments] == sorted({item["at"] for item in moments})
    month = client.control("GET", f"/services/{service_id}/load?days=30")["moments"]
    assert len(month) == 23 * 48 + 6 * 96 + 288


@pytest.mark.parametrize("days", ["0", "32", "x", "-1", "٣"])
def test_no_other_number_of_days_can_be_asked_for(client: Client, days: str) -> None:
    with pytest.raises(AssertionError):
        client.control("GET", f"/services/{client.service_id('reporting')}/load?days={days}")


def test_what_the_past_told_is_what_the_metrics_say(client: Client) -> None:
    service_id = client.service_id("reporting")
    told = client.api("GET", f"services/{service_id}/prometheus?filtered_metrics=true").text
    assert 'scrape="full"' in told
    assert "ClickHouseProfileEvents_QueryMemoryLimitExceeded{" in told
    assert "ClickHouseMetrics_Merge" not in told
