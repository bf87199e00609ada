"""Which rule decides now, and which one after it."""

from datetime import date, datetime
from functools import partial

import pytest

from app.domain.schedules.exceptions import (
    FrozenDates,
    OwnersCalendar,
    find_frozen,
    find_no_shrink,
)
from app.domain.schedules.handover import CloudPlan
from app.domain.schedules.precedence import Circumstances, Rule, Ruling, decide
from app.domain.schedules.schedule import WeeklyHours
from app.domain.schedules.timeline import find_due
from tests.unit.domain.schedules.builders import a_schedule, utc

NOW, LATER = utc("2026-03-02 10:00"), utc("2026-03-02 12:00")
EVENING = utc("2026-03-02 17:00")
SCHEDULE = a_schedule()
ZONE = SCHEDULE.zone_info
PLAN = partial(find_due, SCHEDULE)
OFFICE_RULE = Rule(Ruling.SCHEDULE, EVENING, "Office hours")
BOOST = Rule(Ruling.BOOST, LATER)
ORDERS = {
    "freeze": Rule(Ruling.FREEZE, None, "audit"),
    "is_stopped": True,
    "boost": BOOST,
    "cloud_plan": CloudPlan.FOREIGN,
    "paused_until": LATER,
    "held": Rule(Ruling.HELD, LATER),
    "waiting": Rule(Ruling.WAITING, LATER, "Day"),
    "plan": PLAN,
}


def test_the_order_of_precedence_is_that_of_the_rulings() -> None:
    met = []
    remaining = dict(ORDERS)
    for name in ORDERS:
        met.append(decide(Circumstances(**remaining), NOW).current.ruling)  # type: ignore[arg-type]
        del remaining[name]
    met.append(decide(Circumstances(), NOW).current.ruling)
    others = {Ruling.BASE, Ruling.STOPPED_BY_SCHEDULE, Ruling.HANDED_OVER}
    assert met == [it for it in Ruling if it not in others]


@pytest.mark.parametrize(
    ("cloud_plan", "ruling"),
    [
        (CloudPlan.NONE, Ruling.SCHEDULE),
        (CloudPlan.AS_WRITTEN, Ruling.HANDED_OVER),
        (CloudPlan.UNSETTLED, Ruling.HANDED_OVER),
        # Nobody runs it then, and the page says so: the portal never begins again by itself.
        (CloudPlan.GONE, Ruling.HANDED_OVER),
        (CloudPlan.CHANGED, Ruling.CLOUD),
        (CloudPlan.FOREIGN, Ruling.CLOUD),
    ],
)
def test_what_stands_in_cloud_decides_before_the_plan(
    cloud_plan: CloudPlan, ruling: Ruling
) -> None:
    assert decide(Circumstances(cloud_plan=cloud_plan, plan=PLAN), NOW).current.ruling is ruling


@pytest.mark.parametrize(
    ("boost_until", "then"),
    [
        (LATER, OFFICE_RULE),
        (EVENING, Rule(Ruling.BASE, utc("2026-03-03 07:00"))),
        (utc("2026-03-03 08:00"), Rule(Ruling.SCHEDULE, utc("2026-03-03 17:00"), "Office hours")),
    ],
)
def test_what_follows_is_what_holds_at_the_end(boost_until: datetime, then: Rule) -> None:
    found = decide(Circumstances(boost=Rule(Ruling.BOOST, boost_until), plan=PLAN), NOW)
    assert (found.current, found.following) == (Rule(Ruling.BOOST, boost_until), then)
    assert not found.is_schedule_deciding


def test_an_order_that_has_ended_decides_nothing() -> None:
    found = decide(
        Circumstances(boost=Rule(Ruling.BOOST, NOW), held=Rule(Ruling.HELD, NOW), plan=PLAN), NOW
    )
    assert found.current == OFFICE_RULE
    assert found.is_schedule_deciding


def test_nobody_knows_what_follows_a_rule_without_an_end() -> None:
    assert decide(Circumstances(is_stopped=True, plan=PLAN), NOW).following is None


def test_without_a_schedule_the_size_is_what_somebody_set() -> None:
    assert decide(Circumstances(boost=BOOST), NOW).following == Rule(Ruling.MANUAL)


def test_frozen_dates_hold_on_local_dates_the_last_one_included() -> None:
    dates = FrozenDates("Year end", date(2026, 12, 24), date(2027, 1, 1))
    calendar = OwnersCalendar(frozen_dates=(dates,))
    end = utc("2027-01-01 23:00")
    assert find_frozen(calendar, ZONE, utc("2026-12-23 22:59")) is None
    assert find_frozen(calendar, ZONE, utc("2026-12-23 23:00")) == (dates, end)
    assert find_frozen(calendar, ZONE, utc("2027-01-01 22:59")) == (dates, end)
    assert find_frozen(calendar, ZONE, end) is None


def test_hours_without_shrinking_may_pass_midnight() -> None:
    hours = WeeklyHours("Load", (0,), 22 * 60, 6 * 60)
    calendar = OwnersCalendar(no_shrink_hours=(hours,))
    assert find_no_shrink(calendar, ZONE, utc("2026-03-03 04:59")) == (
        hours,
        utc("2026-03-03 05:00"),
    )
    assert find_no_shrink(calendar, ZONE, utc("2026-03-03 05:00")) is None
    assert find_no_shrink(calendar, ZONE, utc("2026-03-02 04:00")) is None


def test_frozen_dates_without_a_day_between_end_together() -> None:
    """Two public holidays in a row are two dates."""
    days = date(2026, 12, 25), date(2026, 12, 26)
    first, second = (FrozenDates(f"{day:%d}", day, day) for day in days)
    calendar = OwnersCalendar((second, first))
    end = utc("2026-12-26 23:00")
    assert find_frozen(calendar, ZONE, utc("2026-12-25 08:00")) == (first, end)
