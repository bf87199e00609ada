"""The same intervals by a way of its own: the C library is asked about every minute of UTC.

It shares no code with the portal, only the tables of the `tzdata` package.
"""

import os
import time
from array import array
from collections.abc import Iterator
from importlib.resources import files

MINUTES_A_DAY = 24 * 60
NEVER = 2**62
DAYS_AROUND = 3

Interval = tuple[int, int]
"""Begin and end in minutes since 1970, UTC."""


def set_zone(name: str) -> None:
    """Make `time.localtime` of this process speak of the zone, by the tables of the package."""
    os.environ["TZDIR"] = str(files("tzdata") / "zoneinfo")
    os.environ["TZ"] = f":{name}"
    time.tzset()


class MinuteWalk:
    """When each local minute is first and last shown, from one day since 1970 to another."""

    def __init__(self, first_day: int, last_day: int) -> None:
        self._origin = (first_day - DAYS_AROUND) * MINUTES_A_DAY
        self._end = (last_day + DAYS_AROUND) * MINUTES_A_DAY
        count = self._end - self._origin + 2 * MINUTES_A_DAY
        self._first = array("q", [NEVER]) * count
        self._last = array("q", [-1]) * count
        self._walk()

    def interval(self, day: int, start: int, length: int) -> Interval | None:
        """From the first to after the last minute at which the clocks show a time inside."""
        begin = day * MINUTES_A_DAY + start - self._origin + MINUTES_A_DAY
        first = min(self._first[begin : begin + length])
        return None if first == NEVER else (first, max(self._last[begin : begin + length]) + 1)

    def _walk(self) -> None:
        first, last, shift = self._first, self._last, MINUTES_A_DAY - self._origin
        for minute, local in _local_minutes(self._origin, self._end):
            place = local + shift
            last[place] = minute
            if first[place] == NEVER:
                first[place] = minute


def _local_minutes(start: int, end: int) -> Iterator[Interval]:
    localtime = time.localtime
    for minute in range(start, end):
        yield minute, minute + localtime(minute * 60).tm_gmtoff // 60
