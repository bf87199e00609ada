"""What a week of load comes to: the figures that advice about a size rests on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from app.domain.groups.scaling import ScalingConfig
from app.domain.load.buckets import DAY_SECONDS, Bucket

HOUR_SECONDS = 3600
STEP_SECONDS = 900
"""The length of the buckets that are measured here."""

SHORT_HOURS, LONG_HOURS, FAILURE_HOURS = 3, 30, 24
"""The windows of Cloud's rule, and the day in which failures count."""

GB_PER_CORE = 4
"""The standard profile: one core for 4 GB."""

BUSY_SHARE = 0.95
"""CPU is measured without the busiest twentieth of the quarter hours: one burst is no load."""


@dataclass(frozen=True)
class Window:
    """Some awake buckets. Memory is in GB per replica, shares are 0 to 1; None: nobody told.

    `highest_of_gb` is the memory that was there when the highest use was seen; `busy_cores` are of
    one replica, `busy_replicas` how many fully busy ones would have done the same.
    """

    highest_gb: float | None = None
    highest_of_gb: float | None = None
    usual_gb: float | None = None
    total_gb: float | None = None
    cpu_share: float | None = None
    cpu_share_least: float | None = None
    cpu_cores: float | None = None
    busy_cores: float | None = None
    busy_replicas: float | None = None
    queries: float | None = None
    replicas: int = 0

    @property
    def is_spiky(self) -> bool:
        """Whether the highest use stands out: it is more than twice the usual."""
        return self.highest_gb is not None and self.highest_gb > 2 * (self.usual_gb or 0.0)


@dataclass(frozen=True)
class Figures:
    """A week at one configured size. `failures` are queries that failed for memory in a day, and
    `failed_at` the highest share of the memory that was used where they failed.

    `has_rested`: it did not work in the long window, which is the week then.
    """

    awake_hours: float
    known_hours: float
    last_known_at: int | None
    failures: int
    wakes_per_day: float
    short: Window
    long: Window
    week: Window
    has_rested: bool = False
    failed_at: float | None = None

    @property
    def awake_share(self) -> float:
        """The share of the time in which it worked."""
        return self.awake_hours / self.known_hours if self.known_hours else 0.0


def measure(week: Sequence[Bucket], config: ScalingConfig, now: float) -> Figures:
    """The figures of quarter hours in order, since the group has had the size that it has now."""
    at_size = _at_size(week, config)
    own = [bucket for bucket in at_size if _is_whole(bucket, config)]
    awake = [bucket for bucket in own if bucket.is_awake]
    long = _since(awake, now - LONG_HOURS * HOUR_SECONDS)
    failed = [bucket for bucket in at_size if bucket.memory_failures]
    failed = _since(failed, now - FAILURE_HOURS * HOUR_SECONDS)
    return Figures(
        awake_hours=len(awake) * STEP_SECONDS / HOUR_SECONDS,
        known_hours=len(own) * STEP_SECONDS / HOUR_SECONDS,
        last_known_at=at_size[-1].starts_at if at_size else None,
        failures=round(sum(bucket.memory_failures or 0 for bucket in failed)),
        wakes_per_day=_count_wakes(own) / max(1.0, len(own) * STEP_SECONDS / DAY_SECONDS),
        short=_window(_since(awake, now - SHORT_HOURS * HOUR_SECONDS)),
        long=_window(long or awake),
        week=_window(awake),
        has_rested=not long,
        failed_at=max(_known(failed, lambda bucket: bucket.memory_share), default=None),
    )


def _at_size(week: Sequence[Bucket], config: ScalingConfig) -> Sequence[Bucket]:
    size = (config.min_memory_gb, config.max_memory_gb)
    others = [
        place
        for place, bucket in enumerate(week)
        if None not in (bucket.min_gb, bucket.max_gb) and (bucket.min_gb, bucket.max_gb) != size
    ]
    return week[others[-1] + 1 :] if others else week


def _is_whole(bucket: Bucket, config: ScalingConfig) -> bool:
    """Whether there were as many replicas as configured. There are more while old ones make room
    for new ones, and another number says nothing of how busy those would be that there are now."""
    return not bucket.replicas or config.min_replicas <= bucket.replicas <= config.max_replicas


def _since(buckets: Sequence[Bucket], moment: float) -> list[Bucket]:
    return [bucket for bucket in buckets if bucket.starts_at >= moment]


def _count_wakes(buckets: Sequence[Bucket]) -> int:
    return sum(after.is_awake and not before.is_awake for before, after in pairwise(buckets))


def _window(awake: Sequence[Bucket]) -> Window:
    used = _known(awake, lambda bucket: bucket.memory_used_gb)
    fullest = max(awake, key=lambda bucket: bucket.memory_used_gb or 0.0, default=None)
    return Window(
        highest_gb=max(used, default=None),
        highest_of_gb=fullest.memory_total_gb if fullest else None,
        usual_gb=median(used) if used else None,
        total_gb=max(_known(awake, lambda bucket: bucket.memory_total_gb), default=None),
        cpu_share=_busy(_known(awake, lambda bucket: bucket.cpu_share)),
        cpu_share_least=_busy(_known(awake, lambda bucket: bucket.cpu_share_least)),
        cpu_cores=max(_known(awake, lambda bucket: bucket.cpu_cores), default=None),
        busy_cores=_busy(_known(awake, _busy_cores)),
        busy_replicas=_busy(_known(awake, _busy_replicas)),
        queries=_busy(_known(awake, lambda bucket: bucket.queries)),
        replicas=max((bucket.replicas for bucket in awake), default=0),
    )


def _busy_cores(bucket: Bucket) -> float | None:
    if bucket.cpu_share is None:
        return None
    return bucket.cpu_share * (bucket.cpu_cores or (bucket.memory_total_gb or 0.0) / GB_PER_CORE)


def _busy_replicas(bucket: Bucket) -> float | None:
    return None if bucket.cpu_share is None else bucket.replicas * bucket.cpu_share


def _known(awake: Sequence[Bucket], figure: Callable[[Bucket], float | None]) -> list[float]:
    return sorted(value for bucket in awake if (value := figure(bucket)) is not None)


def _busy(values: list[float]) -> float | None:
    return values[int(BUSY_SHARE * (len(values) - 1))] if values else None
