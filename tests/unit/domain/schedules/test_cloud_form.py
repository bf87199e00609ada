"""Which schedules Cloud could have as its own, and that it then means the same by them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.schedules.cloud_entries import read_entries
from app.domain.schedules.cloud_form import (
    CloudObstacle,
    find_exception,
    find_obstacle,
    list_wanted,
)
from app.domain.schedules.exceptions import Exceptions, FrozenDates, OwnersCalendar, Skip
from app.domain.schedules.schedule import Schedule, WeeklyHours, Window, find_overlaps
from app.domain.schedules.timeline import list_spans
from app.sandbox.cloud.service.schedule import find_active, parse_entries
from tests.unit.builders import HORIZONTAL, VERTICAL
from tests.unit.domain.schedules.builders import EVERY_DAY, a_schedule, a_window, utc

NOW = utc("2026-03-02 10:00")
MANY = [
    a_window(f"W{n}", days=["mon"], start=f"{n:02}:00", end=f"{n + 1:02}:00") for n in range(11)
]

WHOLE_DAYS = [a_window(f"D{day}", days=[day], start="00:00", end="24:00") for day in EVERY_DAY[:6]]


@pytest.mark.parametrize(
    ("schedule", "obstacle"),
    [
        (a_schedule(zone="UTC"), None),
        (a_schedule(zone="Asia/Tokyo"), None),
        (a_schedule(), CloudObstacle.CLOCK_CHANGES),
        (a_schedule(zone="Asia/Kolkata"), CloudObstacle.PART_OF_HOUR),
        (a_schedule(a_window(start="08:30", end="18:30"), zone="Asia/Kolkata"), None),
        (a_schedule(a_window(end="18:15"), zone="UTC"), CloudObstacle.PART_OF_HOUR),
        (a_schedule(*MANY, zone="UTC"), CloudObstacle.TOO_MANY_ENTRIES),
        (a_schedule(*MANY[:10], zone="UTC"), None),
        (a_schedule(a_window(days=EVERY_DAY, start="00:00", end="24:00"), zone="UTC"), None),
        # In Tokyo a whole day crosses midnight of UTC, and is two entries.
        (a_schedule(*WHOLE_DAYS, zone="UTC"), None),
        (replace(a_schedule(zone="UTC"), windows=()), CloudObstacle.NO_WINDOW),
        (a_schedule(*WHOLE_DAYS, zone="Asia/Tokyo"), CloudObstacle.TOO_MANY_ENTRIES),
    ],
)
def test_cloud_can_have_whole_utc_hours_of_clocks_that_never_change(
    schedule: Schedule, obstacle: CloudObstacle | None
) -> None:
    assert find_obstacle(schedule, NOW) is obstacle


# None of them changes its clocks, and they are as far from UTC as zones can be.
FIXED = ("UTC", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago")
BUSY = a_window(
    settings={"min_memory_gb": 64, "max_memory_gb": 64, "min_replicas": 2, "max_replicas": 5}
)


@st.composite
def plans(draw: st.DrawFn) -> Schedule:
    """Schedules that Cloud can have, in a zone without changes of its clocks."""
    zone, found = draw(st.sampled_from(FIXED)), a_schedule(zone="UTC")
    windows: tuple[Window, ...] = ()
    for number in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, 23))
        end = draw(st.sampled_from([hour for hour in range(1, 25) if hour != start]))
        days = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))
        settings = found.windows[0].settings
        more = (*windows, Window(f"W{number}", days, start * 60, end * 60, settings))
        windows = windows if find_overlaps(more) else more
    schedule = Schedule(zone, found.base, windows)
    assume(find_obstacle(schedule, NOW) is None)
    return schedule


@given(plans())
def test_what_is_written_means_the_same_hours_and_reads_back_the_same(schedule: Schedule) -> None:
    entries = list_wanted(schedule, VERTICAL, NOW)
    written = parse_entries({"entries": [entry.to_request() for entry in entries]})
    shown = read_entries([entry.to_json(is_active=True) for entry in written])
    assert {it.plan for it in shown} == {it.plan for it in entries}
    for span in list_spans(schedule, NOW, NOW + timedelta(days=15)):
        hour = span.start
        while hour < span.end:
            active = find_active(written, hour.timestamp())
            name = active.name.split(" (")[0] if active else None
            assert name == (span.window.name if span.window else None), hour
            hour += timedelta(hours=1)


def test_a_horizontal_size_is_written_with_both_bounds() -> None:
    (entry,) = list_wanted(a_schedule(BUSY, zone="UTC"), HORIZONTAL, NOW)
    written = parse_entries({"entries": [entry.to_request()]})
    assert written[0].values["minReplicas"] == 2
    assert read_entries([written[0].to_json(is_active=False)]) == (entry,)


def test_a_size_is_written_whole() -> None:
    (entry,) = list_wanted(a_schedule(zone="UTC"), VERTICAL, NOW)
    assert entry.to_request() == {
        "name": "Office hours",
        "weekdays": [1, 2, 3, 4, 5],
        "startHourUtc": 8,
        "endHourUtc": 18,
        "autoscalingMode": "vertical",
        "minReplicaMemoryGb": 32,
        "maxReplicaMemoryGb": 64,
        "numReplicas": 3,
        "idleScaling": True,
        "idleTimeoutMinutes": 15,
    }


@pytest.mark.parametrize(
    ("exceptions", "calendar", "obstacle"),
    [
        (Exceptions(), OwnersCalendar(), None),
        (
            Exceptions(paused_until=NOW + timedelta(days=1)),
            OwnersCalendar(),
            CloudObstacle.EXCEPTIONS,
        ),
        (Exceptions(paused_until=NOW), OwnersCalendar(), None),
        (
            Exceptions(frozenset({Skip("Office hours", date(2026, 3, 3))})),
            OwnersCalendar(),
            CloudObstacle.EXCEPTIONS,
        ),
        (Exceptions(frozenset({Skip("Office hours", date(2026, 2, 27))})), OwnersCalendar(), None),
        (
            Exceptions(),
            OwnersCalendar((FrozenDates("End", date(2026, 3, 1), date(2026, 3, 2)),)),
            CloudObstacle.OWNERS_DATES,
        ),
        (
            Exceptions(),
            OwnersCalendar((FrozenDates("Past", date(2026, 3, 1), date(2026, 3, 1)),)),
            None,
        ),
        (
            Exceptions(),
            OwnersCalendar((), (WeeklyHours("Load", (0,), 480, 1080),)),
            CloudObstacle.OWNERS_DATES,
        ),
    ],
)
def test_what_is_excepted_cloud_would_not_know(
    exceptions: Exceptions, calendar: OwnersCalendar, obstacle: CloudObstacle | None
) -> None:
    assert find_exception(a_schedule(zone="UTC"), exceptions, calendar, NOW) is obstacle
