"""Which schedules Cloud could have as its own."""

import pytest

from app.domain.schedules.cloud_form import CloudObstacle, find_obstacle
from app.domain.schedules.schedule import Schedule
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
        (a_schedule(*WHOLE_DAYS, zone="Asia/Tokyo"), CloudObstacle.TOO_MANY_ENTRIES),
    ],
)
def test_cloud_can_have_whole_utc_hours_of_clocks_that_never_change(
    schedule: Schedule, obstacle: CloudObstacle | None
) -> None:
    assert find_obstacle(schedule, NOW) is obstacle
