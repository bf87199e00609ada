"""Local times as instants, on the days on which clocks change."""

from datetime import date
from importlib.resources import files
from zoneinfo import ZoneInfo, reset_tzpath

import pytest

from app.domain.local_time import has_clock_changes, interval_on, show_hours
from tests.unit.domain.schedules.builders import utc

BERLIN, HAVANA = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "start", "length", "begin", "end"),
    [
        (date(2026, 1, 5), 480, 600, "2026-01-05 07:00", "2026-01-05 17:00"),
        (date(2026, 7, 6), 480, 600, "2026-07-06 06:00", "2026-07-06 16:00"),
        (SPRING, 150, 60, "2026-03-29 01:00", "2026-03-29 01:30"),  # 02:30 is skipped
        (SPRING, 60, 90, "2026-03-29 00:00", "2026-03-29 01:00"),  # so is the end
        (SPRING, 0, 1440, "2026-03-28 23:00", "2026-03-29 22:00"),  # 23 hours
        (AUTUMN, 150, 60, "2026-10-25 00:30", "2026-10-25 02:30"),  # 02:30 is shown twice
        (AUTUMN, 60, 90, "2026-10-24 23:00", "2026-10-25 01:30"),
        (AUTUMN, 60, 60, "2026-10-24 23:00", "2026-10-25 00:00"),  # 01:59 is shown once
        (AUTUMN, 1320, 480, "2026-10-25 21:00", "2026-10-26 05:00"),
    ],
)
def test_a_window_is_one_interval_a_date_whatever_the_clocks_do(
    day: date, start: int, length: int, begin: str, end: str
) -> None:
    assert interval_on(day, start, length, BERLIN) == (utc(begin), utc(end))


def test_a_window_that_the_clocks_skip_has_no_interval() -> None:
    assert interval_on(SPRING, 130, 20, BERLIN) is None


def test_a_day_ends_where_midnight_is_shown_first() -> None:
    interval = interval_on(date(2026, 10, 31), 0, 1440, HAVANA)
    assert interval == (utc("2026-10-31 04:00"), utc("2026-11-01 04:00"))


@pytest.mark.parametrize(("name", "changes"), [("Europe/Berlin", True), ("Asia/Tokyo", False)])
def test_it_is_known_whether_the_clocks_of_a_zone_change(name: str, changes: bool) -> None:
    assert has_clock_changes(ZoneInfo(name), date(2026, 1, 1), 366) is changes


def test_zones_come_from_a_package_where_the_system_has_none() -> None:
    assert files("tzdata").joinpath("zoneinfo", "Europe", "Berlin").is_file()
    reset_tzpath([])
    try:
        assert ZoneInfo.no_cache("Europe/Berlin").utcoffset(utc("2026-07-01 00:00"))
    finally:
        reset_tzpath()


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "1 hour"), (12, "12 hours"), (24, "24 hours"), (36, "36 hours"), (168, "7 days")],
)
def test_many_hours_are_told_in_days_where_these_are_whole(hours: int, words: str) -> None:
    assert show_hours(hours) == words
