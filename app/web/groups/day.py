"""The drawing of a group's last day: stretches of time as bars, in shares of the width.

Everything horizontal is a percentage, so that the drawing fits any width while its words keep
their size; everything vertical is in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.domain.states import ServiceState
from app.domain.timeline import Segment, Size
from app.services.timeline import LastDay
from app.web.filters import NO_BREAK

TOP, BASE = 36, 96
"""Where the largest size and nothing at all are drawn."""
ROOM_FOR_WORDS = 28.0
"""The share of the width that a bar's own words need on the narrowest screen."""
HOURS_BETWEEN_TICKS = 6
T = TypeVar("T")


@dataclass(frozen=True)
class Bar:
    """One stretch. `kind`: a tone of states, `size`, or `unknown`. `high`, `low`: of its lines."""

    start: datetime
    end: datetime
    clock: str
    x: float
    width: float
    kind: str
    label: str
    has_words: bool
    is_last: bool
    high: float = TOP
    low: float = BASE


@dataclass(frozen=True)
class Tick:
    """A round hour."""

    x: float
    label: str


@dataclass(frozen=True)
class Day:
    """The whole drawing."""

    sizes: tuple[Bar, ...]
    states: tuple[Bar, ...]
    ticks: tuple[Tick, ...]

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return any(bar.kind != "unknown" for bar in (*self.sizes, *self.states))


def draw(day: LastDay, zone: ZoneInfo) -> Day:
    """The bars of a day, with hours in this zone."""
    frame = _Frame(day.since, day.until, zone)
    largest = max((segment.value[1] for segment in day.sizes if segment.value), default=1)
    return Day(
        tuple(
            frame.bar(segment, day.sizes, *_size_words(segment.value), *_lines(segment, largest))
            for segment in day.sizes
        ),
        tuple(
            frame.bar(segment, day.states, *_state_words(segment.value)) for segment in day.states
        ),
        tuple(frame.ticks()),
    )


@dataclass(frozen=True)
class _Frame:
    since: datetime
    until: datetime
    zone: ZoneInfo

    def bar(
        self,
        segment: Segment[T],
        row: Sequence[Segment[T]],
        kind: str,
        label: str,
        *lines: float,
    ) -> Bar:
        x, is_last = self.share(segment.start), segment is row[-1]
        width = round(self.share(segment.end) - x, 2)
        # The words of a narrow last bar end at the right edge and reach back over the one before.
        reaches_back = self.share(row[-1].start) > 100 - ROOM_FOR_WORDS
        is_below = not is_last and segment is row[-2] and reaches_back
        return Bar(
            segment.start,
            segment.end,
            self.clock(segment.start),
            x,
            width,
            kind,
            label,
            is_last or width >= ROOM_FOR_WORDS * (2 if is_below else 1),
            is_last,
            *lines,
        )

    def share(self, moment: datetime) -> float:
        return round(100 * ((moment - self.since) / (self.until - self.since)), 2)

    def clock(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        is_today = local.date() == self.until.astimezone(self.zone).date()
        return f"{local:%H:%M}" if is_today else f"yesterday {local:%H:%M}"

    def ticks(self) -> list[Tick]:
        hour = self.since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        hours = [hour + timedelta(hours=count) for count in range(24)]
        local = [moment.astimezone(self.zone) for moment in hours if moment < self.until]
        round_ones = [item for item in local if item.hour % HOURS_BETWEEN_TICKS == 0]
        return [Tick(self.share(item), f"{item:%H:%M}") for item in round_ones]


def _size_words(size: Size | None) -> tuple[str, str]:
    if size is None:
        return "unknown", "Not known"
    least, most = size
    text = str(most) if least == most else f"{least} to {most}"
    return "size", f"{text}{NO_BREAK}GB"


def _state_words(state: ServiceState | None) -> tuple[str, str]:
    if state is None:
        return "unknown", "Not known"
    return state.facts.tone.value, state.facts.label


def _lines(segment: Segment[Size], largest: int) -> tuple[float, float]:
    if segment.value is None:
        return TOP, BASE
    least, most = (BASE - (BASE - TOP) * size / largest for size in segment.value)
    return round(most, 1), round(least, 1)
