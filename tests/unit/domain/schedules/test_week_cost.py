"""A week's cost with a schedule and without it, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.schedules.week_cost import CostRange, cost_with, cost_without, week_of
from tests.unit.builders import VERTICAL
from tests.unit.domain.schedules.builders import a_schedule, utc

PRICE = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))


def _range(least: str, most: str) -> CostRange:
    return CostRange(Decimal(least), Decimal(most))


@pytest.mark.parametrize(
    ("now", "hours"),
    [("2026-03-02 10:00", 168), ("2026-03-25 10:00", 167), ("2026-10-25 22:30", 169)],
)
def test_a_week_has_as_many_hours_as_the_clocks_give_it(now: str, hours: int) -> None:
    start, end = week_of(a_schedule(), utc(now))
    assert (end - start).total_seconds() == hours * 3600


def test_the_cost_of_a_week_is_that_of_its_spans_rounded_once() -> None:
    # 50 h of 3 x 32 to 64 GB, 118 h of 8 to 16 GB: (4800 + 944) and (9600 + 1888) GB-hours.
    assert cost_with(a_schedule(), VERTICAL, PRICE, utc("2026-03-02 10:00")) == _range(
        "280.24", "560.47"
    )


def test_the_cost_without_a_schedule_is_one_size_all_the_week() -> None:
    config = VERTICAL.model_copy(update={"min_memory_gb": 16, "max_memory_gb": 32})
    config = config.model_copy(update={"min_replicas": 2, "max_replicas": 2})
    assert cost_without(a_schedule(), config, PRICE, utc("2026-03-02 10:00")) == _range(
        "262.28", "524.56"
    )
