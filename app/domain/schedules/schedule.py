"""A week's plan: windows in local time, each with a size, and what holds outside them."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from zoneinfo import ZoneInfo

from app.domain.changes.scaling_request import ScalingRequest
from app.domain.local_time import MINUTES_A_DAY

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_WEEK = 7 * MINUTES_A_DAY

USUAL_LEAD_MINUTES, LONGEST_LEAD_MINUTES = 10, 60
"""How long before a window a stopped group is started: that takes some minutes, at times more."""


class Outside(StrEnum):
    """What becomes of the group outside all windows. KEEP: it runs or not as somebody chose."""

    KEEP = "keep"
    STOP = "stop"


@dataclass(frozen=True)
class WeeklyHours:
    """Hours of some days of the week. Days from 0, Monday; minutes after local midnight.

    `end` is at most 1440, which is 24:00; an end that is not after the start is on the next day.
    """

    name: str
    days: tuple[int, ...]
    start: int
    end: int

    @property
    def length(self) -> int:
        """Minutes by the clock on the wall."""
        return self.end - self.start if self.end > self.start else self._overnight

    @property
    def _overnight(self) -> int:
        return self.end + MINUTES_A_DAY - self.start

    @property
    def minutes(self) -> frozenset[int]:
        """The minutes of the week that it covers, from Monday 00:00."""
        begins = [day * MINUTES_A_DAY + self.start for day in self.days]
        return frozenset((b + n) % MINUTES_A_WEEK for b in begins for n in range(self.length))


@dataclass(frozen=True)
class Window(WeeklyHours):
    """Hours in which the group has a size of their own."""

    settings: ScalingRequest


@dataclass(frozen=True)
class Schedule:
    """The plan of one group. `base` is the size outside all windows; `zone` a name of tzdata.

    A group that is stopped outside its windows is started `lead_minutes` before each, and has the
    size of the window from then on.
    """

    zone: str
    base: ScalingRequest
    windows: tuple[Window, ...]
    outside: Outside = Outside.KEEP
    lead_minutes: int = USUAL_LEAD_MINUTES

    @property
    def stops_outside(self) -> bool:
        """Whether the group is stopped outside all windows."""
        return self.outside is Outside.STOP

    @property
    def lead(self) -> timedelta:
        """How long before a window it begins to hold."""
        return timedelta(minutes=self.lead_minutes if self.stops_outside else 0)

    @cached_property
    def zone_info(self) -> ZoneInfo:
        """The zone in which the windows are meant."""
        return ZoneInfo(self.zone)


def find_overlaps(windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
    """The places of every two windows that share a minute of the week."""
    minutes = [window.minutes for window in windows]
    pairs = combinations(range(len(windows)), 2)
    return tuple((one, other) for one, other in pairs if minutes[one] & minutes[other])


def show_clock(minutes: int) -> str:
    """Minutes after midnight as on a clock: `08:30`; 1440 is `24:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
