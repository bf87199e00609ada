"""Budgets: which step is reached, when one is spent, and what may still be done then."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.spend.budget import (
    BudgetUse,
    Period,
    check_growth,
    find_growth,
    find_spent,
    list_uses,
)
from app.domain.spend.days import Figures, Reported
from app.domain.spend.month import month_of
from tests.unit.builders import HORIZONTAL, VERTICAL, changed

NOW = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
DAYS = {
    date(2026, 12, 30): Reported(Decimal(70), True),
    date(2026, 12, 31): Reported(Decimal(5), False),
}


def use(spent: str, most: str = "100", period: Period = Period.MONTH) -> BudgetUse:
    """A budget of which so much is used."""
    renewed_on = date(2027, 1, 1) if period is Period.MONTH else date(2026, 12, 12)
    return BudgetUse(period, "2026-12", Decimal(spent), Decimal(most), renewed_on)


@pytest.mark.parametrize(
    ("spent", "step"),
    [
        ("0", 0),
        ("49.99", 0),
        ("50", 50),
        ("74.999999999", 50),
        ("75", 75),
        ("90", 90),
        ("99.999999999", 90),
        ("100", 100),
        ("1000000", 100),
    ],
)
def test_a_step_is_reached_exactly_and_never_early(spent: str, step: int) -> None:
    assert use(spent).step == step
    assert use(spent).is_spent is (step == 100)


def test_month_and_day_are_counted_apart_and_renewed_when_they_are_over() -> None:
    month = month_of(Figures(DAYS, {}, frozenset(DAYS)), None, NOW)
    limits = Limits(budget_per_month=Decimal(75), budget_per_day=Decimal(10))
    by_month, by_day = list_uses(limits, month, NOW)
    assert (by_month.key, by_month.spent, by_month.percent) == ("2026-12", Decimal(75), 100)
    assert (by_day.key, by_day.spent, by_day.percent) == ("2026-12-31", Decimal(5), 50)
    assert by_month.renewed_on == by_day.renewed_on == date(2027, 1, 1)
    assert list_uses(Limits(), month, NOW) == ()


def test_the_budget_that_stays_spent_the_longest_is_named() -> None:
    day, month = use("100", period=Period.DAY), use("100")
    assert find_spent((day, month)) is month
    assert find_spent((day, use("99"))) is day
    assert find_spent(()) is None


GROWTH = [
    (VERTICAL, changed(VERTICAL, max_memory_gb=236), "max_memory_gb"),
    (VERTICAL, changed(VERTICAL, min_memory_gb=VERTICAL.min_memory_gb + 4), "min_memory_gb"),
    (VERTICAL, changed(VERTICAL, min_replicas=9, max_replicas=9), "num_replicas"),
    (HORIZONTAL, changed(HORIZONTAL, max_replicas=19), "max_replicas"),
    (HORIZONTAL, changed(HORIZONTAL, min_replicas=HORIZONTAL.min_replicas + 1), "min_replicas"),
    (changed(VERTICAL, idle_scaling=True), changed(VERTICAL, idle_scaling=False), "idle_scaling"),
    (VERTICAL, VERTICAL, None),
    (VERTICAL, changed(VERTICAL, min_replicas=1, max_replicas=1), None),
    (changed(VERTICAL, idle_scaling=False), changed(VERTICAL, idle_scaling=True), None),
    (
        changed(VERTICAL, idle_timeout_minutes=15),
        changed(VERTICAL, idle_timeout_minutes=16),
        "idle_timeout_minutes",
    ),
    (
        changed(VERTICAL, idle_timeout_minutes=15),
        changed(VERTICAL, idle_timeout_minutes=10),
        None,
    ),
    # larger replicas are growth, however few they are
    (
        VERTICAL,
        changed(VERTICAL, max_memory_gb=236, min_replicas=1, max_replicas=1),
        "max_memory_gb",
    ),
]


@pytest.mark.parametrize(("before", "target", "field"), GROWTH)
def test_only_growth_is_refused_and_beside_its_field(
    before: ScalingConfig, target: ScalingConfig, field: str | None
) -> None:
    assert find_growth(before, target) == field
    found = check_growth((use("120.456"),), before, target)
    assert [(it.field, it.code) for it in found] == ([(field, "budget_spent")] if field else [])
    assert check_growth((use("99"),), before, target) == ()


def test_the_sentence_says_how_much_and_until_when() -> None:
    (found,) = check_growth((use("120.456"),), VERTICAL, changed(VERTICAL, max_memory_gb=236))
    assert "for this month is used up (120.46 of 100 US dollars)" in found.message
    assert "cannot grow before 1 January 2027 (UTC)" in found.message
