"""Which schedules Cloud can have as its own, and how it says them."""

import pytest

from app.domain.schedules.cloud_form import CloudObstacle, find_obstacle, list_entries
from app.domain.schedules.schedule import Schedule
from app.sandbox.cloud.service.schedule import parse_entries
from tests.unit.builders import VERTICAL
from tests.unit.domain.schedules.builders import EVERY_DAY, a_schedule, a_window, utc

NOW = utc("2026-03-02 10:00")
MANY = [
    a_window(f"W{n}", days=["mon"], start=f"{n:02}:00", end=f"{n + 1:02}:00") for n in range(11)
]


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
    ],
)
def test_cloud_can_have_whole_utc_hours_of_clocks_that_never_change(
    schedule: Schedule, obstacle: CloudObstacle | None
) -> None:
    assert find_obstacle(schedule, NOW) is obstacle


@pytest.mark.parametrize(
    ("window", "zone"),
    [
        (a_window(), "UTC"),
        (a_window(start="22:00", end="06:00"), "UTC"),
        (a_window(days=["sun"], start="00:00", end="24:00"), "UTC"),
        (a_window(days=["mon"], start="03:00", end="11:00"), "Asia/Tokyo"),
        (a_window(days=["sun", "mon"], start="09:00", end="24:00"), "Asia/Tokyo"),
        (a_window(days=EVERY_DAY, start="00:00", end="24:00"), "Asia/Tokyo"),
        (a_window(days=["sun"], start="20:00", end="04:00"), "America/Phoenix"),
    ],
)
def test_clouds_entries_cover_the_same_hours(window: dict[str, object], zone: str) -> None:
    schedule = a_schedule(window, zone=zone)
    assert find_obstacle(schedule, NOW) is None
    bodies = [entry.to_body() for entry in list_entries(schedule, VERTICAL, NOW)]
    entries = parse_entries({"entries": bodies})
    offset = NOW.astimezone(schedule.zone_info).utcoffset()
    assert offset is not None
    shift = int(offset.total_seconds()) // 3600
    wanted = {(minute // 60 + 24 - shift) % 168 for minute in schedule.windows[0].minutes}
    assert {hour for entry in entries for hour in entry.hours()} == wanted
    assert entries[0].values["minReplicaMemoryGb"] == 32
