"""The rules about a request that need the group: its mode, its limits, what is configured.

One function for pages, programs and every later way in. What is outside the limits already may
be kept or moved inward, never further out.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from app.domain.changes.change import Change
from app.domain.changes.scaling_request import ScalingRequest, parse_as
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.messages import problem
from app.errors import BrokenRules, Problem

MEMORY_FIELDS = ("min_memory_gb", "max_memory_gb")
REPLICA_FIELDS = ("num_replicas", "min_replicas", "max_replicas")
SIZE_FIELDS = (*MEMORY_FIELDS, *REPLICA_FIELDS)
R = TypeVar("R", bound=ScalingRequest)


def check_request(
    request: ScalingRequest,
    current: ScalingConfig,
    limits: Limits,
    faulty: Collection[str] = (),
) -> tuple[Problem, ...]:
    """All broken rules, in the order of the fields.

    `faulty` are fields that are wrong by themselves, and stand in `request` with other values:
    they are judged no further, and neither is a total that one of them is part of.
    """
    found = _check_fields(request, current, limits)
    broken = tuple(item for item in found if item.field not in faulty)
    # A total of figures that are wrong one by one would only confuse.
    if is_any_of(SIZE_FIELDS, broken, faulty):
        return broken
    return in_order((*broken, *_check_total(request, current, limits)))


def is_any_of(fields: Collection[str], broken: Iterable[Problem], faulty: Collection[str]) -> bool:
    """Whether one of these fields is wrong."""
    return any(name in fields for name in (*faulty, *(item.field for item in broken)))


def usable_request(
    kind: type[R],
    values: Mapping[str, Any],
    problems: tuple[Problem, ...],
    current: ScalingConfig,
) -> R | None:
    """A request of those fields that are right by themselves; None where that is none.

    `problems` are what is wrong with `values` by themselves.
    """
    faulty = {item.field for item in problems}
    usable = {
        name: value
        for name, value in values.items()
        if name in kind.model_fields and name not in faulty and value is not None
    }
    # Both are always asked for: one that is wrong is judged as if it were like the other.
    for name, other in (MEMORY_FIELDS, MEMORY_FIELDS[::-1]):
        usable.setdefault(name, usable.get(other, current.max_memory_gb))
    try:
        return parse_as(kind, usable)
    except BrokenRules:  # two fields that only together are wrong
        return None


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """In the order of the fields of a request; those of no field come last."""
    return tuple(sorted(problems, key=_place))


def _place(item: Problem) -> int:
    names = list(ScalingRequest.model_fields)
    return names.index(item.field) if item.field in names else len(names)


def _check_fields(
    request: ScalingRequest, current: ScalingConfig, limits: Limits
) -> tuple[Problem, ...]:
    return (
        *_check_mode(request, current),
        *_check_memory(request, current, limits),
        *_check_replicas(request, current, limits),
        *_check_idling(request, current, limits),
        *check_reason(request.reason, limits),
    )


def _check_mode(request: ScalingRequest, current: ScalingConfig) -> list[Problem]:
    if current.mode is ScalingMode.VERTICAL:
        has_range = request.min_replicas is not None
        return [problem("min_replicas", "replicas_fixed_here")] if has_range else []
    problems = []
    if request.num_replicas is not None:
        problems.append(problem("num_replicas", "replicas_range_here"))
    asked = (request.min_memory_gb, request.max_memory_gb)
    # Two sizes that are stored from before may be kept as they are.
    if asked[0] != asked[1] and asked != (current.min_memory_gb, current.max_memory_gb):
        problems.append(problem("max_memory_gb", "memory_must_be_fixed"))
    return problems


def _check_memory(request: ScalingRequest, current: ScalingConfig, limits: Limits) -> list[Problem]:
    problems = []
    for field in MEMORY_FIELDS:
        offered = limits.memory_choices(getattr(current, field))
        if getattr(request, field) not in offered:
            text = ", ".join(str(size) for size in offered)
            problems.append(problem(field, "memory_not_offered", offered=text))
    return problems


def _check_replicas(
    request: ScalingRequest, current: ScalingConfig, limits: Limits
) -> list[Problem]:
    problems = []
    for field, now in (
        ("num_replicas", current.max_replicas),
        ("min_replicas", current.min_replicas),
        ("max_replicas", current.max_replicas),
    ):
        value = getattr(request, field)
        least, most = limits.replica_range(now)
        if value is not None and not least <= value <= most:
            problems.append(problem(field, "replicas_out_of_range", least=least, most=most))
    return problems


def _check_idling(request: ScalingRequest, current: ScalingConfig, limits: Limits) -> list[Problem]:
    target = request.applied_to(current)
    problems = []
    if current.idle_scaling and not target.idle_scaling and not limits.may_disable_idling:
        problems.append(problem("idle_scaling", "idling_must_stay_on"))
    return [*problems, *_check_timeout(request.idle_timeout_minutes, target, current, limits)]


def _check_timeout(
    timeout: int | None, target: ScalingConfig, current: ScalingConfig, limits: Limits
) -> list[Problem]:
    field, problems = "idle_timeout_minutes", []
    # Cloud forgets the timeout of a group that no longer idles, and then needs one again.
    if target.idle_scaling and not current.idle_scaling and target.idle_timeout_minutes is None:
        return [problem(field, "idle_timeout_needed")]
    if timeout is None or timeout == current.idle_timeout_minutes:
        return []
    least, most = limits.idle_timeout_range(current.idle_timeout_minutes)
    if not target.idle_scaling:
        problems.append(problem(field, "idle_timeout_needs_idling"))
    elif not least <= timeout <= most:
        problems.append(problem(field, "idle_timeout_out_of_range", least=least, most=most))
    return problems


def asks_for_reason(change: Change, limits: Limits) -> bool:
    """Whether a draft cannot be confirmed before a reason is added."""
    return bool(check_reason(change.reason, limits))


def check_reason(reason: str, limits: Limits) -> list[Problem]:
    """Whether the owners want a reason, for whatever is done to the group, and there is none."""
    is_missing = limits.is_reason_required and not reason
    return [problem("reason", "reason_needed")] if is_missing else []


def _check_total(request: ScalingRequest, current: ScalingConfig, limits: Limits) -> list[Problem]:
    target = request.applied_to(current)
    most_gb = limits.most_total_gb(current)
    field = "max_memory_gb"
    problems = []
    if most_gb is not None and target.max_total_gb > most_gb:
        total = target.max_total_gb
        problems.append(problem(field, "total_too_large", total=total, most=most_gb))
    if limits.price and limits.is_too_costly(target, current):
        price, most = limits.price, limits.max_cost_per_hour
        cost = price.per_hour(target.max_total_gb)
        problems.append(
            problem(field, "cost_too_high", cost=cost, most=most, currency=price.currency)
        )
    return problems
