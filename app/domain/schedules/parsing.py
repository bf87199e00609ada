"""A schedule out of what was typed, sent or read from a file, and the same written down again.

    zone: Europe/Berlin
    base: {min_memory_gb: 16, max_memory_gb: 32, num_replicas: 2}
    outside: stop
    start_minutes_before: 10
    windows:
      - {name: Office hours, days: [mon, tue], start: "08:00", end: "18:00", settings: {...}}

A problem's field is the way to the value: `windows.0.settings.min_memory_gb`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from app.domain.changes.scaling_request import ScalingRequest, parse_request
from app.domain.groups.scaling import whole_number
from app.domain.local_time import MINUTES_A_DAY, first_instant
from app.domain.messages import problem
from app.domain.schedules.schedule import (
    DAY_NAMES,
    LONGEST_LEAD_MINUTES,
    USUAL_LEAD_MINUTES,
    Outside,
    Schedule,
    Window,
    find_overlaps,
    show_clock,
)
from app.errors import BrokenRules, Problem

MOST_WINDOWS = 50
LONGEST_NAME = 60
LEAD = "start_minutes_before"
FIELDS = ("zone", "base", "windows", "outside", LEAD)
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)


class _Problems(list[Problem]):
    def add(self, field: str, code: str, **figures: object) -> None:
        self.append(problem(field, code, **figures))


def parse_schedule(values: object) -> Schedule:
    """A schedule out of named values. Raises BrokenRules with every problem found."""
    problems = _Problems()
    given = _mapping(values, "", FIELDS, problems)
    zone = _zone(given.get("zone"), problems)
    base = _settings(given.get("base"), "base", problems)
    windows = _windows(given.get("windows"), problems)
    outside = _outside(given, problems)
    lead_minutes = _lead_minutes(given.get(LEAD), problems)
    if problems or base is None:
        raise BrokenRules(tuple(problems))
    return Schedule(zone, base, windows, outside, lead_minutes)


def dump_schedule(schedule: Schedule) -> dict[str, Any]:
    """The values that `parse_schedule` makes the same schedule of. One that stops nothing is
    written as before there was a word for it."""
    stopping = {"outside": schedule.outside.value, LEAD: schedule.lead_minutes}
    return {
        "zone": schedule.zone,
        "base": dump_settings(schedule.base),
        **(stopping if schedule.stops_outside else {}),
        "windows": [_dump_window(window) for window in schedule.windows],
    }


def parse_clock(text: object) -> int | None:
    """Minutes after midnight out of `08:30`, at most 24:00; None for anything else."""
    match = CLOCK.fullmatch(text) if isinstance(text, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else MINUTES_A_DAY + 1
    return minutes if minutes <= MINUTES_A_DAY else None


def parse_local_moment(text: str, zone: ZoneInfo) -> datetime:
    """The instant of a local time such as `2026-12-24 18:00`, or of one with an offset of its own.

    Raises BrokenRules.
    """
    try:
        local = datetime.fromisoformat(text.strip())
        if local.tzinfo:
            local = local.astimezone(zone)
        return first_instant(local.replace(second=0, microsecond=0, tzinfo=None), zone)
    except (ValueError, OverflowError):
        raise BrokenRules((problem("until", "pause_not_a_time"),)) from None


def _mapping(
    value: object, field: str, known: tuple[str, ...], problems: _Problems
) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        problems.add(field, "required" if value is None else "not_an_object")
        return {}
    for name in value:
        if name not in known:
            problems.add(f"{field}.{name}" if field else str(name), "unknown_field")
    return value


def _outside(given: Mapping[str, Any], problems: _Problems) -> Outside:
    value = given.get("outside")
    if value is None:
        return Outside.KEEP
    if not isinstance(value, str) or value not in set(Outside):
        problems.add("outside", "outside_unknown", known=", ".join(Outside))
        return Outside.KEEP
    if value == Outside.STOP and given.get("windows") in ([], ()):
        problems.add("outside", "stop_needs_window")
    return Outside(value)


def _lead_minutes(value: object, problems: _Problems) -> int:
    if value is None:
        return USUAL_LEAD_MINUTES
    minutes = whole_number(value)
    if minutes is None or not 0 <= minutes <= LONGEST_LEAD_MINUTES:
        problems.add(LEAD, "lead_out_of_range", most=LONGEST_LEAD_MINUTES)
    return minutes or 0


def _zone(value: object, problems: _Problems) -> str:
    if isinstance(value, str) and value in _zones():
        return value
    problems.add("zone", "zone_unknown" if value else "required")
    return ""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _settings(value: object, field: str, problems: _Problems) -> ScalingRequest | None:
    names = tuple(name for name in ScalingRequest.model_fields if name != "reason")
    before = len(problems)
    given = _mapping(value, field, names, problems)
    if len(problems) > before:
        return None
    try:
        return parse_request(given)
    except BrokenRules as error:
        for item in error.problems:
            problems.append(Problem(f"{field}.{item.field}", item.code, item.message))
        return None


def _windows(value: object, problems: _Problems) -> tuple[Window, ...]:
    if not isinstance(value, list | tuple):
        problems.add("windows", "required" if value is None else "not_a_list")
        return ()
    if len(value) > MOST_WINDOWS:
        problems.add("windows", "too_many_windows", most=MOST_WINDOWS)
        return ()
    parsed = [_window(item, f"windows.{place}", problems) for place, item in enumerate(value)]
    windows = tuple(item for item in parsed if item)
    if len(windows) == len(parsed):
        _check_together(windows, problems)
    return windows


def _window(value: object, field: str, problems: _Problems) -> Window | None:
    before = len(problems)
    given = _mapping(value, field, ("name", "days", "start", "end", "settings"), problems)
    if not isinstance(value, Mapping):
        return None
    name = _name(given.get("name"), f"{field}.name", problems)
    days = _days(given.get("days"), f"{field}.days", problems)
    start, end = _clocks(given, field, problems)
    settings = _settings(given.get("settings"), f"{field}.settings", problems)
    if len(problems) > before or settings is None:
        return None
    return Window(name, days, start, end, settings)


def _name(value: object, field: str, problems: _Problems) -> str:
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if not name:
        problems.add(field, "not_text" if value and not isinstance(value, str) else "required")
    elif len(name) > LONGEST_NAME:
        problems.add(field, "name_too_long", most=LONGEST_NAME)
    elif not name.isprintable():
        problems.add(field, "name_control_characters")
    return name


def _days(value: object, field: str, problems: _Problems) -> tuple[int, ...]:
    names = list(value) if isinstance(value, list | tuple) else []
    if not names or any(name not in DAY_NAMES for name in names):
        problems.add(field, "days_unknown", days=", ".join(DAY_NAMES))
        return ()
    return tuple(place for place, name in enumerate(DAY_NAMES) if name in names)


def _clocks(given: Mapping[str, Any], field: str, problems: _Problems) -> tuple[int, int]:
    start, end = (parse_clock(given.get(name)) for name in ("start", "end"))
    if start is None or start == MINUTES_A_DAY:
        problems.add(f"{field}.start", "clock_unknown")
    if end is None:
        problems.add(f"{field}.end", "clock_unknown")
    if start is not None and start == end:
        problems.add(f"{field}.end", "window_empty")
    return start or 0, end or 0


def _check_together(windows: tuple[Window, ...], problems: _Problems) -> None:
    names = [window.name for window in windows]
    for place, name in enumerate(names):
        if name in names[:place]:
            problems.add(f"windows.{place}.name", "window_name_twice", name=name)
    for one, other in find_overlaps(windows):
        figures = {"first": names[one], "second": names[other]}
        problems.add(f"windows.{other}", "windows_overlap", **figures)


def dump_settings(settings: ScalingRequest) -> dict[str, Any]:
    """One size as `base` and `settings` of a window hold it."""
    return settings.model_dump(exclude={"reason"}, exclude_none=True)


def _dump_window(window: Window) -> dict[str, Any]:
    return {
        "name": window.name,
        "days": [DAY_NAMES[day] for day in window.days],
        "start": show_clock(window.start),
        "end": show_clock(window.end),
        "settings": dump_settings(window.settings),
    }
