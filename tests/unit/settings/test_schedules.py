"""`schedules`: frozen dates and hours without shrinking."""

from datetime import date

import pytest

from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.schedule import WeeklyHours
from tests.unit.settings.helpers import ORG_CONFIG, read, yaml_faults

BOTH = """
schedules:
  frozen_dates:
    - {name: Year end, first: 2026-12-24, last: 2027-01-01}
  no_shrink_hours:
    - {name: Load, days: [fri, mon], start: "08:00", end: 18:30}
    - {name: Night, days: [sun], start: 22:00, end: "06:00"}
"""


def test_frozen_dates_and_hours_hold_for_all_schedules() -> None:
    assert read(ORG_CONFIG + BOTH).catalog.calendar == OwnersCalendar(
        (FrozenDates("Year end", date(2026, 12, 24), date(2027, 1, 1)),),
        (WeeklyHours("Load", (0, 4), 480, 1110), WeeklyHours("Night", (6,), 1320, 360)),
    )


def test_owners_may_let_cloud_carry_schedules_out() -> None:
    given = ORG_CONFIG + BOTH + "  hand_over_to_cloud: true\n"
    assert read(given).catalog.calendar.may_hand_over


def test_without_them_nothing_is_frozen() -> None:
    assert read(ORG_CONFIG).catalog.calendar == OwnersCalendar()


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("2027-01-01", "2026-12-01", "schedules.frozen_dates[0]: ends before it begins"),
        ('"08:00"', '"8"', "schedules.no_shrink_hours[0].start: is not a time"),
        ('"08:00"', "18:30", "schedules.no_shrink_hours[0]: has no length"),
        ('"08:00"', '"24:00"', "schedules.no_shrink_hours[0]: has no length"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(before: str, after: str, fault: str) -> None:
    assert yaml_faults(ORG_CONFIG + BOTH.replace(before, after)) == [fault]


@pytest.mark.parametrize("days", ["[]", "[someday]", "mon"])
def test_days_are_those_of_the_week(days: str) -> None:
    (fault,) = yaml_faults(ORG_CONFIG + BOTH.replace("[sun]", days))
    assert fault.startswith("schedules.no_shrink_hours[1].days")
