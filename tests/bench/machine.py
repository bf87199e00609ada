"""Cores, processes and the time that they have used."""

import os
import platform
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cores:
    """Who runs where: on one core of its own each, or anywhere if there is only one."""

    load: tuple[int, ...]
    servers: tuple[int, ...]
    every: tuple[int, ...]

    @property
    def words(self) -> str:
        """For the heading of the results."""
        if self.load == self.servers:
            return "one core for everything"
        return "servers on one core; load and the simulated Cloud on another"


def share_cores() -> Cores:
    """Among those that this process may use."""
    found = tuple(sorted(os.sched_getaffinity(0)))
    return Cores(found[:1], found[-1:], found)


def pin(pids: Iterable[int], cores: Sequence[int]) -> None:
    """Keep processes, with all their threads, on these cores."""
    for pid in pids:
        for task in _tasks(pid):
            with suppress(ProcessLookupError):  # a thread that has ended
                os.sched_setaffinity(task, cores)


def cpu_seconds(pids: Iterable[int]) -> float:
    """What processes have used of a core so far, in user and kernel mode."""
    return sum(_ticks(pid) for pid in pids) / TICKS_A_SECOND


def describe() -> str:
    """Cores, memory and Python, and nothing that names the machine."""
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        total_kb = int(next(lines).split()[1])
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cores} cores, {total_kb / 1024**2:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    )


def _tasks(pid: int) -> list[int]:
    return [int(path.name) for path in Path(f"/proc/{pid}/task").iterdir()]


def _ticks(pid: int) -> int:
    # The name of the program, in brackets, may hold blanks.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
