"""Scaling schedules: entries by weekday and hour (UTC), and which one is active."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.sandbox.cloud.http.bodies import check_known, parse_whole
from app.sandbox.cloud.http.errors import ApiError, bad_field
from app.sandbox.cloud.service.scaling import (
    Scaling,
    check_fewest,
    check_memory,
    check_replica_fields,
)
from app.sandbox.cloud.service.scaling_fields import (
    HORIZONTAL,
    MEMORY_FIELDS,
    PAIR_FIELDS,
    PARSERS,
    VERTICAL,
)

MAX_ENTRIES = 10
HOURS_A_WEEK = 7 * 24
TIME_FIELDS = ("name", "weekdays", "startHourUtc", "endHourUtc")
# API field -> field of Scaling; `numReplicas` stands for both replica figures.
VALUE_FIELDS = {
    "minReplicaMemoryGb": "min_memory_gb",
    "maxReplicaMemoryGb": "max_memory_gb",
    "minReplicas": "min_replicas",
    "maxReplicas": "max_replicas",
    "idleScaling": "idle_scaling",
    "idleTimeoutMinutes": "idle_timeout_minutes",
}


@dataclass(frozen=True)
class Entry:
    """One window of a week with the values that apply in it. Weekday 0 is Sunday."""

    id: str
    name: str
    weekdays: tuple[int, ...]
    start_hour: int
    end_hour: int
    mode: str
    values: Mapping[str, Any]

    def hours(self) -> frozenset[int]:
        """Hours of the week covered, 0 = Sunday 00:00 UTC; a window may run past midnight."""
        length = (self.end_hour - self.start_hour) % 24 or 24
        starts = [day * 24 + self.start_hour for day in self.weekdays]
        return frozenset((start + h) % HOURS_A_WEEK for start in starts for h in range(length))

    def applied_to(self, base: Scaling) -> Scaling:
        """What is in effect while the entry is active: its values, else those of the baseline."""
        own = {VALUE_FIELDS[field]: value for field, value in self.values.items()}
        return replace(base, mode=self.mode, **own)

    def to_json(self, is_active: bool) -> dict[str, Any]:
        """Write the entry as the API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "weekdays": list(self.weekdays),
            "startHourUtc": self.start_hour,
            "endHourUtc": self.end_hour,
            "autoscalingMode": self.mode,
            **self.values,
            "isActiveNow": is_active,
        }


def find_active(entries: tuple[Entry, ...], now: float) -> Entry | None:
    """Return the entry whose window holds `now` (seconds since 1970)."""
    moment = datetime.fromtimestamp(now, UTC)
    hour = (moment.isoweekday() % 7) * 24 + moment.hour
    return next((entry for entry in entries if hour in entry.hours()), None)


def parse_entries(body: dict[str, object]) -> tuple[Entry, ...]:
    """Read the body of POST scalingSchedule. Raises ApiError 400."""
    check_known(body, ("entries",))
    given = body.get("entries")
    if not isinstance(given, list):
        raise bad_field("entries", "must be an array", given)
    if len(given) > MAX_ENTRIES:
        raise ApiError(400, f"request body.entries: at most {MAX_ENTRIES} entries are allowed")
    entries = tuple(_parse_entry(item, f"entries[{i}].") for i, item in enumerate(given))
    _check_overlap(entries)
    return entries


def _parse_entry(item: object, where: str) -> Entry:
    if not isinstance(item, dict):
        raise bad_field(where.rstrip("."), "must be an object", item)
    check_known(item, (*TIME_FIELDS, *PARSERS), where)
    name = item.get("name")
    if not isinstance(name, str) or not name.strip():
        raise bad_field(f"{where}name", "must be a text that is not empty", name)
    start = _parse_hour(item, "startHourUtc", where, 0)
    end = _parse_hour(item, "endHourUtc", where, 1)
    if start == end:
        raise bad_field(f"{where}endHourUtc", "must differ from startHourUtc", end)
    days = _parse_weekdays(item.get("weekdays"), where)
    mode, values = _parse_values(item, where)
    return Entry(str(uuid.uuid4()), name, days, start, end, mode, values)


def _parse_hour(item: Mapping[str, object], field: str, where: str, least: int) -> int:
    hour = parse_whole(f"{where}{field}", item.get(field))
    if not least <= hour <= least + 23:
        raise bad_field(f"{where}{field}", f"must be from {least} to {least + 23}", hour)
    return hour


def _parse_weekdays(given: object, where: str) -> tuple[int, ...]:
    field = f"{where}weekdays"
    if not isinstance(given, list) or not given:
        raise bad_field(field, "must be an array that is not empty", given)
    days = tuple(parse_whole(field, day) for day in given)
    if any(not 0 <= day <= 6 for day in days) or len(set(days)) != len(days):
        raise bad_field(field, "must be different days from 0 to 6", given)
    return days


def _parse_values(item: Mapping[str, object], where: str) -> tuple[str, dict[str, Any]]:
    values = {f: parse(f"{where}{f}", item[f]) for f, parse in PARSERS.items() if f in item}
    check_fewest(values, 1, where)
    mode = values.pop("autoscalingMode", VERTICAL)
    check_replica_fields(values, mode, where)
    if "numReplicas" in values:
        values.update(dict.fromkeys(PAIR_FIELDS, values.pop("numReplicas")))
    _check_complete(mode, values, where)
    return mode, values


def _check_complete(mode: str, values: Mapping[str, Any], where: str) -> None:
    memory = [values[field] for field in MEMORY_FIELDS if field in values]
    if len(memory) == 1 or (mode == HORIZONTAL and not memory):
        text = "minReplicaMemoryGb and maxReplicaMemoryGb must be provided together"
        raise bad_field(f"{where}minReplicaMemoryGb", text, values.get(MEMORY_FIELDS[0]))
    if memory:
        check_memory(mode, memory[0], memory[1], where)
    if mode == HORIZONTAL and "minReplicas" not in values:
        text = "minReplicas and maxReplicas are required in horizontal autoscaling"
        raise bad_field(f"{where}minReplicas", text, None)


def _check_overlap(entries: tuple[Entry, ...]) -> None:
    taken: set[int] = set()
    for i, entry in enumerate(entries):
        if taken & entry.hours():
            raise bad_field(f"entries[{i}]", "overlaps another entry", entry.name)
        taken |= entry.hours()
