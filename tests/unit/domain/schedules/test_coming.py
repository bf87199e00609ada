"""What comes next of a plan where dates are frozen."""

from datetime import date

from app.domain.schedules.coming import PlannedChange, next_changes
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.timeline import NO_EXCEPTIONS
from tests.unit.domain.schedules.builders import EVERY_DAY, a_schedule, a_window, utc

OFFICE = a_schedule()
CHRISTMAS = OwnersCalendar(
    (
        FrozenDates("Christmas Day", date(2026, 12, 25), date(2026, 12, 25)),
        FrozenDates("Second Day of Christmas", date(2026, 12, 26), date(2026, 12, 26)),
    )
)
NIGHT = a_schedule(a_window("Night", days=EVERY_DAY, start="20:00", end="06:00"))


def _shown(changes: tuple[PlannedChange, ...]) -> list[tuple[str, str, str]]:
    names = (change.window.name if change.window else "" for change in changes)
    return [
        (f"{change.at:%m-%d %H:%M}", name, change.frozen)
        for change, name in zip(changes, names, strict=True)
    ]


def test_a_change_on_a_frozen_date_is_named_and_not_made() -> None:
    found = next_changes(OFFICE, utc("2026-12-24 18:00"), 4, NO_EXCEPTIONS, CHRISTMAS)
    assert _shown(found) == [
        ("12-25 07:00", "Office hours", "Christmas Day"),
        ("12-25 17:00", "", "Christmas Day"),
        ("12-28 07:00", "Office hours", ""),
        ("12-28 17:00", "", ""),
    ]


def test_what_is_due_when_they_are_over_is_done_then() -> None:
    found = next_changes(NIGHT, utc("2026-12-24 12:00"), 7, NO_EXCEPTIONS, CHRISTMAS)
    assert _shown(found) == [
        ("12-24 19:00", "Night", ""),
        ("12-25 05:00", "", "Christmas Day"),
        ("12-25 19:00", "Night", "Christmas Day"),
        ("12-26 05:00", "", "Second Day of Christmas"),
        ("12-26 19:00", "Night", "Second Day of Christmas"),
        # The night of the 24th still holds when they are over: nothing is to be done.
        ("12-27 05:00", "", ""),
        ("12-27 19:00", "Night", ""),
    ]


def test_on_a_frozen_date_what_is_due_at_its_end_comes_next() -> None:
    found = next_changes(OFFICE, utc("2026-12-25 12:00"), 3, NO_EXCEPTIONS, CHRISTMAS)
    assert _shown(found)[:2] == [("12-25 17:00", "", "Christmas Day"), ("12-26 23:00", "", "")]
