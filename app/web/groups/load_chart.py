"""The drawing of a group's load: lines in shares of the width, broken where it did not work.

Lines and areas lie in a drawing of WIDTH x HEIGHT that is stretched to the page; words and marks
are placed by percentages, so that they keep their size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from statistics import median
from zoneinfo import ZoneInfo

from app.domain.load.buckets import Bucket
from app.domain.load.spans import Span
from app.domain.load.stretches import Stretch
from app.services.load.reports import LoadReport

WIDTH, HEIGHT = 1000, 100
EDGE = 5.0
"""The share of the width at both ends in which a tick would have no room for its words."""

LEAST_WIDTH = 0.4
"""Percent: a boost of some minutes in a month."""

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
        return tuple(
            "M" + " ".join(f"{self._x(item)},{_y(value, top)}" for item, value in run)
            + ("h1" if len(run) == 1 else "")
            for run in self._runs(figure)
        )  # fmt: skip

    def bands(self, top: float) -> tuple[str, ...]:
        """The configured range of memory, one area for each stretch in which it is the same."""
        known = [item for item in self.report.buckets if item.min_gb and item.max_gb]
        stretches = groupby(known, key=lambda item: (item.min_gb or 0, item.max_gb or 0))
        return tuple(
            self._band(list(items), _y(most, top), _y(least, top))
            for (least, most), items in stretches
        )

    def idle(self) -> tuple[tuple[float, float], ...]:
        """From and to where the group did not work."""
        found = []
        for is_awake, items in groupby(self.report.buckets, key=lambda item: item.is_awake):
            if not is_awake:
                run = list(items)
                ends = run[0].starts_at, run[-1].starts_at + self.step
                found.append((self.share(ends[0]), self.share(ends[1])))
        return tuple(found)

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

    def _runs(self, figure: Figure) -> list[list[tuple[Bucket, float]]]:
        known = [(item, figure(item) if item.is_awake else None) for item in self.report.buckets]
        starts = [item.starts_at for item, _ in known]
        distances = [after - before for before, after in pairwise(starts)]
        # Many groups share the requests: then each is read less often, which is no gap.
        longest = 2 * max(self.step, median(distances) if distances else 0)
        runs: list[list[tuple[Bucket, float]]] = []
        before: int | None = None
        for item, value in known:
            if value is not None:
                is_joined = before is not None and item.starts_at - before <= longest
                runs[-1:] = [*runs[-1:], []] if not is_joined else runs[-1:]
                runs[-1].append((item, value))
            before = item.starts_at if value is not None else None
        return runs

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


def _y(value: float, top: float) -> float:
    return round(HEIGHT - HEIGHT * min(1.0, value / top), 1)
