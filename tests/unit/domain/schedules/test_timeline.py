"""What ought to be now, and what comes next."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.domain.schedules.coming import next_changes
from app.domain.schedules.exceptions import Exceptions, Skip
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.timeline import (
    EPOCH,
    find_due,
    list_spans,
    next_occurrence,
)
from tests.unit.domain.schedules.builders import EVERY_DAY, a_schedule, a_window, utc

OFFICE = a_schedule()
TWO = a_schedule(
    a_window("Early", days=EVERY_DAY, start="01:00", end="02:30"),
    a_window("Late", days=EVERY_DAY, start="02:30", end="04:00"),
)
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("now", "window", "since", "until"),
    [
        ("2026-03-02 06:59", None, "2026-02-27 17:00", "2026-03-02 07:00"),
        ("2026-03-02 07:00", "Office hours", "2026-03-02 07:00", "2026-03-02 17:00"),
        ("2026-03-02 16:59", "Office hours", "2026-03-02 07:00", "2026-03-02 17:00"),
        ("2026-03-02 17:00", None, "2026-03-02 17:00", "2026-03-03 07:00"),
        ("2026-03-30 06:30", "Office hours", "2026-03-30 06:00", "2026-03-30 16:00"),
    ],
)
def test_it_is_known_at_any_moment_what_ought_to_be(
    now: str, window: str | None, since: str, until: str
) -> None:
    due = find_due(OFFICE, utc(now))
    assert (due.window.name if due.window else None) == window
    assert (due.since, due.until) == (utc(since), utc(until))
    assert due.settings == (due.window.settings if due.window else OFFICE.base)


def test_a_skipped_occurrence_leaves_the_base_size_and_the_next_one_stands() -> None:
    skipping = Exceptions(skips=frozenset({Skip("Office hours", MONDAY)}))
    due = find_due(OFFICE, utc("2026-03-02 10:00"), skipping)
    assert (due.window, due.since) == (None, utc("2026-02-27 17:00"))
    assert find_due(OFFICE, utc("2026-03-03 10:00"), skipping).window
    following = next_occurrence(OFFICE, utc("2026-03-01 10:00"), skipping)
    assert following is not None
    assert following.day == date(2026, 3, 3)


def test_a_new_version_and_the_end_of_a_pause_begin_a_decision_anew() -> None:
    now, saved = utc("2026-03-02 10:00"), utc("2026-03-02 09:00")
    assert find_due(OFFICE, now, saved_at=saved).since == saved
    resumed = Exceptions(paused_until=utc("2026-03-02 09:30"))
    assert find_due(OFFICE, now, resumed, saved).since == utc("2026-03-02 09:30")


def test_a_decision_keeps_its_instant_however_long_it_stands() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(60)]
    skipping = Exceptions(skips=frozenset(Skip("Office hours", day) for day in days))
    moments = [utc("2026-03-02 10:00") + timedelta(days=n) for n in range(60)]
    decisions = {(due.since, due.until) for due in (find_due(OFFICE, m, skipping) for m in moments)}
    assert decisions == {(utc("2026-02-27 17:00"), utc("2026-05-01 06:00"))}


def test_a_plan_without_windows_wants_its_base_size_for_ever() -> None:
    due = find_due(Schedule("UTC", OFFICE.base, ()), utc("2026-03-02 10:00"))
    assert (due.since, due.until, due.window) == (EPOCH, None, None)


def test_in_a_repeated_hour_the_size_changes_once() -> None:
    start = utc("2026-10-24 22:00")
    moments = [start + timedelta(minutes=n) for n in range(360)]
    names = [due.window.name if due.window else "" for due in (find_due(TWO, m) for m in moments)]
    assert [after for before, after in pairwise(names) if before != after] == ["Early", "Late", ""]
    assert find_due(TWO, utc("2026-10-25 00:30")).since == utc("2026-10-25 00:30")


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-06-01"])
def test_spans_follow_each_other_without_a_hole(day: str) -> None:
    start = utc(f"{day} 00:00") - timedelta(days=3)
    spans = list_spans(TWO, start, start + timedelta(days=7))
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert (spans[0].start, spans[-1].end) == (start, start + timedelta(days=7))
    assert all(span.start < span.end for span in spans)


def test_the_next_changes_say_where_the_clocks_change_between_them() -> None:
    changes = next_changes(OFFICE, utc("2026-03-27 10:00"), 4)
    assert [(change.at, change.crosses_clock_change) for change in changes] == [
        (utc("2026-03-27 17:00"), False),
        (utc("2026-03-30 06:00"), True),
        (utc("2026-03-30 16:00"), False),
        (utc("2026-03-31 06:00"), False),
    ]
    assert [change.window is None for change in changes] == [True, False, True, False]


def test_nothing_changes_before_a_pause_ends_and_then_what_ought_to_be_by_then() -> None:
    pause = Exceptions(paused_until=utc("2026-03-04 10:00"))
    changes = next_changes(OFFICE, utc("2026-03-02 10:00"), 2, pause)
    assert [change.at for change in changes] == [utc("2026-03-04 10:00"), utc("2026-03-04 17:00")]
    assert changes[0].window


def test_rare_changes_are_found_too() -> None:
    sundays = a_schedule(a_window(days=["sun"]))
    assert len(next_changes(sundays, utc("2026-03-02 10:00"), 10)) == 10


def test_whole_days_one_after_another_are_one_size() -> None:
    always = a_schedule(a_window(days=EVERY_DAY, start="00:00", end="24:00"))
    assert next_changes(always, utc("2026-03-02 10:00"), 10) == ()
    now = utc("2026-03-02 10:00")
    assert find_due(always, now).since == utc("2026-03-01 23:00")
