"""The entries of Cloud's own schedule of a service: as they can be read, and as they are written.

They count weekdays from 0, Sunday, and whole hours of UTC: a start from 0 to 23, an end from 1 to
24, on the next day where it is not after the start (OpenAPI document, `ScalingScheduleEntry` and
`ScalingScheduleEntryRequest`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingMode, whole_number

SUNDAY, SATURDAY = 0, 6


@dataclass(frozen=True)
class CloudEntry:
    """One entry. Memory in GB per replica; None is what Cloud does not say, so that the baseline's
    holds. Without a mode it is vertical."""

    name: str
    weekdays: tuple[int, ...]
    start_hour: int
    end_hour: int
    is_active: bool
    memory_gb: tuple[int, int] | None
    replicas: tuple[int, int] | None
    mode: ScalingMode = ScalingMode.VERTICAL
    idle_scaling: bool | None = None
    idle_timeout_minutes: int | None = None

    def local_times(self, zone: ZoneInfo, year: int, month: int) -> tuple[datetime, datetime]:
        """Start and end of it on the 15th of a month, as the clocks of the zone show them."""
        day = datetime(year, month, 15, tzinfo=UTC)
        end_hour = self.end_hour + (24 if self.end_hour <= self.start_hour else 0)
        start, end = (day + timedelta(hours=hour) for hour in (self.start_hour, end_hour))
        return start.astimezone(zone), end.astimezone(zone)

    @property
    def plan(self) -> "CloudEntry":
        """What is planned by it, equal for equal plans: without what holds at the moment, and
        without an idle timeout where nothing idles."""
        minutes = self.idle_timeout_minutes if self.idle_scaling else None
        days = tuple(sorted(set(self.weekdays)))
        return replace(self, weekdays=days, is_active=False, idle_timeout_minutes=minutes)

    def to_request(self) -> dict[str, Any]:
        """The entry as Cloud takes it. Vertical ones have a fixed number of replicas."""
        values: dict[str, Any] = {
            "name": self.name,
            "weekdays": list(self.weekdays),
            "startHourUtc": self.start_hour,
            "endHourUtc": self.end_hour,
            "autoscalingMode": self.mode.value,
            "idleScaling": self.idle_scaling,
            "idleTimeoutMinutes": self.idle_timeout_minutes,
        }
        if self.memory_gb:
            values |= _named(self.memory_gb, "minReplicaMemoryGb", "maxReplicaMemoryGb")
        if self.replicas and self.mode is ScalingMode.HORIZONTAL:
            values |= _named(self.replicas, "minReplicas", "maxReplicas")
        elif self.replicas:
            values["numReplicas"] = self.replicas[1]
        return {name: value for name, value in values.items() if value is not None}


def list_entries(service: Service) -> tuple[CloudEntry, ...]:
    """Every entry that can be read; an odd one takes no other with it."""
    return read_entries(_said(service))


def read_entries(items: Iterable[object]) -> tuple[CloudEntry, ...]:
    """The same of entries as Cloud shows them."""
    return tuple(entry for entry in map(_read, items) if entry)


def has_entries(service: Service) -> bool:
    """Whether Cloud has a schedule of its own for this service, active or not."""
    return service.active_entry is not None or bool(_said(service))


def are_these(service: Service, entries: Iterable[CloudEntry]) -> bool:
    """Whether Cloud's schedule says these entries and nothing else, in whatever order."""
    found = list_entries(service)
    is_all_read = len(found) == len(_said(service))
    return is_all_read and {it.plan for it in found} == {it.plan for it in entries}


def _said(service: Service) -> list[object]:
    schedule = service.particulars.said.get("scalingSchedule")
    entries = schedule.get("entries") if isinstance(schedule, Mapping) else None
    return list(entries) if isinstance(entries, list | tuple) else []


def _named(pair: tuple[int, int], least: str, most: str) -> dict[str, int]:
    return {least: pair[0], most: pair[1]}


def _read(item: object) -> CloudEntry | None:
    if not isinstance(item, Mapping):
        return None
    days, start, end = item.get("weekdays"), *_hours(item)
    if not isinstance(days, list | tuple) or start is None or end is None:
        return None
    weekdays = tuple(day for day in map(whole_number, days) if day is not None)
    if not weekdays or any(not SUNDAY <= day <= SATURDAY for day in weekdays):
        return None
    idling = item.get("idleScaling")
    return CloudEntry(
        name=str(item.get("name") or "Unnamed"),
        weekdays=weekdays,
        start_hour=start,
        end_hour=end,
        is_active=item.get("isActiveNow") is True,
        memory_gb=_pair(item, "minReplicaMemoryGb", "maxReplicaMemoryGb"),
        replicas=_replicas(item),
        mode=_mode(item.get("autoscalingMode")),
        idle_scaling=idling if isinstance(idling, bool) else None,
        idle_timeout_minutes=whole_number(item.get("idleTimeoutMinutes")),
    )


def _hours(item: Mapping[str, object]) -> tuple[int | None, int | None]:
    start, end = (whole_number(item.get(name)) for name in ("startHourUtc", "endHourUtc"))
    is_start, is_end = start is not None and 0 <= start <= 23, end is not None and 1 <= end <= 24
    return start if is_start else None, end if is_end else None


def _mode(text: object) -> ScalingMode:
    is_horizontal = text == ScalingMode.HORIZONTAL.value
    return ScalingMode.HORIZONTAL if is_horizontal else ScalingMode.VERTICAL


def _replicas(item: Mapping[str, object]) -> tuple[int, int] | None:
    count = whole_number(item.get("numReplicas"))
    return _pair(item, "minReplicas", "maxReplicas") or (None if count is None else (count, count))


def _pair(item: Mapping[str, object], least: str, most: str) -> tuple[int, int] | None:
    first, last = whole_number(item.get(least)), whole_number(item.get(most))
    return None if first is None or last is None else (first, last)
