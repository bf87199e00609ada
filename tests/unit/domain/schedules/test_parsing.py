"""A schedule out of what was sent, and every way in which that can be wrong."""

from zoneinfo import ZoneInfo

import pytest

from app.domain.schedules.parsing import dump_schedule, parse_local_moment, parse_schedule
from app.errors import BrokenRules
from tests.unit.domain.schedules.builders import BASE, OFFICE, WORKDAYS, a_plan, a_window, utc


def test_a_schedule_is_read_with_days_minutes_and_sizes() -> None:
    schedule = parse_schedule(a_plan(a_window(end="24:00")))
    window = schedule.windows[0]
    assert (window.days, window.start, window.end, window.length) == (
        (0, 1, 2, 3, 4),
        480,
        1440,
        960,
    )
    assert (schedule.base.max_memory_gb, window.settings.num_replicas) == (16, 3)


def test_a_window_that_ends_before_it_starts_ends_on_the_next_day() -> None:
    window = parse_schedule(a_plan(a_window(start="22:00", end="06:00"))).windows[0]
    assert window.length == 480


def test_a_schedule_written_down_is_read_as_the_same() -> None:
    schedule = parse_schedule(a_plan(a_window(), a_window("Night", start="22:00", end="06:00")))
    assert parse_schedule(dump_schedule(schedule)) == schedule


@pytest.mark.parametrize(
    ("plan", "field", "code"),
    [
        (None, "", "required"),
        ([], "", "not_an_object"),
        ({**a_plan(), "color": 1}, "color", "unknown_field"),
        ({**a_plan(), "zone": "Mars/Base"}, "zone", "zone_unknown"),
        ({**a_plan(), "zone": ["UTC"]}, "zone", "zone_unknown"),
        ({**a_plan(), "zone": "../UTC"}, "zone", "zone_unknown"),
        ({**a_plan(), "base": None}, "base", "required"),
        (
            {**a_plan(), "base": {**BASE, "max_memory_gb": 4}},
            "base.max_memory_gb",
            "memory_out_of_range",
        ),
        ({**a_plan(), "base": {**BASE, "reason": "x"}}, "base.reason", "unknown_field"),
        ({**a_plan(), "windows": {}}, "windows", "not_a_list"),
        ({**a_plan(), "windows": [3]}, "windows.0", "not_an_object"),
        ({**a_plan(), "windows": [a_window()] * 51}, "windows", "too_many_windows"),
        (a_plan(a_window("")), "windows.0.name", "required"),
        (a_plan(a_window(["x"])), "windows.0.name", "not_text"),  # type: ignore[arg-type]
        (a_plan(a_window("x" * 61)), "windows.0.name", "name_too_long"),
        (a_plan(a_window("a\x00b")), "windows.0.name", "name_control_characters"),
        (a_plan(a_window(days=[])), "windows.0.days", "days_unknown"),
        (a_plan(a_window(days="mon")), "windows.0.days", "days_unknown"),
        (a_plan(a_window(days=["mon", {}])), "windows.0.days", "days_unknown"),
        (a_plan(a_window(start="24:00")), "windows.0.start", "clock_unknown"),
        (a_plan(a_window(start="8:00")), "windows.0.start", "clock_unknown"),
        (a_plan(a_window(start=480)), "windows.0.start", "clock_unknown"),
        (a_plan(a_window(end="24:01")), "windows.0.end", "clock_unknown"),
        (a_plan(a_window(end="08:00")), "windows.0.end", "window_empty"),
        (a_plan(a_window(settings={})), "windows.0.settings.min_memory_gb", "required"),
        (a_plan(a_window(), a_window(days=["sun"])), "windows.1.name", "window_name_twice"),
        (a_plan(a_window(), a_window("Late", start="17:59")), "windows.1", "windows_overlap"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_to_it(plan: object, field: str, code: str) -> None:
    with pytest.raises(BrokenRules) as refused:
        parse_schedule(plan)
    assert (field, code) in [(item.field, item.code) for item in refused.value.problems]


def test_an_overlap_names_both_windows() -> None:
    night = a_window("Night", days=["sun"], start="22:00", end="08:01", settings=OFFICE)
    with pytest.raises(BrokenRules) as refused:
        parse_schedule(a_plan(a_window(), night))
    assert refused.value.problems[0].message == "The windows “Office hours” and “Night” overlap"


def test_windows_that_touch_do_not_overlap() -> None:
    night = a_window("Night", days=WORKDAYS, start="18:00", end="08:00")
    assert len(parse_schedule(a_plan(a_window(), night)).windows) == 2


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-12-24 18:00", "2026-12-24 17:00"),
        ("2026-12-24T18:00Z", "2026-12-24 18:00"),
        ("2026-12-24T18:00+03:00", "2026-12-24 15:00"),
    ],
)
def test_a_moment_is_local_unless_it_brings_an_offset(text: str, instant: str) -> None:
    assert parse_local_moment(text, ZoneInfo("Europe/Berlin")) == utc(instant)
