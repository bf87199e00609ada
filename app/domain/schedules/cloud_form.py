"""A schedule as Cloud's own: whether it can be said there, and how.

Cloud's entries (`POST …/scalingSchedule`, at most 10) count weekdays from 0, Sunday, and whole
hours of UTC: a start from 0 to 23, an end from 1 to 24, overnight where it is not after the start.
Outside all of them the service's configuration holds, which is the base size.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.local_time import MINUTES_A_DAY, has_clock_changes
from app.domain.schedules.cloud_entries import CloudEntry
from app.domain.schedules.exceptions import Exceptions, OwnersCalendar
from app.domain.schedules.schedule import Schedule, Window

MOST_ENTRIES = 10
LOOK_AHEAD_DAYS = 5 * 366
HOURS_A_DAY, DAYS_A_WEEK = 24, 7


class CloudObstacle(StrEnum):
    """Why Cloud cannot have the schedule."""

    STOPS = "stops"
    CLOCK_CHANGES = "clock_changes"
    PART_OF_HOUR = "part_of_hour"
    TOO_MANY_ENTRIES = "too_many_entries"
    NO_WINDOW = "no_window"
    OWNERS_DATES = "owners_dates"
    EXCEPTIONS = "exceptions"


def find_obstacle(schedule: Schedule, now: datetime) -> CloudObstacle | None:
    """Why Cloud cannot have the plan; None if it can. Clocks are looked at for five years."""
    if schedule.stops_outside:
        return CloudObstacle.STOPS
    if has_clock_changes(schedule.zone_info, now.date(), LOOK_AHEAD_DAYS):
        return CloudObstacle.CLOCK_CHANGES
    offset = _offset_minutes(schedule, now)
    if any((edge - offset) % 60 for item in schedule.windows for edge in (item.start, item.end)):
        return CloudObstacle.PART_OF_HOUR
    if sum(len(_hours_of(item, offset)) for item in schedule.windows) > MOST_ENTRIES:
        return CloudObstacle.TOO_MANY_ENTRIES
    return None if schedule.windows else CloudObstacle.NO_WINDOW


def find_exception(
    schedule: Schedule, exceptions: Exceptions, calendar: OwnersCalendar, now: datetime
) -> CloudObstacle | None:
    """Which exception of the plan that is still to come Cloud would not know."""
    today = now.astimezone(schedule.zone_info).date()
    if calendar.no_shrink_hours or any(dates.last >= today for dates in calendar.frozen_dates):
        return CloudObstacle.OWNERS_DATES
    is_paused = exceptions.paused_until is not None and exceptions.paused_until > now
    # A window that began yesterday may go on today.
    is_skipping = any(skip.day >= today - timedelta(days=1) for skip in exceptions.skips)
    return CloudObstacle.EXCEPTIONS if is_paused or is_skipping else None


def list_wanted(
    schedule: Schedule, baseline: ScalingConfig, now: datetime
) -> tuple[CloudEntry, ...]:
    """The entries that say a schedule without an obstacle, each with its whole size: what a window
    leaves open is the baseline's."""
    offset = _offset_minutes(schedule, now)
    return tuple(
        entry for window in schedule.windows for entry in _entries_of(window, offset, baseline)
    )


def _entries_of(window: Window, offset: int, baseline: ScalingConfig) -> Iterator[CloudEntry]:
    size = window.settings.applied_to(baseline)
    is_fixed = size.mode is ScalingMode.VERTICAL
    parts = _hours_of(window, offset)
    for number, (shift, start, end) in enumerate(parts, start=1):
        yield CloudEntry(
            name=window.name if len(parts) == 1 else f"{window.name} ({number})",
            # Cloud's week begins on Sunday, this one on Monday.
            weekdays=tuple(sorted((day + 1 + shift) % DAYS_A_WEEK for day in window.days)),
            start_hour=start,
            end_hour=end,
            is_active=False,
            memory_gb=(size.min_memory_gb, size.max_memory_gb),
            replicas=(size.max_replicas if is_fixed else size.min_replicas, size.max_replicas),
            mode=size.mode,
            idle_scaling=size.idle_scaling,
            idle_timeout_minutes=size.idle_timeout_minutes if size.idle_scaling else None,
        )


def _offset_minutes(schedule: Schedule, now: datetime) -> int:
    offset = now.astimezone(schedule.zone_info).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def _hours_of(window: Window, offset: int) -> tuple[tuple[int, int, int], ...]:
    """Days later than the window's, start and end of each entry that the window takes.

    Cloud refuses equal ends, so 24 hours that cross midnight in UTC are two entries.
    """
    shift, minute = divmod(window.start - offset, MINUTES_A_DAY)
    start, hours = minute // 60, window.length // 60
    if hours == HOURS_A_DAY and start:
        return (shift, start, HOURS_A_DAY), (shift + 1, 0, start)
    end = start + hours
    return ((shift, start, end if end <= HOURS_A_DAY else end - HOURS_A_DAY),)
