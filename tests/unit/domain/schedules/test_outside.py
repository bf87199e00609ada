"""A group that is stopped outside its windows: when it ought to run, and what that costs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.groups.cost import Price
from app.domain.schedules.cloud_form import CloudObstacle, find_obstacle
from app.domain.schedules.coming import next_changes
from app.domain.schedules.parsing import dump_schedule, parse_schedule
from app.domain.schedules.precedence import Circumstances, Rule, Ruling, decide
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.timeline import find_due, list_spans
from app.domain.schedules.week_cost import cost_with
from app.errors import BrokenRules
from tests.unit.builders import VERTICAL
from tests.unit.domain.schedules.builders import EVERY_DAY, a_plan, a_window, utc

MINUTE = timedelta(minutes=1)


def stopping(*windows: dict[str, Any], **values: Any) -> Schedule:  # noqa: ANN401 - any value
    """A schedule that stops its group outside these windows."""
    return parse_schedule({**a_plan(*windows), "outside": "stop", **values})


def is_stopped(schedule: Schedule, moment: datetime) -> bool:
    """Whether the group ought to be stopped."""
    return find_due(schedule, moment).is_stopped


def _edges(schedule: Schedule, start: datetime, hours: int) -> list[tuple[str, bool]]:
    """From which minutes on it ought to be stopped, or to run."""
    found, before = [], None
    for minute in range(hours * 60):
        moment = start + minute * MINUTE
        stopped = is_stopped(schedule, moment)
        if stopped is not before:
            local = moment.astimezone(schedule.zone_info)
            found.append((f"{local:%a %H:%M}", stopped))
        before = stopped
    return found[1:]


def test_it_runs_from_ten_minutes_before_a_window_to_its_end() -> None:
    found = _edges(stopping(), utc("2026-03-06 12:00"), 72)
    assert found == [("Fri 18:00", True), ("Mon 07:50", False)]


def test_an_overnight_window_runs_over_midnight_and_its_lead_is_as_long_as_was_asked() -> None:
    night = a_window(days=["fri"], start="22:00", end="06:00")
    found = _edges(stopping(night, start_minutes_before=45), utc("2026-03-06 12:00"), 24)
    assert found == [("Fri 21:15", False), ("Sat 06:00", True)]


def test_the_lead_of_a_window_at_midnight_is_on_the_day_before() -> None:
    early = a_window(days=["mon"], start="00:00", end="04:00")
    found = _edges(stopping(early), utc("2026-03-01 12:00"), 24)
    assert found == [("Sun 23:50", False), ("Mon 04:00", True)]


def test_between_windows_that_meet_it_neither_stops_nor_begins_earlier() -> None:
    plan = stopping(a_window("One", end="12:00"), a_window("Two", start="12:00"))
    assert _edges(plan, utc("2026-03-06 08:00"), 10) == [("Fri 18:00", True)]
    due = find_due(plan, utc("2026-03-06 10:55"))
    assert due.window is not None
    assert due.window.name == "One"


def test_a_gap_no_longer_than_the_lead_is_none() -> None:
    plan = stopping(a_window("One", end="12:00"), a_window("Two", start="12:10"))
    assert _edges(plan, utc("2026-03-06 08:00"), 10) == [("Fri 18:00", True)]


@pytest.mark.parametrize(
    ("window", "start", "edges"),
    [
        # 02:30 does not come on this Sunday: the clocks go from 02:00 to 03:00.
        (
            a_window(days=["sun"], start="02:30", end="05:00"),
            "2026-03-28 23:30",
            [("Sun 01:50", False), ("Sun 05:00", True)],
        ),
        # 02:30 comes twice on this one: it runs until the later one.
        (
            a_window(days=["sun"], start="01:00", end="02:30"),
            "2026-10-24 21:00",
            [("Sun 00:50", False), ("Sun 02:30", True)],
        ),
    ],
)
def test_where_the_clocks_change_the_lead_counts_in_minutes_that_pass(
    window: dict[str, Any], start: str, edges: list[tuple[str, bool]]
) -> None:
    assert _edges(stopping(window), utc(start), 7) == edges


def test_in_the_hour_that_comes_twice_it_runs_to_the_end_of_the_later_one() -> None:
    plan = stopping(a_window(days=["sun"], start="01:00", end="02:30"))
    assert not is_stopped(plan, utc("2026-10-25 01:29"))
    assert is_stopped(plan, utc("2026-10-25 01:30"))


@given(
    start=st.integers(0, 1439),
    length=st.integers(1, 1440),
    lead=st.integers(0, 60),
    minute=st.integers(0, 14 * 1440),
)
def test_it_ought_to_run_exactly_in_a_window_or_its_lead(
    start: int, length: int, lead: int, minute: int
) -> None:
    """Counted by itself: in UTC a window is some minutes of each day."""
    end = (start + length) % 1440 or 1440
    clocks = {"start": _clock(start), "end": _clock(end)}
    assume(clocks["start"] != clocks["end"])
    values = a_plan(a_window(days=EVERY_DAY, **clocks), zone="UTC")
    plan = parse_schedule({**values, "outside": "stop", "start_minutes_before": lead})
    into = (minute - start) % 1440
    moment = utc("2026-03-02 00:00") + minute * MINUTE
    assert is_stopped(plan, moment) is not (into < length or into >= 1440 - lead)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def test_the_instant_of_a_decision_stays_the_same_while_it_holds() -> None:
    plan = stopping()
    moments = [utc("2026-03-06 17:00") + n * timedelta(hours=1) for n in range(60)]
    assert len({find_due(plan, moment).since for moment in moments}) == 1
    assert {find_due(plan, moment).until for moment in moments} == {utc("2026-03-09 06:50")}


def test_a_schedule_that_keeps_the_group_has_no_lead_and_stops_nothing() -> None:
    plan = parse_schedule({**a_plan(), "outside": "keep", "start_minutes_before": 30})
    assert list_spans(plan, utc("2026-03-06 06:00"), utc("2026-03-06 08:00"))[1].start == utc(
        "2026-03-06 07:00"
    )
    assert not is_stopped(plan, utc("2026-03-06 20:00"))


def test_it_is_written_down_only_where_it_stops() -> None:
    assert parse_schedule(dump_schedule(stopping(start_minutes_before=0))).lead_minutes == 0
    assert dump_schedule(stopping())["outside"] == "stop"
    assert dump_schedule(parse_schedule({**a_plan(), "outside": "keep"})) == a_plan()


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"outside": "sleep"}, "outside", "outside_unknown"),
        ({"outside": 1}, "outside", "outside_unknown"),
        ({"outside": ["stop"]}, "outside", "outside_unknown"),
        ({"outside": "stop", "windows": []}, "outside", "stop_needs_window"),
        ({"start_minutes_before": 61}, "start_minutes_before", "lead_out_of_range"),
        ({"start_minutes_before": -1}, "start_minutes_before", "lead_out_of_range"),
        ({"start_minutes_before": True}, "start_minutes_before", "lead_out_of_range"),
        ({"start_minutes_before": "soon"}, "start_minutes_before", "lead_out_of_range"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(
    values: dict[str, object], field: str, code: str
) -> None:
    with pytest.raises(BrokenRules) as refused:
        parse_schedule({**a_plan(), **values})
    assert [(item.field, item.code) for item in refused.value.problems] == [(field, code)]


def test_the_next_changes_list_stops_and_starts() -> None:
    found = next_changes(stopping(), utc("2026-03-06 12:00"), 3)
    assert [(it.at, it.is_stopped) for it in found] == [
        (utc("2026-03-06 17:00"), True),
        (utc("2026-03-09 06:50"), False),
        (utc("2026-03-09 17:00"), True),
    ]


def test_stopped_hours_cost_nothing() -> None:
    price = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))
    kept, stopped = parse_schedule(a_plan()), stopping(start_minutes_before=0)
    now = utc("2026-03-04 12:00")
    base_hours = 7 * 24 - 5 * 10
    difference = cost_with(kept, VERTICAL, price, now).least
    difference -= cost_with(stopped, VERTICAL, price, now).least
    assert difference == price.for_gb_seconds(base_hours * 3600 * 8)


def test_cloud_cannot_have_it() -> None:
    plan = stopping(zone="UTC")
    assert find_obstacle(plan, utc("2026-03-04 12:00")) is CloudObstacle.STOPS


def test_stopped_by_the_schedule_is_a_ruling_of_its_own() -> None:
    plan, now = stopping(), utc("2026-03-06 20:00")
    found = decide(Circumstances(plan=lambda at: find_due(plan, at)), now)
    assert found.current == Rule(Ruling.STOPPED_BY_SCHEDULE, utc("2026-03-09 06:50"))
    assert found.following == Rule(Ruling.SCHEDULE, utc("2026-03-09 17:00"), "Office hours")
    by_hand = decide(Circumstances(is_stopped=True, plan=lambda at: find_due(plan, at)), now)
    assert by_hand.current == Rule(Ruling.STOPPED)
