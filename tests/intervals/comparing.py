"""Compares the portal's intervals with the walk, zone by zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from zoneinfo import ZoneInfo

from app.domain.local_time import interval_on
from tests.intervals.minute_walk import Interval, MinuteWalk, set_zone

WINDOWS = {
    "02:30-03:30": (150, 60),
    "01:00-02:30": (60, 90),
    "22:00-06:00": (1320, 480),
    "00:00-24:00": (0, 1440),
}
"""Start and length in minutes."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Compared:
    """How many intervals were compared, what differs, a line each, and how many windows the
    clocks skip as a whole: these have no interval, by both ways."""

    count: int
    skipped: int
    faults: tuple[str, ...]


def distinct_zones(names: list[str]) -> list[list[str]]:
    """The names by table: those of one table have the same clocks."""
    by_table: dict[bytes, list[str]] = {}
    for name in names:
        table = files("tzdata").joinpath("zoneinfo", name).read_bytes()
        by_table.setdefault(sha256(table).digest(), []).append(name)
    return list(by_table.values())


def compare_zones(names: list[str], first_year: int, last_year: int) -> Compared:
    """Zones of one table, over whole years. The walk is done once, the portal is asked for each."""
    days = _days(first_year, last_year)
    set_zone(names[0])
    walk = MinuteWalk(_number(days[0]), _number(days[-1]))
    expected = {
        (label, day): walk.interval(_number(day), *window)
        for label, window in WINDOWS.items()
        for day in days
    }
    faults = [fault for name in names for fault in _faults(name, expected)]
    skipped = sum(interval is None for interval in expected.values())
    return Compared(len(expected) * len(names), skipped * len(names), tuple(faults))


def _faults(name: str, expected: dict[tuple[str, date], Interval | None]) -> Iterator[str]:
    zone = ZoneInfo(name)
    for (label, day), interval in expected.items():
        found = _portals(day, label, zone)
        if found != interval:
            yield f"{name} {day} {label}: the portal says {found}, the walk {interval}"


def _portals(day: date, label: str, zone: ZoneInfo) -> Interval | None:
    interval = interval_on(day, *WINDOWS[label], zone)
    if interval is None:
        return None
    begin, end = ((moment - EPOCH) // ONE_MINUTE for moment in interval)
    return begin, end


def _days(first_year: int, last_year: int) -> list[date]:
    first, end = date(first_year, 1, 1), date(last_year + 1, 1, 1)
    return [first + timedelta(days=n) for n in range((end - first).days)]


def _number(day: date) -> int:
    return (day - EPOCH.date()).days
