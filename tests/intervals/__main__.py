"""`make intervals`: every zone of tzdata, 2026 to 2030, or the zones that are named.

python -m tests.intervals [--years 2026 2030] [--processes 2] [zone ...]
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from zoneinfo import available_timezones, reset_tzpath

from tests.intervals.comparing import compare_zones, distinct_zones


def main() -> int:
    """Print what was compared; 1 where something differs."""
    given = _arguments()
    reset_tzpath([])  # the package's tables on both sides, not the system's
    groups = distinct_zones(given.zones or sorted(available_timezones()))
    compare = partial(compare_zones, first_year=given.years[0], last_year=given.years[1])
    with ProcessPoolExecutor(given.processes, initializer=partial(reset_tzpath, [])) as pool:
        results = list(pool.map(compare, groups))
    faults = [fault for result in results for fault in result.faults]
    for fault in faults:
        print(fault)
    names, count = sum(map(len, groups)), sum(result.count for result in results)
    skipped = sum(result.skipped for result in results)
    print(f"{names} zones with {len(groups)} tables: {count:,} intervals, {len(faults)} differ")
    print(f"{skipped} of the windows are skipped by the clocks as a whole")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.intervals")
    parser.add_argument("--years", type=int, nargs=2, default=(2026, 2030))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("zones", nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
