"""What Cloud's metrics say of one group at one moment, replica by replica.

Memory is in GB as Cloud counts it (GiB). What a replica does not tell is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum


class Activity(IntEnum):
    """Whether a group worked. Of several moments together the largest counts."""

    STOPPED = 0
    IDLE = 1
    AWAKE = 2


@dataclass(frozen=True)
class Counters:
    """What a replica has counted since it began."""

    memory_failures: float | None = None
    failed_queries: float | None = None


HostCounters = Mapping[str, Counters]
"""By host: every replica counts for itself, and begins at 0."""


@dataclass(frozen=True)
class ReplicaSample:
    """One replica. `cpu_share` is of all its cores, 0 to 1; `queries` are those that run."""

    host: str
    memory_used_gb: float | None = None
    memory_total_gb: float | None = None
    cpu_share: float | None = None
    cpu_cores: float | None = None
    queries: float | None = None
    counters: Counters = Counters()


@dataclass(frozen=True)
class Sample:
    """One group. `activity` is None where the answer does not tell: it was read in part only."""

    activity: Activity | None
    replicas: tuple[ReplicaSample, ...] = ()

    @property
    def counters(self) -> HostCounters:
        """What each replica has counted."""
        return {replica.host: replica.counters for replica in self.replicas}


def differences(earlier: HostCounters, later: HostCounters) -> Counters:
    """What was counted between two samples, by all hosts that are in both.

    A host is replaced at every change of size: a new one says nothing of the time before, and one
    that has less than before has begun anew. None where nothing can be compared.
    """
    pairs = [(earlier[host], later[host]) for host in later if host in earlier]
    return Counters(
        _sum([(before.memory_failures, now.memory_failures) for before, now in pairs]),
        _sum([(before.failed_queries, now.failed_queries) for before, now in pairs]),
    )


def _sum(pairs: list[tuple[float | None, float | None]]) -> float | None:
    known = [now - before for before, now in pairs if before is not None and now is not None]
    return sum(step for step in known if step > 0) if known else None
