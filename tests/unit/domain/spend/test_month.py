"""A month in figures: Cloud's before ours, what is not known said, worked cases of the forecast."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.spend.days import Estimate, Figures, Reported, Source, cost_of
from app.domain.spend.month import month_of

PRICE = Price(Decimal("0.40"), "USD", date(2026, 1, 1))
TODAY = date(2026, 11, 11)
NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)
HOUR_OF_8_GB = 8 * 3600


def reported(amounts: dict[date, str], locked: bool = True) -> dict[date, Reported]:
    """Cloud's figures."""
    return {day: Reported(Decimal(it), locked) for day, it in amounts.items()}


def each_day(amount: str, first: int = 1, last: int = 10) -> dict[date, str]:
    """The same amount on days of November."""
    return {date(2026, 11, day): amount for day in range(first, last + 1)}


def figures(
    amounts: dict[date, str], estimates: dict[date, Estimate] | None = None, locked: bool = True
) -> Figures:
    """What is known of a group."""
    return Figures(reported(amounts, locked), estimates or {}, frozenset(amounts))


def test_so_far_is_the_sum_of_the_months_days_alone() -> None:
    earlier = {date(2026, 10, day): "100" for day in range(12, 32)}
    month = month_of(figures(each_day("3.10") | earlier), PRICE, NOON)
    assert month.so_far == Decimal("31.00")
    assert len(month.days) == 30
    assert month.days[-1].day == TODAY


def test_today_is_our_estimate_until_cloud_has_a_figure() -> None:
    own = {TODAY: Estimate(6 * HOUR_OF_8_GB)}
    month = month_of(figures(each_day("3"), own), PRICE, NOON)
    assert (month.open_day.amount, month.open_day.source) == (Decimal("2.40"), Source.ESTIMATE)
    assert month.estimated == Decimal("2.40")
    month = month_of(figures(each_day("3", last=11), own), PRICE, NOON)
    assert (month.open_day.amount, month.open_day.source) == (Decimal(3), Source.REPORT)
    assert month.estimated == 0


@pytest.mark.parametrize(
    ("hours", "is_whole", "amount", "source"),
    [
        (24, False, "9.6", Source.ESTIMATE),
        (10, False, "4", Source.REPORT),
        (9, False, "4", Source.REPORT),
        (24, True, "4", Source.REPORT),
    ],
)
def test_of_a_day_that_cloud_told_before_it_was_over_the_larger_figure_counts(
    hours: int, is_whole: bool, amount: str, source: Source
) -> None:
    day = date(2026, 11, 3)
    told = {day: Reported(Decimal(4), is_locked=False, is_whole=is_whole)}
    known = Figures(told, {day: Estimate(hours * HOUR_OF_8_GB)}, frozenset({day}))
    found = month_of(known, PRICE, NOON).month_days[2]
    assert (found.amount, found.source) == (Decimal(amount), source)


def test_a_day_that_is_not_locked_may_change() -> None:
    month = month_of(figures(each_day("3"), locked=False), PRICE, NOON)
    assert all(day.may_change for day in month.month_days)


@pytest.mark.parametrize("seen", [Estimate(0), Estimate(None)])
def test_a_day_on_which_cloud_tells_of_others_cost_this_one_nothing(seen: Estimate) -> None:
    known = Figures({}, {date(2026, 11, 3): seen}, frozenset({date(2026, 11, 3)}))
    month = month_of(known, PRICE, NOON)
    assert month.month_days[2].amount == 0
    assert month.month_days[2].source is Source.REPORT
    assert month.unknown_days == 10


def test_unless_the_group_was_seen_to_run_on_it() -> None:
    day = date(2026, 11, 3)
    known = Figures({}, {day: Estimate(10 * HOUR_OF_8_GB)}, frozenset({day}))
    found = month_of(known, PRICE, NOON).month_days[2]
    assert (found.source, found.amount) == (Source.ESTIMATE, Decimal("4.0"))


@pytest.mark.parametrize("price", [None, Price(Decimal(1), "EUR", TODAY)])
def test_without_a_price_in_dollars_nothing_is_estimated(price: Price | None) -> None:
    month = month_of(Figures({}, {TODAY: Estimate(HOUR_OF_8_GB)}), price, NOON)
    assert month.open_day.source is Source.UNKNOWN
    assert not month.is_known
    assert month.saved.total is None


def test_amounts_are_exact() -> None:
    thirds = {date(2026, 11, day): "0.1" for day in range(1, 4)}
    assert month_of(figures(thirds), PRICE, NOON).so_far == Decimal("0.3")
    assert cost_of(HOUR_OF_8_GB, PRICE) == Decimal("0.40")


FORECASTS = [
    # 10 days at 3, today until noon unknown, 19.5 days left: 30 days at 3
    (each_day("3"), {}, NOON, Decimal(90)),
    # nothing of today until noon, 19.5 days left: 30 + 3 x 19.5
    (each_day("3"), {TODAY: Estimate(0)}, NOON, Decimal("88.5")),
    # days of this month of which nothing is known are taken for such as those that are
    (each_day("3", first=8), {}, NOON, Decimal(90)),
    # today's estimate counts in what was spent, not in the mean
    (each_day("3"), {TODAY: Estimate(5 * HOUR_OF_8_GB)}, NOON, Decimal("90.5")),
    # the mean is that of the last seven days: 3 x 10 + 7 x 3, mean 3, and not of the days before
    (each_day("10", last=3) | each_day("3", 4), {}, NOON, Decimal(51 + 3 * 20)),
    # days before this month count for the mean: 2 a day
    ({date(2026, 10, 31): "2"}, {}, datetime(2026, 11, 1, tzinfo=UTC), Decimal(60)),
    # at the very end nothing is left to come, but today is not known
    (each_day("3", last=29), {}, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), Decimal(90)),
    # nothing known, nothing foretold
    ({}, {}, NOON, None),
]


@pytest.mark.parametrize(("amounts", "own", "now", "expected"), FORECASTS)
def test_the_forecast(
    amounts: dict[date, str],
    own: dict[date, Estimate],
    now: datetime,
    expected: Decimal | None,
) -> None:
    assert month_of(figures(amounts, own), PRICE, now).forecast == expected


@pytest.mark.parametrize(("created_on", "unknown"), [(1, 7), (5, 3), (8, 0), (30, 0)])
def test_days_before_the_group_was_created_are_not_foretold(created_on: int, unknown: int) -> None:
    created_at = datetime(2026, 11, created_on, 12, tzinfo=UTC)
    month = month_of(figures(each_day("3", first=8)), PRICE, NOON, created_at)
    assert month.forecast == 9 + 3 * (unknown + 20)


def test_days_before_the_group_was_there_do_not_count_in_the_mean() -> None:
    # Cloud tells of others all the month, of this one since yesterday; 19.5 days are left.
    others = frozenset(each_day("1"))
    known = Figures(reported({date(2026, 11, 10): "14"}), {TODAY: Estimate(0)}, others)
    assert month_of(known, PRICE, NOON).forecast == 14 + 14 * Decimal("19.5")


def test_the_day_on_which_the_group_was_created_does_not_count_in_the_mean() -> None:
    # Six hours of 9 November at 0.5 and all of the tenth; 19.5 days are left.
    known = figures({date(2026, 11, 9): "3", date(2026, 11, 10): "12", TODAY: "6"})
    evening = datetime(2026, 11, 9, 18, tzinfo=UTC)
    assert month_of(known, PRICE, NOON, evening).forecast == 21 + 12 * Decimal("19.5")
    only = figures({date(2026, 11, 10): "3"})
    assert month_of(only, PRICE, NOON, evening + timedelta(days=1)).forecast is None


def test_a_group_that_rests_is_there() -> None:
    idle = {date(2026, 11, day): Estimate(0) for day in range(1, 12)}
    known = Figures(reported({date(2026, 11, 10): "14"}), idle, frozenset(each_day("1")))
    assert month_of(known, PRICE, NOON).forecast == 14 + 2 * Decimal("19.5")


def test_a_group_of_which_nothing_was_ever_told_is_foretold_to_cost_nothing() -> None:
    known = Figures({}, {}, frozenset(each_day("1")))
    assert month_of(known, PRICE, NOON).forecast == 0


def test_the_first_day_that_was_looked_at_is_no_complete_one() -> None:
    first = {date(2026, 11, 10): Estimate(HOUR_OF_8_GB), TODAY: Estimate(12 * HOUR_OF_8_GB)}
    assert month_of(Figures({}, first), PRICE, NOON).forecast is None
    known = Figures(reported({date(2026, 11, 10): "9.60"}), first, frozenset(each_day("1")))
    assert month_of(known, PRICE, NOON).forecast is not None, "Cloud's figure is of the whole day"


def test_what_was_saved_is_that_of_this_month() -> None:
    own = {
        date(2026, 10, 31): Estimate(0, 100 * HOUR_OF_8_GB, 0),
        date(2026, 11, 1): Estimate(0, 5 * HOUR_OF_8_GB, HOUR_OF_8_GB),
        TODAY: Estimate(0, 5 * HOUR_OF_8_GB, 0),
    }
    saved = month_of(Figures({}, own), PRICE, NOON).saved
    assert (saved.by_boosts, saved.by_schedules, saved.total) == (
        Decimal("4.0"),
        Decimal("0.4"),
        Decimal("4.4"),
    )


def test_a_day_that_nobody_saw_is_unknown_and_nothing_is_said_of_savings() -> None:
    month = month_of(Figures({}, {TODAY: Estimate()}), PRICE, NOON)
    assert month.open_day.source is Source.UNKNOWN
    assert month.saved.total is None


def test_a_new_year_begins_a_new_month() -> None:
    month = month_of(Figures(), PRICE, datetime(2026, 12, 31, 18, tzinfo=UTC) + timedelta(hours=12))
    assert [it.day for it in month.month_days] == [date(2027, 1, 1)]
