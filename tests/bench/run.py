"""Measures what is wanted, in order, and prints it."""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.crowds import cloud_calls, open_pages
from tests.bench.figures import KEYS, Figure, as_json, table
from tests.bench.machine import describe, share_cores
from tests.bench.measures import poll_bytes_300, statements_group_page
from tests.bench.processes import cold_start, memory, processes_vs_one
from tests.bench.rotation import LONG_RATIOS, RATIOS, compare, rotate, sides_of
from tests.bench.scene import LONG, Effort, Scene

OTHERS = "where other programs use the machine, ratios by time of a core are the surer ones"


@dataclass(frozen=True)
class Measure:
    """What gives some of the KEYS, and how many seconds are worth beginning it with."""

    keys: tuple[str, ...]
    seconds: float
    run: Callable[[Scene], list[Figure]]


MEASURES = (
    Measure(("statements_group_page",), 10, lambda scene: [statements_group_page(scene)]),
    Measure(("poll_bytes_300",), 45, lambda scene: [poll_bytes_300(scene)]),
    Measure(("two_processes_vs_one",), 40, lambda scene: [processes_vs_one(scene, 2)]),
    Measure(("cloud_calls_2_vs_1",), 80, lambda scene: cloud_calls(scene, 2)),
    Measure(("open_pages_6",), 60, lambda scene: [open_pages(scene, "open_pages_6")]),
    Measure(("open_pages_300",), 60, lambda scene: [open_pages(scene, "open_pages_300")]),
    Measure(("rss_mb_10k", "rss_mb_per_1000"), 60, memory),
)
LONG_MEASURES = (
    Measure(("four processes",), 120, lambda scene: [processes_vs_one(scene, 4)]),
    Measure(("Cloud calls",), 120, lambda scene: cloud_calls(scene, 4)),
    Measure(("cold start",), 60, lambda scene: [cold_start(scene)]),
)


FAILED = "failed: "


def main() -> int:
    """Run the benchmark. Returns the exit code: 1 if a figure has failed, 2 for settings that make
    no sense."""
    named = [name.strip() for name in os.environ.get("BENCH_ONLY", "").split(",")]
    wanted, length = set(filter(None, named)), os.environ.get("BENCH", "")
    if unknown := (wanted - set(KEYS)) | ({length} - {"", "long"}):
        print(f"BENCH, BENCH_ONLY: unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    # Servers have sessions of their own, and would outlive a process that is ended without a word.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures = _measure_and_print(wanted, is_long=length == "long")
    if path := os.environ.get("BENCH_JSON"):
        found = {figure.name: figure for figure in figures}
        Path(path).write_text(as_json(found), encoding="utf-8")
    return int(any(figure.note.startswith(FAILED) for figure in figures))


def _measure_and_print(wanted: set[str], *, is_long: bool) -> list[Figure]:
    cores, started_at = share_cores(), time.monotonic()
    print(f"{datetime.now(UTC):%Y-%m-%d}; {describe()}; {cores.words}", flush=True)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        scene = Scene(Path(folder), stack, cores, LONG if is_long else Effort())
        figures = list(_measure_all(scene, wanted, is_long=is_long))
    print(table(figures), f"{time.monotonic() - started_at:.0f} s in all; {OTHERS}", sep="\n")
    return figures


def _measure_all(scene: Scene, wanted: set[str], *, is_long: bool) -> Iterator[Figure]:
    """Without names, everything; of what takes long, only that which the named ones need."""
    keys = [key for key in KEYS if key in wanted or not wanted]
    yield from _compare_all(scene, [key for key in keys if key in RATIOS])
    for measure in MEASURES:
        if not set(measure.keys).isdisjoint(keys):
            yield from _run(scene, measure)
    if is_long and not wanted:
        yield from _compare_all(scene, LONG_RATIOS)
        for measure in LONG_MEASURES:
            yield from _run(scene, measure)


def _compare_all(scene: Scene, keys: Iterable[str]) -> list[Figure]:
    found = rotate(scene, sides_of(keys))
    compared = [compare(key, found) for key in keys]
    return compared + [measured.figure(name) for name, measured in found.items()]


def _run(scene: Scene, measure: Measure) -> list[Figure]:
    if not scene.has_time_for(measure.seconds):
        return [Figure(key, None, note="no time left; BENCH_ONLY names it") for key in measure.keys]
    try:
        return measure.run(scene)
    except (AssertionError, OSError) as error:  # the other figures are wanted all the same
        note = f"{FAILED}{str(error).partition(chr(10))[0]}"
        return [Figure(key, None, note=note) for key in measure.keys]
