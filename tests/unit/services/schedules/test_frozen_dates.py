"""Frozen dates of the owners: before them, on them, and without an end."""

from datetime import date

import pytest

from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from tests.unit.builders import ALICE, NOW, PRIMARY_ID
from tests.unit.domain.schedules.builders import BASE, a_plan, a_window, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    go_round,
)
from tests.unit.services.world import World


@pytest.mark.usefixtures("office_hours")
def test_the_next_changes_say_that_a_window_that_begins_on_a_frozen_date_is_not_made(
    plans: Plans,
) -> None:
    plan = {**a_plan(a_window(days=["mon"], start="00:00", end="08:00")), "outside": "stop"}
    plans.clock.time = utc("2026-03-06 12:00")
    plans.save(plan)
    go_round(plans, utc("2026-03-06 12:01"))
    frozen = FrozenDates("Holiday", date(2026, 3, 9), date(2026, 3, 9))
    plans.set_calendar(OwnersCalendar(frozen_dates=(frozen,)))
    assert go_round(plans, utc("2026-03-08 22:50"), 1) == []
    plans.clock.time = utc("2026-03-08 12:00")
    first = plans.service.show(ALICE, PRIMARY_ID).changes[0]
    assert (first.at, first.frozen) == (utc("2026-03-08 22:50"), "Holiday")


@pytest.mark.usefixtures("office_hours")
def test_a_window_that_follows_another_before_midnight_is_made_before_the_frozen_date(
    plans: Plans, world: World
) -> None:
    night = a_window("Night", start="23:30", end="06:00", settings=BASE | {"num_replicas": 2})
    plans.save(
        {
            **a_plan(a_window("Day", start="08:00", end="23:30"), night),
            "outside": "stop",
            "start_minutes_before": 45,
        }
    )
    plans.run_at(NOW + MINUTE)
    frozen = FrozenDates("Holiday", date(2026, 3, 5), date(2026, 3, 5))
    plans.set_calendar(OwnersCalendar(frozen_dates=(frozen,)))
    go_round(plans, utc("2026-03-04 22:30"), 3)
    assert world.config().size == (8, 16, 2, 2)


def test_frozen_dates_for_ever_are_no_error(plans: Plans) -> None:
    plans.save()
    frozen = FrozenDates("Closed", date(2026, 3, 1), date.max)
    plans.set_calendar(OwnersCalendar(frozen_dates=(frozen,)))
    assert plans.run_at(EVENING) == 0
