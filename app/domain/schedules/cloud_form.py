"""Whether a schedule can be said as Cloud's own, and how.

Cloud's entries (`POST …/scalingSchedule`, at most 10) count weekdays from 0, Sunday, and whole
hours of UTC: a start from 0 to 23, an end from 1 to 24, overnight where it is not after the start.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.schedules.local_time import MINUTES_A_DAY, has_clock_changes
from app.domain.schedules.schedule import Schedule, Window

MOST_ENTRIES = 10
LOOK_AHEAD_DAYS = 5 * 366


class CloudObstacle(StrEnum):
    """Why Cloud cannot have the schedule."""

    CLOCK_CHANGES = "clock_changes"
    PART_OF_HOUR = "part_of_hour"
    TOO_MANY_ENTRIES = "too_many_entries"


@dataclass(frozen=True)
class CloudEntry:
    """One entry as Cloud has them; `days` from 0, Sunday, of UTC."""

    name: str
    days: tuple[int, ...]
    start_hour: int
    end_hour: int
    config: ScalingConfig

    def to_body(self) -> dict[str, object]:
        """The entry as the call wants it."""
        return {
            "name": self.name,
            "weekdays": list(self.days),
            "startHourUtc": self.start_hour,
            "endHourUtc": self.end_hour,
            **_values(self.config),
        }


def find_obstacle(schedule: Schedule, now: datetime) -> CloudObstacle | None:
    """Why Cloud cannot have the schedule; None if it can. Clocks are looked at for five years."""
    if has_clock_changes(schedule.zone_info, now.date(), LOOK_AHEAD_DAYS):
        return CloudObstacle.CLOCK_CHANGES
    offset = _offset_minutes(schedule, now)
    if any((edge - offset) % 60 for item in schedule.windows for edge in (item.start, item.end)):
        return CloudObstacle.PART_OF_HOUR
    if sum(len(list(_pieces(item, offset))) for item in schedule.windows) > MOST_ENTRIES:
        return CloudObstacle.TOO_MANY_ENTRIES
    return None


def list_entries(
    schedule: Schedule, current: ScalingConfig, now: datetime
) -> tuple[CloudEntry, ...]:
    """The entries that say the same as the windows, where `find_obstacle` finds nothing.

    The base size is the configuration itself, which Cloud has outside all entries.
    """
    offset = _offset_minutes(schedule, now)
    return tuple(
        CloudEntry(
            window.name,
            _utc_days(piece),
            piece.start // 60,
            piece.end // 60,
            window.settings.applied_to(current),
        )
        for window in schedule.windows
        for piece in _pieces(window, offset)
    )


def has_entries(service: Service) -> bool:
    """Whether Cloud has a schedule of its own for this service, active or not."""
    schedule = service.particulars.said.get("scalingSchedule")
    return service.active_entry is not None or bool(
        isinstance(schedule, Mapping) and schedule.get("entries")
    )


def _offset_minutes(schedule: Schedule, now: datetime) -> int:
    offset = now.astimezone(schedule.zone_info).utcoffset() or timedelta()
    return offset // timedelta(minutes=1)


def _pieces(window: Window, offset: int) -> Iterator[Window]:
    """The window in UTC. Cloud refuses equal ends, so 24 hours that cross midnight are two."""
    days_on, start = divmod(window.start - offset, MINUTES_A_DAY)
    end = (start + window.length - 1) % MINUTES_A_DAY + 1
    days = tuple((day + days_on) % 7 for day in window.days)
    moved = replace(window, days=days, start=start, end=end)
    if start != end:
        yield moved
        return
    yield replace(moved, end=MINUTES_A_DAY)
    yield replace(moved, days=tuple((day + 1) % 7 for day in days), start=0)


def _utc_days(window: Window) -> tuple[int, ...]:
    return tuple(sorted((day + 1) % 7 for day in window.days))


def _values(config: ScalingConfig) -> dict[str, object]:
    values: dict[str, object] = {
        "autoscalingMode": config.mode.value,
        "minReplicaMemoryGb": config.min_memory_gb,
        "maxReplicaMemoryGb": config.max_memory_gb,
        "idleScaling": config.idle_scaling,
    }
    if config.mode is ScalingMode.VERTICAL:
        values["numReplicas"] = config.max_replicas
    else:
        values |= {"minReplicas": config.min_replicas, "maxReplicas": config.max_replicas}
    if config.idle_timeout_minutes is not None:
        values["idleTimeoutMinutes"] = config.idle_timeout_minutes
    return values
