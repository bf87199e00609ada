"""When boosts and windows of a schedule held, as the drawing of a load has it."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.boosts.boost import Boost
from app.domain.changes.change import ChangeState
from app.domain.load.stretches import Stretch, list_boosted, list_windows
from app.domain.schedules.exceptions import Exceptions, Skip
from app.domain.schedules.record import ScheduleRecord, ScheduleVersion
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, VERTICAL, make_change
from tests.unit.domain.schedules.builders import a_plan, a_window, utc

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SINCE = NOW - DAY


def a_boost(began: timedelta, closed: timedelta | None = None, **change: object) -> Boost:
    """One that began so long ago, and ended so long ago."""
    sent = make_change(state=ChangeState.APPLIED, sent_at=NOW - began)
    sent = replace(sent, reference="AAAA-BBBB", **change)  # type: ignore[arg-type] # its fields
    closed_at = None if closed is None else NOW - closed
    return Boost(sent, VERTICAL, NOW + HOUR, NOW + DAY, closed_at=closed_at)


def a_record(saved_at: datetime, zone: str = "Europe/Berlin") -> ScheduleRecord:
    """Office hours, and a short window in the night."""
    night = a_window("Night", start="23:00", end="01:00")
    plan = a_plan(a_window(), night, zone=zone)
    version = ScheduleVersion(1, plan, ALICE, "", saved_at)
    return ScheduleRecord(PRIMARY_ID, version, Exceptions(), 1)


def test_a_boost_holds_from_its_call_until_it_was_closed_or_until_now() -> None:
    found = list_boosted([a_boost(HOUR), a_boost(5 * HOUR, 3 * HOUR)], SINCE, NOW)
    assert found == (
        Stretch(NOW - 5 * HOUR, NOW - 3 * HOUR, "Boost AAAA-BBBB"),
        Stretch(NOW - HOUR, NOW, "Boost AAAA-BBBB"),
    )


def test_what_was_never_carried_out_or_is_over_for_long_held_nothing() -> None:
    refused = a_boost(HOUR, HOUR, state=ChangeState.REJECTED)
    unsent = a_boost(HOUR, sent_at=None)
    assert list_boosted([refused, unsent, a_boost(3 * DAY, 2 * DAY)], SINCE, NOW) == ()
    (cut,) = list_boosted([a_boost(2 * DAY, HOUR)], SINCE, NOW)
    assert cut.start == SINCE


def test_windows_are_those_of_the_version_in_force_since_it_was_saved() -> None:
    # NOW is a Wednesday, 13:00 in Berlin.
    night = Stretch(utc("2026-03-03 22:00"), utc("2026-03-04 00:00"), "Night")
    office = Stretch(utc("2026-03-04 07:00"), NOW, "Office hours")
    before = Stretch(SINCE, utc("2026-03-03 17:00"), "Office hours")
    assert list_windows(a_record(SINCE - DAY), SINCE, NOW) == (before, night, office)
    assert list_windows(a_record(NOW - HOUR), SINCE, NOW) == (
        Stretch(NOW - HOUR, NOW, "Office hours"),
    )


def test_a_window_that_was_skipped_held_nothing() -> None:
    record = a_record(SINCE - DAY)
    skips = frozenset({Skip("Night", utc("2026-03-03 12:00").date())})
    skipped = replace(record, exceptions=Exceptions(skips))
    names = [it.name for it in list_windows(skipped, SINCE, NOW)]
    assert names == ["Office hours", "Office hours"]


def test_without_a_schedule_that_can_be_read_there_are_none() -> None:
    assert list_windows(None, SINCE, NOW) == ()
    assert list_windows(a_record(NOW + HOUR), SINCE, NOW) == ()
    assert list_windows(a_record(SINCE, zone="Mars/Base"), SINCE, NOW) == ()
