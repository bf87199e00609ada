"""The drawing of a group's load: lines in shares of the width, broken where it did not work.

Lines and areas lie in a drawing of WIDTH x HEIGHT that is stretched to the page; words and marks
are placed by percentages, so that they keep their size.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

from app.domain.load.buckets import Bucket
from app.domain.load.spans import HOUR_SECONDS, Span
from app.domain.load.stretches import Stretch
from app.services.load.reports import LoadReport

WIDTH, HEIGHT = 1000, 100
EDGE = 5.0
"""The share of the width at both ends in which a tick would have no room for its words."""

LEAST_WIDTH = 0.4
"""Percent: a boost of some minutes in a month."""

ENOUGH = 12
"""Distances between readings that tell how often a group is read."""

Figure = Callable[[Bucket], float | None]
TICKS = {Span.DAY: (6, "%H:%M"), Span.WEEK: (24, "%a %-d"), Span.MONTH: (24 * 7, "%-d %b")}
"""Hours between two ticks, and how each reads."""


@dataclass(frozen=True)
class Tick:
    """A round moment."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """One drawing. `lines` and `bands` are paths; `idle`, `windows` and `boosted` are stretches
    from and to; `changes` and `failures` are places of marks. All in shares of the width but the
    paths."""

    key: str
    title: str
    description: str
    top: str
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    idle: tuple[tuple[float, float], ...]
    guides: tuple[tuple[float, str], ...]
    ticks: tuple[Tick, ...]
    changes: tuple[float, ...]
    failures: tuple[float, ...]
    windows: tuple[tuple[float, float], ...]
    boosted: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Frame:
    """What all drawings of one report share."""

    report: LoadReport
    zone: ZoneInfo

    @property
    def step(self) -> int:
        """Seconds of one step."""
        return self.report.span.step_seconds

    def share(self, moment: float) -> float:
        """Where a moment is, in percent of the width."""
        since = self.report.since.timestamp()
        return round(100 * (moment - since) / self.report.span.seconds, 2)

    def ticks(self) -> tuple[Tick, ...]:
        """Round moments in the zone."""
        hours, pattern = TICKS[self.report.span]
        first = self.report.since.astimezone(UTC).replace(minute=0, second=0)
        moments = (first + timedelta(hours=count) for count in range(31 * 24))
        found = []
        for moment in moments:
            local, place = moment.astimezone(self.zone), self.share(moment.timestamp())
            is_round = local.hour % min(hours, 24) == 0 and (hours <= 24 or local.weekday() == 0)
            if is_round and EDGE < place < 100 - EDGE:
                found.append(Tick(place, local.strftime(pattern)))
        return tuple(found)

    def line(self, figure: Figure, top: float) -> tuple[str, ...]:
        """The paths of one figure, one for each stretch in which it is known."""
        points = [
            [f"{self._x(item)},{_y(figure(item) or 0, top)}" for item in run]
            for run in self.runs(lambda item: _is_drawn(item, figure))
            if _is_drawn(run[0], figure)
        ]
        return tuple("M" + " ".join(each) + ("h1" if len(each) == 1 else "") for each in points)

    def bands(self, top: float) -> tuple[str, ...]:
        """The configured range of memory, one area for each stretch in which it is the same."""
        return tuple(
            self._band(run, _y(run[0].max_gb, top), _y(run[0].min_gb, top))
            for run in self.runs(lambda item: (item.min_gb, item.max_gb))
            if run[0].min_gb and run[0].max_gb
        )

    def idle(self) -> tuple[tuple[float, float], ...]:
        """From and to where the group did not work."""
        runs = self.runs(lambda item: item.is_awake)
        return tuple(
            (self.share(run[0].starts_at), self.share(run[-1].starts_at + self.step))
            for run in runs
            if not run[0].is_awake
        )

    def changes(self) -> tuple[float, ...]:
        """Where changes were accepted."""
        moments = [item.settled_at for item in self.report.changes if item.settled_at]
        places = [self.share(moment.timestamp()) for moment in moments]
        return tuple(place for place in places if 0 <= place <= 100)

    def places(self, stretches: Sequence[Stretch]) -> tuple[tuple[float, float], ...]:
        """From and to where these are, each wide enough to be seen."""
        ends = [
            (self.share(it.start.timestamp()), self.share(it.end.timestamp())) for it in stretches
        ]
        return tuple((start, min(max(end, start + LEAST_WIDTH), 100.0)) for start, end in ends)

    def failures(self) -> tuple[float, ...]:
        """Where queries failed for memory."""
        failed = [item for item in self.report.buckets if item.memory_failures]
        return tuple(self.share(item.starts_at + self.step / 2) for item in failed)

    def runs(self, key: Callable[[Bucket], Hashable]) -> list[list[Bucket]]:
        """Stretches in which the key is the same and no reading is missing, in order."""
        longest = self._longest_distance()
        found: list[list[Bucket]] = []
        for item in self.report.buckets:
            before = found[-1][-1] if found else None
            if before and key(before) == key(item) and item.starts_at - before.starts_at <= longest:
                found[-1].append(item)
            else:
                found.append([item])
        return found

    def _longest_distance(self) -> float:
        """Seconds between two readings beyond which something is missing between them."""
        distances = [
            after.starts_at - before.starts_at for before, after in pairwise(self.report.buckets)
        ]
        # Many groups share the requests: then each is read less often, which is no gap.
        usual = median(distances) if len(distances) >= ENOUGH else 0
        return min(2 * max(self.step, usual), max(self.step, HOUR_SECONDS))

    def _band(self, items: list[Bucket], high: float, low: float) -> str:
        start, end = self._x(items[0], 0), self._x(items[-1], self.step)
        return f"M{start},{high}H{end}V{max(low, high + 1)}H{start}z"

    def _x(self, item: Bucket, offset: float | None = None) -> int:
        middle = self.step / 2 if offset is None else offset
        return round(WIDTH / 100 * self.share(item.starts_at + middle))


def local_label(frame: Frame, moment: float) -> str:
    """A moment as the rows of the table have it."""
    local = datetime.fromtimestamp(moment, tz=frame.zone)
    return f"{local:%H:%M}" if frame.report.span is Span.DAY else f"{local:%a %-d %b %H:%M}"


def highest(buckets: Sequence[Bucket], figure: Figure) -> tuple[float, Bucket] | None:
    """The highest of a figure, and when."""
    known = [(value, item) for item in buckets if (value := figure(item)) is not None]
    return max(known, key=lambda pair: pair[0], default=None)


def describe_nothing(buckets: Sequence[Bucket]) -> str:
    """Why there is no highest of a figure."""
    is_at_rest = buckets and not any(item.is_awake for item in buckets)
    return "Idle or stopped whenever it was read." if is_at_rest else "Nothing is known of it."


def _is_drawn(item: Bucket, figure: Figure) -> bool:
    return item.is_awake and figure(item) is not None


def _y(value: float, top: float) -> float:
    return round(HEIGHT - HEIGHT * min(1.0, value / top), 1)
