"""What people do with each service of the world: office hours, spikes, nights and weekends.

Everything follows from the service and the time, so that the same moment always looks the same,
in the past as well. Nothing here knows a size but `failures_of_slot`.
"""

import math
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

SLOT_SECONDS = 900
DAY_SECONDS = 86_400
SLOTS_A_DAY = DAY_SECONDS // SLOT_SECONDS
FULL = 0.95
"""The share of the memory at which queries fail."""


@dataclass(frozen=True)
class Workload:
    """Memory in GB and CPU in cores per replica; `chance` of a spike in a quarter of an hour.

    `runs` are quarter hours of each day (UTC) in which a large report takes `run_gb` more. `days`
    are the days of the month on which the service is started; empty for all.
    """

    base_gb: float
    office_gb: float
    spike_gb: float = 0.0
    chance: float = 0.0
    cores: float = 1.0
    queries: int = 6
    is_steady: bool = True
    days: tuple[int, ...] = ()
    runs: tuple[int, ...] = ()
    run_gb: float = 0.0


WORKLOADS = {
    "Analytics primary": Workload(9.0, 4.5, 3.0, 0.05, cores=2.6, queries=14),
    "Analytics reporting": Workload(
        4.0, 8.0, 2.0, 0.1, cores=1.9, queries=9, runs=(29, 34, 53), run_gb=14.0
    ),
    "Analytics ad hoc": Workload(3.0, 7.0, 3.0, 0.2, cores=2.2, queries=3, is_steady=False),
    "Analytics archive": Workload(1.2, 1.0, 0.6, 0.05, cores=0.5, queries=2, is_steady=False),
    "Analytics month end": Workload(
        30.0, 26.0, 8.0, 0.2, cores=12.0, queries=18, days=(28, 29, 30, 31, 1, 2, 3)
    ),
    "Marketing campaigns": Workload(6.0, 4.0, 2.0, 0.04, cores=2.0, queries=5),
}
OTHER = Workload(3.0, 3.0)


def workload_of(name: str) -> Workload:
    """What is done with the service of this name."""
    return WORKLOADS.get(name, OTHER)


def office(now: float) -> float:
    """How many people work, 0 to 1: European office hours, less at noon and at the weekend."""
    moment = datetime.fromtimestamp(now, UTC)
    hour = moment.hour + moment.minute / 60
    wave = max(0.0, math.sin(math.pi * (hour - 5.5) / 12)) if 5.5 <= hour <= 17.5 else 0.0
    noon = 0.7 if 11 <= hour < 12 else 1.0
    return wave * noon * (0.12 if moment.weekday() >= 5 else 1.0)


def chance(*parts: object) -> float:
    """A figure from 0 to 1 that is always the same for the same parts."""
    return zlib.crc32(repr(parts).encode()) / 2**32


def memory_gb(name: str, now: float) -> float:
    """What the queries of a replica need, whether or not it is there."""
    work, people, slot = workload_of(name), office(now), int(now) // SLOT_SECONDS
    usual = work.base_gb + work.office_gb * people * (0.85 + 0.3 * chance(name, slot))
    is_spike = people > 0.1 and chance(name, "spike", slot) < work.chance
    usual += work.run_gb if slot % SLOTS_A_DAY in work.runs else 0.0
    return usual + (work.spike_gb * (0.6 + 0.4 * chance(name, "size", slot)) if is_spike else 0.0)


def cores(name: str, now: float, replica: int) -> float:
    """How many cores a replica keeps busy."""
    minute = int(now) // 60
    shaken = 0.7 + 0.6 * chance(name, "cpu", minute, replica)
    return workload_of(name).cores * (0.08 + 0.92 * office(now)) * shaken


def queries(name: str, now: float, replica: int) -> int:
    """How many queries a replica runs."""
    minute = int(now) // 60
    shaken = 0.4 + 1.1 * chance(name, "queries", minute, replica)
    return round(workload_of(name).queries * (0.05 + 0.95 * office(now)) * shaken)


def state_at(name: str, now: float) -> str:
    """The state in which a service was in the past, where nobody had a hand in it."""
    work = workload_of(name)
    if work.days:
        return "running" if datetime.fromtimestamp(now, UTC).day in work.days else "stopped"
    if work.is_steady:
        return "running"
    half_hour = int(now) // 1800
    return "running" if chance(name, "awake", half_hour) < 0.04 + 0.7 * office(now) else "idle"


@lru_cache(maxsize=100_000)
def failures_of_slot(name: str, slot: int, total_gb: float) -> int:
    """How many queries failed for memory in a quarter of an hour, with so much of it."""
    if memory_gb(name, slot * SLOT_SECONDS) <= FULL * total_gb:
        return 0
    return 1 + int(3 * chance(name, "failures", slot))


def failures_since_monday(name: str, now: float, total_gb: float) -> int:
    """What a replica of this size has counted: each begins anew with the week."""
    slot, today = int(now) // SLOT_SECONDS, int(now) // DAY_SECONDS
    monday = today - datetime.fromtimestamp(now, UTC).weekday()
    earlier = sum(_failures_of_day(name, day, total_gb) for day in range(monday, today))
    slots = range(today * DAY_SECONDS // SLOT_SECONDS, slot + 1)
    return earlier + sum(failures_of_slot(name, each, total_gb) for each in slots)


@lru_cache(maxsize=10_000)
def _failures_of_day(name: str, day: int, total_gb: float) -> int:
    first = day * DAY_SECONDS // SLOT_SECONDS
    slots = range(first, first + DAY_SECONDS // SLOT_SECONDS)
    return sum(failures_of_slot(name, slot, total_gb) for slot in slots)
