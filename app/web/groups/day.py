"""The drawing of a group's last day: stretches of time as bars, in shares of the width.

Everything horizontal is a percentage, so that the drawing fits any width while its words keep
their size; everything vertical is in pixels.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import compress
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.domain.activity.timeline import Segment, Size
from app.domain.groups.states import ServiceState
from app.services.activity.last_day import LastDay
from app.web.formatting.sizes import NO_BREAK, show_range

TOP, BASE = 36, 96
"""Where the largest size and nothing at all are drawn."""
ROOM_FOR_WORDS = 28.0
"""The share of the width that a bar's own words need on the narrowest screen."""
WORD_HEIGHT = 14
HOURS_BETWEEN_TICKS = 6
CLOCK_STEP = timedelta(minutes=15)
"""No zone's hours begin anywhere but at a quarter of an hour of UTC."""
EDGE = 4.0
"""The share of the width at both ends in which an hour would have no room for its words."""
WORDS_ABOVE_LINE, UNKNOWN_WORDS_Y = 6, 30
LINE_DISTANCE = 3
"""In pixels: lines that are nearer are drawn as one."""
UNKNOWN, SIZE = "unknown", "size"
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
    high: float = TOP
    low: float = BASE
    has_words: bool = False
    is_last: bool = False

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of this stretch."""
        return self.kind == UNKNOWN

    @property
    def has_range(self) -> bool:
        """Whether its two lines are far enough apart to be drawn as two."""
        return not self.is_unknown and self.low - self.high > LINE_DISTANCE

    @property
    def words_y(self) -> float:
        """How far down its words stand: above the line, or in the hatching."""
        return UNKNOWN_WORDS_Y if self.is_unknown else self.high - WORDS_ABOVE_LINE

    @property
    def spoken(self) -> str:
        """“from 14:00 8 to 16 GB”."""
        return f"from {self.clock} {self.label if self.kind == SIZE else self.label.lower()}"


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
    zone: str

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return any(not bar.is_unknown for bar in (*self.sizes, *self.states))

    @property
    def description(self) -> str:
        """All of it in words, for people who cannot see it."""
        configured, states = (
            "; ".join(bar.spoken for bar in bars) for bars in (self.sizes, self.states)
        )
        return f"Configured: {configured}. State: {states}."

    @property
    def rows(self) -> tuple[tuple[str, Bar], ...]:
        """The same as rows of a table, each with what it is about."""
        sizes = (("Configured total memory", bar) for bar in self.sizes)
        return (*sizes, *(("State", bar) for bar in self.states))


def build_day(day: LastDay, zone: ZoneInfo) -> Day:
    """The bars of a day, with hours in this zone."""
    frame = _Frame(day.since, day.until, zone)
    largest = max((segment.value[1] for segment in day.sizes if segment.value), default=0)
    sizes = [
        frame.bar(segment, *_size_words(segment.value), *_lines(segment, max(largest, 1)))
        for segment in day.sizes
    ]
    states = [frame.bar(segment, *_state_words(segment.value)) for segment in day.states]
    return Day(_with_words(sizes), _with_words(states), tuple(frame.ticks()), zone.key)


def _with_words(bars: list[Bar]) -> tuple[Bar, ...]:
    """The bars, knowing which of them have room for words.

    Those of a narrow last bar end at the right edge, and reach back over the one before it.
    """
    if not bars:
        return ()
    *others, last = bars
    return (
        *(
            replace(bar, has_words=bar.width >= _room_needed(bar, last, bar is others[-1]))
            for bar in others
        ),
        replace(last, has_words=True, is_last=True),
    )


def _room_needed(bar: Bar, last: Bar, is_beside: bool) -> float:
    is_level = abs(bar.high - last.high) < WORD_HEIGHT
    is_shared = is_beside and is_level and last.width < ROOM_FOR_WORDS
    return ROOM_FOR_WORDS * (2 if is_shared else 1)


@dataclass(frozen=True)
class _Frame:
    since: datetime
    until: datetime
    zone: ZoneInfo

    def bar(
        self, segment: Segment[T], kind: str, label: str, high: float = TOP, low: float = BASE
    ) -> Bar:
        x = self.share(segment.start)
        width = round(self.share(segment.end) - x, 2)
        clock = self.clock(segment.start)
        return Bar(segment.start, segment.end, clock, x, width, kind, label, high, low)

    def share(self, moment: datetime) -> float:
        return round(100 * ((moment - self.since) / (self.until - self.since)), 2)

    def clock(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        is_today = local.date() == self.until.astimezone(self.zone).date()
        return f"{local:%H:%M}" if is_today else f"yesterday {local:%H:%M}"

    def ticks(self) -> list[Tick]:
        first = self.since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        moments = [first + count * CLOCK_STEP for count in range(25 * 4)]
        local = [moment.astimezone(self.zone) for moment in moments if moment > self.since]
        is_round = [item.minute == 0 and item.hour % HOURS_BETWEEN_TICKS == 0 for item in local]
        round_ones = compress(local, is_round)
        ticks = [Tick(self.share(item), f"{item:%H:%M}") for item in round_ones]
        return [tick for tick in ticks if EDGE < tick.x < 100 - EDGE]


def _size_words(size: Size | None) -> tuple[str, str]:
    if size is None:
        return UNKNOWN, "Unknown"
    return SIZE, f"{show_range(*size)}{NO_BREAK}GB"


def _state_words(state: ServiceState | None) -> tuple[str, str]:
    if state is None:
        return UNKNOWN, "Unknown"
    return state.spec.tone.value, state.spec.label


def _lines(segment: Segment[Size], largest: int) -> tuple[float, float]:
    if segment.value is None:
        return TOP, BASE
    least, most = (BASE - (BASE - TOP) * size / largest for size in segment.value)
    return round(most, 1), round(least, 1)
