"""What is kept of the load: the maximum over replicas and samples of every five minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from app.domain.groups.scaling import ScalingConfig
from app.domain.load.samples import Activity, Counters, Sample

N = TypeVar("N", int, float)

BUCKET_SECONDS = 300
KEPT_DAYS = 30
DAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Bucket:
    """A stretch of time from `starts_at`, in seconds since 1970. What nobody told is None.

    Figures are the highest of any replica, but for `cpu_share_least`, that of the least busy one,
    and for failures, which are added up. `min_gb` and `max_gb` are the memory per replica that was
    in effect by Cloud's configuration.
    """

    starts_at: int
    activity: Activity
    memory_used_gb: float | None = None
    memory_total_gb: float | None = None
    cpu_share: float | None = None
    cpu_share_least: float | None = None
    cpu_cores: float | None = None
    queries: float | None = None
    memory_failures: float | None = None
    failed_queries: float | None = None
    replicas: int = 0
    min_gb: int | None = None
    max_gb: int | None = None

    @property
    def is_awake(self) -> bool:
        """Whether the group worked."""
        return self.activity is Activity.AWAKE

    @property
    def memory_share(self) -> float | None:
        """How much of its memory the fullest replica used, 0 to 1."""
        if self.memory_used_gb is None or not self.memory_total_gb:
            return None
        return self.memory_used_gb / self.memory_total_gb

    def joined(self, other: "Bucket") -> "Bucket":
        """Both as one, that begins with this one."""
        return Bucket(
            starts_at=self.starts_at,
            activity=max(self.activity, other.activity),
            memory_used_gb=_highest((self.memory_used_gb, other.memory_used_gb)),
            memory_total_gb=_highest((self.memory_total_gb, other.memory_total_gb)),
            cpu_share=_highest((self.cpu_share, other.cpu_share)),
            cpu_share_least=_highest((self.cpu_share_least, other.cpu_share_least)),
            cpu_cores=_highest((self.cpu_cores, other.cpu_cores)),
            queries=_highest((self.queries, other.queries)),
            memory_failures=_total(self.memory_failures, other.memory_failures),
            failed_queries=_total(self.failed_queries, other.failed_queries),
            replicas=max(self.replicas, other.replicas),
            min_gb=_highest((self.min_gb, other.min_gb)),
            max_gb=_highest((self.max_gb, other.max_gb)),
        )


def start_of(moment: float, step_seconds: int = BUCKET_SECONDS) -> int:
    """When the stretch begins that holds this moment."""
    return int(moment) // step_seconds * step_seconds


def bucket_of(
    sample: Sample, counted: Counters, config: ScalingConfig | None, moment: float
) -> Bucket | None:
    """One sample as a bucket; None where it does not tell whether the group worked.

    `counted` is what was counted since the sample before it.
    """
    if sample.activity is None:
        return None
    replicas = sample.replicas
    shares = [item.cpu_share for item in replicas if item.cpu_share is not None]
    return Bucket(
        starts_at=start_of(moment),
        activity=sample.activity,
        memory_used_gb=_highest(item.memory_used_gb for item in replicas),
        memory_total_gb=_highest(item.memory_total_gb for item in replicas),
        cpu_share=max(shares, default=None),
        cpu_share_least=min(shares, default=None),
        cpu_cores=_highest(item.cpu_cores for item in replicas),
        queries=_highest(item.queries for item in replicas),
        memory_failures=counted.memory_failures,
        failed_queries=counted.failed_queries,
        replicas=len(replicas),
        min_gb=config.min_memory_gb if config else None,
        max_gb=config.max_memory_gb if config else None,
    )


def join(buckets: Iterable[Bucket], step_seconds: int) -> list[Bucket]:
    """Buckets in order as longer ones of `step_seconds`, a multiple of their own length."""
    joined: list[Bucket] = []
    for bucket in buckets:
        starts_at = start_of(bucket.starts_at, step_seconds)
        if joined and joined[-1].starts_at == starts_at:
            joined.append(joined.pop().joined(bucket))
        else:
            joined.append(_begin(bucket, starts_at))
    return joined


def _begin(bucket: Bucket, starts_at: int) -> Bucket:
    return Bucket(**{**vars(bucket), "starts_at": starts_at})


def _highest(values: Iterable[N | None]) -> N | None:
    return max((value for value in values if value is not None), default=None)


def _total(one: float | None, other: float | None) -> float | None:
    known = [value for value in (one, other) if value is not None]
    return sum(known) if known else None
