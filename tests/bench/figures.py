"""Numbers made of measured ones, and how they are shown. Pure."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

KEYS = (
    "poll_unchanged_vs_bare",
    "page_vs_bare",
    "page_vs_threaded_api",
    "page_300_vs_6",
    "poll_unchanged_300_vs_6",
    "poll_bytes_300",
    "history_2000_vs_20",
    "open_pages_6",
    "open_pages_300",
    "statements_group_page",
    "two_processes_vs_one",
    "cloud_calls_2_vs_1",
    "rss_mb_10k",
    "rss_mb_per_1000",
)
"""What BENCH_JSON holds, and BENCH_ONLY may name."""


@dataclass(frozen=True)
class Figure:
    """A measured figure: median, least and most; `median` None where it could not be measured."""

    name: str
    median: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @classmethod
    def of(cls, name: str, values: Sequence[float], note: str = "") -> Self:
        """The figure of several measurements."""
        return cls(name, median(values), min(values), max(values), note)

    @property
    def row(self) -> tuple[str, str, str, str]:
        """As cells: name, median, range, note."""
        is_range = self.low is not None and self.high is not None and self.low != self.high
        span = f"{show(self.low)} to {show(self.high)}" if is_range else ""
        return self.name, show(self.median), span, self.note


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed; 0 of none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> list[float]:
    """Round by round, so that what both sides met in a round cancels out."""
    return [top / bottom for top, bottom in zip(numerators, denominators, strict=True)]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much y grows with x, by least squares. Needs two different x."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    covered = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / covered


def show(value: float | None) -> str:
    """Three digits that count; a dash for none."""
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}" if value != int(value) else f"{value:.0f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures below each other, in columns."""
    rows = [("figure", "median", "range", ""), *(figure.row for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    return "\n".join(
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}".rstrip()
        for row in rows
    )


def as_json(figures: Mapping[str, Figure]) -> str:
    """The medians of all KEYS as one object; null for what was not measured or cannot be."""
    medians = {key: figures[key].median if key in figures else None for key in KEYS}
    return json.dumps(medians, indent=1) + "\n"
