"""Measures what is wanted, in order, and prints it."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import measures
from tests.bench.figures import KEYS, Figure, as_json, table
from tests.bench.machine import describe, share_cores
from tests.bench.rotation import RATIOS, compare, rotate, sides_of
from tests.bench.scene import Scene

MOST_SECONDS = 460.0
"""After so long nothing more is begun, so that the run ends within eight minutes."""
ROUNDS, RUN_SECONDS = 7, 1.0
"""Short runs in many turns, so that little of what disturbs the machine falls on one side alone."""

SINGLES: Mapping[str, Callable[[Scene], Figure]] = {
    "statements_group_page": measures.statements_group_page,
}


def main() -> int:
    """Run the benchmark. Returns the exit code: 2 if BENCH_ONLY names what there is not."""
    wanted = _wanted(os.environ.get("BENCH_ONLY", ""))
    if unknown := set(wanted) - set(KEYS):
        print(f"BENCH_ONLY: unknown: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    cores = share_cores()
    print(f"{datetime.now(UTC):%Y-%m-%d}; {describe()}; {cores.words}")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        figures = list(_measure_all(Scene(Path(folder), stack, cores), wanted))
    print(table(figures))
    if path := os.environ.get("BENCH_JSON"):
        Path(path).write_text(as_json({figure.name: figure for figure in figures}), "utf-8")
    return 0


def _wanted(text: str) -> list[str]:
    named = [name.strip() for name in text.split(",") if name.strip()]
    return named or list(KEYS)


def _measure_all(scene: Scene, wanted: Iterable[str]) -> Iterable[Figure]:
    gives_up_at = time.monotonic() + MOST_SECONDS
    keys = [key for key in KEYS if key in wanted]
    compared = [key for key in keys if key in RATIOS]
    if compared:
        found = rotate(scene, sides_of(compared), ROUNDS, RUN_SECONDS)
        yield from (compare(key, found) for key in compared)
        yield from (measured.figure(name) for name, measured in found.items())
    for key in keys:
        if key in SINGLES:
            late = time.monotonic() > gives_up_at
            yield Figure(key, None, note="no time left") if late else SINGLES[key](scene)
