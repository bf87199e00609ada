"""`schedules`: frozen dates and hours without shrinking."""

import re
from datetime import date

import pytest

from app.domain.schedules.coming import next_changes
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.schedule import WeeklyHours
from app.domain.schedules.timeline import NO_EXCEPTIONS
from tests.unit.domain.schedules.builders import a_schedule, utc
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


HOLIDAYS = ORG_CONFIG + "\nschedules: {public_holidays: {country: DE, region: BE}}\n"


def test_public_holidays_are_frozen_dates_by_their_names() -> None:
    calendar = read(HOLIDAYS).catalog.calendar
    names = {item.first: item.name for item in calendar.frozen_dates}
    assert all(item.first == item.last for item in calendar.frozen_dates)
    assert names[date(2026, 5, 1)] == "Labor Day"
    assert names[date(2026, 4, 3)] == "Good Friday"
    assert names[date(2027, 3, 26)] == "Good Friday"
    assert date(2026, 3, 8) in names  # in Berlin
    assert date(2026, 8, 15) not in names  # in Bavaria
    assert re.fullmatch(r"DE, BE \(holidays [0-9.]+\)", calendar.holidays)


def test_a_schedule_does_nothing_on_a_public_holiday() -> None:
    calendar = read(HOLIDAYS).catalog.calendar
    changes = next_changes(a_schedule(), utc("2026-04-30 18:00"), 3, NO_EXCEPTIONS, calendar)
    assert [(change.at, change.frozen) for change in changes] == [
        (utc("2026-05-01 06:00"), "Labor Day"),
        (utc("2026-05-01 16:00"), "Labor Day"),
        (utc("2026-05-04 06:00"), ""),
    ]


@pytest.mark.parametrize("place", ["{country: XX}", "{country: DE, region: XX}"])
def test_a_country_or_region_without_known_holidays_is_refused(place: str) -> None:
    given = ORG_CONFIG + f"\nschedules: {{public_holidays: {place}}}\n"
    assert yaml_faults(given) == [
        "schedules.public_holidays: is not a country or region whose holidays are known"
    ]


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
