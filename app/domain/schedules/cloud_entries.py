"""The entries of Cloud's own schedule of a service, as they can be shown.

They count weekdays from 0, Sunday, and whole hours of UTC: a start from 0 to 23, an end from 1 to
24, on the next day where it is not after the start (OpenAPI document, `ScalingScheduleEntry`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.groups.group import Service
from app.domain.groups.scaling import whole_number

SUNDAY, SATURDAY = 0, 6


@dataclass(frozen=True)
class CloudEntry:
    """One entry. Memory in GB per replica; None is what Cloud does not say, so that the baseline's
    holds."""

    name: str
    weekdays: tuple[int, ...]
    start_hour: int
    end_hour: int
    is_active: bool
    memory_gb: tuple[int, int] | None
    replicas: tuple[int, int] | None

    def local_times(self, zone: ZoneInfo, year: int, month: int) -> tuple[datetime, datetime]:
        """Start and end of it on the 15th of a month, as the clocks of the zone show them."""
        day = datetime(year, month, 15, tzinfo=UTC)
        end_hour = self.end_hour + (24 if self.end_hour <= self.start_hour else 0)
        start, end = (day + timedelta(hours=hour) for hour in (self.start_hour, end_hour))
        return start.astimezone(zone), end.astimezone(zone)


def list_entries(service: Service) -> tuple[CloudEntry, ...]:
    """Every entry that can be read; an odd one takes no other with it."""
    schedule = service.particulars.said.get("scalingSchedule")
    entries = schedule.get("entries") if isinstance(schedule, Mapping) else None
    found = (_read(item) for item in entries) if isinstance(entries, list | tuple) else ()
    return tuple(entry for entry in found if entry)


def _read(item: object) -> CloudEntry | None:
    if not isinstance(item, Mapping):
        return None
    days, start, end = item.get("weekdays"), *_hours(item)
    if not isinstance(days, list | tuple) or start is None or end is None:
        return None
    weekdays = tuple(day for day in map(whole_number, days) if day is not None)
    if not weekdays or any(not SUNDAY <= day <= SATURDAY for day in weekdays):
        return None
    return CloudEntry(
        name=str(item.get("name") or "Unnamed"),
        weekdays=weekdays,
        start_hour=start,
        end_hour=end,
        is_active=item.get("isActiveNow") is True,
        memory_gb=_pair(item, "minReplicaMemoryGb", "maxReplicaMemoryGb"),
        replicas=_pair(item, "minReplicas", "maxReplicas"),
    )


def _hours(item: Mapping[str, object]) -> tuple[int | None, int | None]:
    start, end = (whole_number(item.get(name)) for name in ("startHourUtc", "endHourUtc"))
    is_start, is_end = start is not None and 0 <= start <= 23, end is not None and 1 <= end <= 24
    return start if is_start else None, end if is_end else None


def _pair(item: Mapping[str, object], least: str, most: str) -> tuple[int, int] | None:
    first, last = whole_number(item.get(least)), whole_number(item.get(most))
    return None if first is None or last is None else (first, last)
