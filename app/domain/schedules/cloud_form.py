"""Whether a schedule could be said as Cloud's own.

Cloud's entries (`POST …/scalingSchedule`, at most 10) count weekdays from 0, Sunday, and whole
hours of UTC: a start from 0 to 23, an end from 1 to 24, overnight where it is not after the start.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.groups.group import Service
from app.domain.local_time import MINUTES_A_DAY, has_clock_changes
from app.domain.schedules.schedule import Schedule, Window

MOST_ENTRIES = 10
LOOK_AHEAD_DAYS = 5 * 366


class CloudObstacle(StrEnum):
    """Why Cloud cannot have the schedule."""

    CLOCK_CHANGES = "clock_changes"
    PART_OF_HOUR = "part_of_hour"
    TOO_MANY_ENTRIES = "too_many_entries"


def find_obstacle(schedule: Schedule, now: datetime) -> CloudObstacle | None:
    """Why Cloud cannot have the schedule; None if it can. Clocks are looked at for five years."""
    if has_clock_changes(schedule.zone_info, now.date(), LOOK_AHEAD_DAYS):
        return CloudObstacle.CLOCK_CHANGES
    offset = _offset_minutes(schedule, now)
    if any((edge - offset) % 60 for item in schedule.windows for edge in (item.start, item.end)):
        return CloudObstacle.PART_OF_HOUR
    if sum(_count_entries(item, offset) for item in schedule.windows) > MOST_ENTRIES:
        return CloudObstacle.TOO_MANY_ENTRIES
    return None


def has_entries(service: Service) -> bool:
    """Whether Cloud has a schedule of its own for this service, active or not."""
    schedule = service.particulars.said.get("scalingSchedule")
    return service.active_entry is not None or bool(
        isinstance(schedule, Mapping) and schedule.get("entries")
    )


def _offset_minutes(schedule: Schedule, now: datetime) -> int:
    offset = now.astimezone(schedule.zone_info).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def _count_entries(window: Window, offset: int) -> int:
    """Cloud refuses equal ends, so 24 hours that cross midnight in UTC are two entries."""
    is_whole_day = window.length == MINUTES_A_DAY
    return 2 if is_whole_day and (window.start - offset) % MINUTES_A_DAY else 1
