"""Random groups, limits and requests, and what limits mean, said without the portal's own code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from app.domain.changes.scaling_request import ScalingRequest, parse_request, request_for
from app.domain.groups.cost import Price
from app.domain.groups.limits import DEFAULT_MEMORY_CHOICES_GB, Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode

MODERATE = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
SIZES = st.sampled_from([*DEFAULT_MEMORY_CHOICES_GB, 20, 24, 48, 96, 356])
COUNTS = st.integers(1, 20)
TIMEOUTS = st.sampled_from([5, 10, 15, 30, 60, 240, 1440, 20_000]) | st.integers(5, 20_000)


@dataclass(frozen=True)
class Case:
    """A group as configured, its limits, and something asked of it."""

    current: ScalingConfig
    limits: Limits
    request: ScalingRequest


@st.composite
def configurations(draw: st.DrawFn) -> ScalingConfig:
    """Anything that Cloud can have accepted earlier, within the limits or not."""
    mode = draw(st.sampled_from(ScalingMode))
    is_vertical = mode is ScalingMode.VERTICAL
    memory = sorted([draw(SIZES), draw(SIZES)])
    counts = sorted([draw(COUNTS), draw(COUNTS)])
    return ScalingConfig(
        mode=mode,
        min_memory_gb=memory[0],
        max_memory_gb=memory[1] if is_vertical else memory[0],
        min_replicas=counts[0],
        max_replicas=counts[0] if is_vertical else counts[1],
        idle_scaling=draw(st.booleans()),
        idle_timeout_minutes=draw(TIMEOUTS),
    )


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    """Anything that owners can set, some of it not set at all; no reason and no pace."""
    sizes = draw(st.sets(SIZES, min_size=1))
    fewest, most = draw(st.just((1, 20)) | _ranges(COUNTS))
    shortest, longest = draw(st.just((5, 20_000)) | _ranges(TIMEOUTS))
    return Limits(
        memory_choices_gb=tuple(sorted(sizes)),
        min_replicas=fewest,
        max_replicas=most,
        max_total_gb=draw(st.none() | st.integers(8, 2000)),
        min_idle_timeout_minutes=shortest,
        max_idle_timeout_minutes=longest,
        may_disable_idling=draw(st.booleans()),
        price=draw(st.none() | st.just(Price(Decimal("0.39"), "USD", date(2026, 11, 1)))),
        max_cost_per_hour=draw(st.none() | st.decimals("0.50", 20, places=2)),
    )


def _ranges(ends: st.SearchStrategy[int]) -> st.SearchStrategy[list[int]]:
    return st.lists(ends, min_size=2, max_size=2).map(sorted)


@st.composite
def requests(draw: st.DrawFn, current: ScalingConfig, bounds: Limits) -> ScalingRequest:
    """One thing asked, or all at once: within the limits, at their edge, or beyond them."""
    kept = request_for(current, reason="").model_dump()
    is_vertical = current.mode is ScalingMode.VERTICAL
    asked = {
        "memory": draw(_memory(current, bounds)),
        "replicas": draw(_replicas(current, bounds)),
        "idling": {"idle_scaling": draw(st.booleans()), "idle_timeout_minutes": None},
        "timeout": {"idle_scaling": True, "idle_timeout_minutes": draw(_timeouts(bounds))},
    }
    topics = draw(st.sets(st.sampled_from(sorted(asked)), min_size=1, max_size=2))
    for topic in sorted(topics):
        kept |= asked[topic]
    if not is_vertical:
        kept["min_memory_gb"] = kept["max_memory_gb"]
    return parse_request(kept)


@st.composite
def _memory(draw: st.DrawFn, current: ScalingConfig, bounds: Limits) -> dict[str, Any]:
    now = (current.min_memory_gb, current.max_memory_gb)
    sizes = st.sampled_from(bounds.memory_choices_gb) | st.sampled_from(now) | SIZES
    low, high = sorted([draw(sizes), draw(sizes)])
    return {"min_memory_gb": low, "max_memory_gb": high}


@st.composite
def _replicas(draw: st.DrawFn, current: ScalingConfig, bounds: Limits) -> dict[str, Any]:
    edges = (bounds.min_replicas, bounds.max_replicas, current.min_replicas, current.max_replicas)
    likely = st.tuples(st.sampled_from(edges), st.sampled_from([0, 0, -1, 1]))
    counts = likely.map(lambda pair: max(1, sum(pair))) | COUNTS
    fewest, most = sorted([draw(counts), draw(counts)])
    if current.mode is ScalingMode.VERTICAL:
        return {"num_replicas": fewest}
    return {"min_replicas": fewest, "max_replicas": most}


def _timeouts(bounds: Limits) -> st.SearchStrategy[int]:
    ends = (bounds.min_idle_timeout_minutes, bounds.max_idle_timeout_minutes)
    return st.sampled_from(ends) | TIMEOUTS


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A group, its limits, and something asked of it."""
    current, bounds = draw(configurations()), draw(limits())
    return Case(current, bounds, draw(requests(current, bounds)))


def broken_bounds(was: ScalingConfig, now: ScalingConfig, bounds: Limits) -> Iterator[str]:
    """Each bound that `now` is outside of without being where it was or nearer than it was."""
    for name in ("min_memory_gb", "max_memory_gb"):
        if getattr(now, name) not in {*bounds.memory_choices_gb, getattr(was, name)}:
            yield name
    for name in ("min_replicas", "max_replicas"):
        ends = (bounds.min_replicas, bounds.max_replicas)
        if is_further_out(getattr(was, name), getattr(now, name), *ends):
            yield name
    yield from _broken_totals(
        was.max_memory_gb * was.max_replicas, now.max_memory_gb * now.max_replicas, bounds
    )
    yield from _broken_idling(was, now, bounds)


def _broken_totals(was_gb: int, now_gb: int, bounds: Limits) -> Iterator[str]:
    if bounds.max_total_gb is not None and now_gb > max(bounds.max_total_gb, was_gb):
        yield "total"
    if bounds.price and bounds.max_cost_per_hour is not None and now_gb > was_gb:
        exact = bounds.price.per_unit_hour * now_gb / 8
        if exact.quantize(Decimal("0.01"), ROUND_HALF_UP) > bounds.max_cost_per_hour:
            yield "cost"


def _broken_idling(was: ScalingConfig, now: ScalingConfig, bounds: Limits) -> Iterator[str]:
    if was.idle_scaling and not now.idle_scaling and not bounds.may_disable_idling:
        yield "idling"
    ends = (bounds.min_idle_timeout_minutes, bounds.max_idle_timeout_minutes)
    then, minutes = was.idle_timeout_minutes, now.idle_timeout_minutes
    if then is not None and minutes is not None and is_further_out(then, minutes, *ends):
        yield "idle timeout"


def is_further_out(was: int, now: int, least: int, most: int) -> bool:
    """Whether a figure is beyond an end of the range, and further beyond it than it was."""
    return now > max(most, was) or now < min(least, was)
