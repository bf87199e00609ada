"""Whether another size would help, by ClickHouse Cloud's published sizing rule.

CPU: target 53 %, no action from 37.5 to 75 %. Memory: the highest use x 1.25 where it is steady,
x 1.1 where it is spiky, x 1.5 after queries failed for memory. The larger of the two decides, over
windows of 3 and 30 hours. Replicas that come and go: target 60 %, out at 80, in at 45. Source:
Cloud's documentation of autoscaling. It never acts, and says nothing where figures are few or
contradict each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from app.domain.groups.limits import Limits
from app.domain.groups.scaling import (
    LEAST_MEMORY_GB,
    MEMORY_STEP_GB,
    ScalingConfig,
    ScalingMode,
)
from app.domain.load.buckets import Bucket
from app.domain.load.figures import GB_PER_CORE, Figures, Window, measure

CPU_TARGET, CPU_LOW, CPU_HIGH = 0.53, 0.375, 0.75
STEADY, SPIKY, AFTER_FAILURE = 1.25, 1.1, 1.5
REPLICAS_TARGET, REPLICAS_IN, REPLICAS_OUT = 0.60, 0.45, 0.80
LEAST_AWAKE_HOURS = 24
LATEST_SECONDS = 3 * 3600
WEEK_HOURS = 6 * 24
"""So much of a week must be known before use counts as small for a week."""

MANY_QUERIES_PER_CORE = 2
WAKES_PER_DAY = 4


class AdviceKind(StrEnum):
    """What would help; `uneven`: neither more memory nor more replicas."""

    MORE_MEMORY = "more_memory"
    MORE_REPLICAS = "more_replicas"
    UNEVEN = "uneven"
    LONGER_TIMEOUT = "longer_timeout"
    LESS_MEMORY = "less_memory"
    FEWER_REPLICAS = "fewer_replicas"
    KEEP = "keep"


class Silence(StrEnum):
    """Why nothing is advised."""

    NO_SIZE = "no_size"
    CHANGING = "changing"
    TOO_LITTLE = "too_little"
    OLD = "old"
    MISSING = "missing"
    ABOVE_TOTAL = "above_total"
    FAILED_WITH_ROOM = "failed_with_room"
    ANOTHER_SIZE = "another_size"


@dataclass(frozen=True)
class Advice:
    """What the rule says. `needed` is its figure, GB or replicas; `target` is what can be asked for
    here, None where nothing can or need be, and `obstacle` why not if it is not for the limits."""

    kind: AdviceKind
    figures: Figures
    needed: int = 0
    target: ScalingConfig | None = None
    obstacle: str = ""


def advise(
    week: Sequence[Bucket],
    config: ScalingConfig | None,
    limits: Limits,
    now: float,
    *,
    is_changing: bool = False,
) -> Advice | Silence:
    """Advice for a group by its quarter hours of the last week, oldest first."""
    if config is None:
        return Silence.NO_SIZE
    figures = measure(week, config, now)
    if is_changing:
        return Silence.CHANGING
    return _find_silence(figures, config, now) or _decide(figures, config, limits)


def _find_silence(figures: Figures, config: ScalingConfig, now: float) -> Silence | None:
    if figures.awake_hours < LEAST_AWAKE_HOURS or figures.last_known_at is None:
        return Silence.TOO_LITTLE
    if now - figures.last_known_at > LATEST_SECONDS:
        return Silence.OLD
    long = figures.long
    if long.highest_gb is None or long.highest_of_gb is None or long.cpu_share is None:
        return Silence.MISSING
    if long.highest_gb > 1.02 * long.highest_of_gb:
        return Silence.ABOVE_TOTAL
    return _find_contradiction(figures, config, long.total_gb or 0.0)


def _find_contradiction(figures: Figures, config: ScalingConfig, total_gb: float) -> Silence | None:
    if figures.failed_at is not None and AFTER_FAILURE * figures.failed_at < 1:
        return Silence.FAILED_WITH_ROOM
    if not 0.9 * config.min_memory_gb <= total_gb <= 1.02 * config.max_memory_gb:
        return Silence.ANOTHER_SIZE
    return None


def _decide(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice:
    found = (
        _after_failures(figures, config, limits)
        or _uneven(figures, config)
        or _more_replicas(figures, config, limits)
        or _more_memory(figures, config, limits)
        or _longer_timeout(figures, config, limits)
        or _smaller(figures, config, limits)
    )
    return found or Advice(AdviceKind.KEEP, figures)


def _after_failures(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    if not figures.failures:
        return None
    return _larger(figures, config, limits, _needed_gb(figures))


def _uneven(figures: Figures, config: ScalingConfig) -> Advice | None:
    """One replica is busy and another is not, and memory is not short besides."""
    if not _is_uneven(figures.long) or _needed_gb(figures) > config.max_memory_gb:
        return None
    return Advice(AdviceKind.UNEVEN, figures)


def _is_uneven(window: Window) -> bool:
    """Connections that stay open go on with their replica, so that no other size helps it."""
    if window.replicas < 2 or not _is_above(window.cpu_share, CPU_HIGH):
        return False
    return window.cpu_share_least is not None and window.cpu_share_least < CPU_LOW


def _more_replicas(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    """Every replica is busy, and with many queries at once."""
    window, is_vertical = figures.long, config.mode is ScalingMode.VERTICAL
    threshold = CPU_HIGH if is_vertical else REPLICAS_OUT
    is_crowded = (window.queries or 0) >= MANY_QUERIES_PER_CORE * (window.cpu_cores or 1)
    if not _is_above(window.cpu_share_least, threshold) or (is_vertical and not is_crowded):
        return None
    needed = _replicas_for(window)
    if needed <= config.max_replicas:
        return None
    least = needed if is_vertical else config.min_replicas
    target = config.model_copy(update={"min_replicas": least, "max_replicas": needed})
    is_offered = needed <= limits.replica_range(config.max_replicas)[1]
    allowed = target if is_offered and _is_within(target, config, limits) else None
    return Advice(AdviceKind.MORE_REPLICAS, figures, needed, allowed)


def _more_memory(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    needed = _needed_gb(figures)
    return _larger(figures, config, limits, needed) if needed > config.max_memory_gb else None


def _larger(figures: Figures, config: ScalingConfig, limits: Limits, needed: int) -> Advice:
    """A larger maximum; where the range is large enough already, a larger minimum."""
    size = _next_choice(needed, limits, config.max_memory_gb)
    if size is None:
        return Advice(AdviceKind.MORE_MEMORY, figures, needed)
    is_above = size > config.max_memory_gb
    is_fixed = config.min_memory_gb == config.max_memory_gb
    most = max(size, config.max_memory_gb)
    least = size if is_fixed or not is_above else config.min_memory_gb
    target = config.model_copy(update={"min_memory_gb": least, "max_memory_gb": most})
    if target == config:
        return Advice(AdviceKind.KEEP, figures)
    allowed = target if _is_within(target, config, limits) else None
    return Advice(AdviceKind.MORE_MEMORY, figures, needed, allowed)


def _longer_timeout(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    minutes = config.idle_timeout_minutes
    if figures.wakes_per_day < WAKES_PER_DAY or not config.idle_scaling or minutes is None:
        return None
    longer = min(2 * minutes, limits.idle_timeout_range(minutes)[1])
    if longer <= minutes:
        return None
    target = config.model_copy(update={"idle_timeout_minutes": longer})
    return Advice(AdviceKind.LONGER_TIMEOUT, figures, longer, target)


def _smaller(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    """Small use for a whole week."""
    if figures.known_hours < WEEK_HOURS:
        return None
    needed = _gb_of(figures.week, STEADY)
    size = _next_choice(needed, limits, config.min_memory_gb)
    if size is not None and size < config.min_memory_gb:
        is_fixed = config.min_memory_gb == config.max_memory_gb
        most = size if is_fixed else config.max_memory_gb
        target = config.model_copy(update={"min_memory_gb": size, "max_memory_gb": most})
        return Advice(AdviceKind.LESS_MEMORY, figures, needed, target)
    return _fewer_replicas(figures, config, limits)


def _fewer_replicas(figures: Figures, config: ScalingConfig, limits: Limits) -> Advice | None:
    share = figures.week.cpu_share
    if config.mode is ScalingMode.VERTICAL or share is None or share >= REPLICAS_IN:
        return None
    fewest = limits.replica_range(config.min_replicas)[0]
    needed = max(fewest, 1, _replicas_for(figures.week))
    if needed >= config.min_replicas:
        return None
    target = config.model_copy(update={"min_replicas": needed})
    return Advice(AdviceKind.FEWER_REPLICAS, figures, needed, target)


def _replicas_for(window: Window) -> int:
    return ceil(round((window.busy_replicas or 0.0) / REPLICAS_TARGET, 3))


def _needed_gb(figures: Figures) -> int:
    """Memory per replica by the rule: the larger of both windows."""
    factor = AFTER_FAILURE if figures.failures else None
    return max(_gb_of(window, factor) for window in (figures.short, figures.long))


def _gb_of(window: Window, factor: float | None) -> int:
    """What memory and CPU of a window need, the larger of the two, in Cloud's steps."""
    by_memory = (window.highest_gb or 0) * (factor or (SPIKY if window.is_spiky else STEADY))
    needed = max(by_memory, _gb_by_cpu(window))
    return max(LEAST_MEMORY_GB, ceil(round(needed / MEMORY_STEP_GB, 3)) * MEMORY_STEP_GB)


def _gb_by_cpu(window: Window) -> float:
    share = window.cpu_share
    if share is None or window.busy_cores is None or _is_uneven(window):
        return 0.0
    if CPU_LOW <= share <= CPU_HIGH:
        return window.total_gb or 0.0
    return window.busy_cores / CPU_TARGET * GB_PER_CORE


def _next_choice(needed: int, limits: Limits, current: int) -> int | None:
    fitting = (choice for choice in limits.memory_choices(current) if choice >= needed)
    return next(fitting, None)


def _is_within(target: ScalingConfig, config: ScalingConfig, limits: Limits) -> bool:
    most_gb = limits.most_total_gb(config)
    is_small_enough = most_gb is None or target.max_total_gb <= most_gb
    return is_small_enough and not limits.is_too_costly(target, config)


def _is_above(value: float | None, threshold: float) -> bool:
    return value is not None and value > threshold
