"""Whatever is asked, only what Cloud accepts can reach it.

`refusal` says Cloud's rules once more, from its reference and not from our code; the second
test asks the sandbox's own implementation of them.
"""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import ScalingRequest, parse_request, request_for
from app.domain.groups.limits import DEFAULT_MEMORY_CHOICES_GB, Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode, has_taken, patch_between
from app.errors import BrokenRules
from app.sandbox.cloud.service.scaling import Rules, Scaling, change_scaling

MODERATE = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
ALLOWED = {
    "minReplicaMemoryGb",
    "maxReplicaMemoryGb",
    "numReplicas",
    "minReplicas",
    "maxReplicas",
    "idleScaling",
    "idleTimeoutMinutes",
}
SIZES = st.integers(2, 89).map(lambda steps: steps * 4)
COUNTS = st.integers(1, 20)
TIMEOUTS = st.none() | st.integers(5, 20_000)


@st.composite
def configurations(draw: st.DrawFn) -> ScalingConfig:
    """Anything that Cloud can have accepted earlier."""
    mode = draw(st.sampled_from(ScalingMode))
    is_vertical = mode is ScalingMode.VERTICAL
    memory = sorted([draw(SIZES), draw(SIZES)])
    replicas = sorted([draw(COUNTS), draw(COUNTS)])
    return ScalingConfig(
        mode=mode,
        min_memory_gb=memory[0],
        max_memory_gb=memory[1] if is_vertical else memory[0],
        min_replicas=replicas[0],
        max_replicas=replicas[0] if is_vertical else replicas[1],
        idle_scaling=draw(st.booleans()),
        idle_timeout_minutes=draw(TIMEOUTS),
    )


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    """Anything that owners can set."""
    replicas = sorted([draw(COUNTS), draw(COUNTS)])
    return Limits(
        memory_choices_gb=draw(st.just(DEFAULT_MEMORY_CHOICES_GB) | st.tuples(SIZES, SIZES)),
        min_replicas=replicas[0],
        max_replicas=replicas[1],
        max_idle_timeout_minutes=draw(st.integers(5, 20_000)),
        is_reason_required=draw(st.booleans()),
    )


NONSENSE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["16", "1e2", "٣", " 16 ", 16.0, 16.5, [], {}, 10**400]),
)


@st.composite
def asked_values(draw: st.DrawFn, current: ScalingConfig) -> dict[str, Any]:
    """Something asked: mostly what somebody could mean, at times a field of any type."""
    sizes = st.sampled_from([*DEFAULT_MEMORY_CHOICES_GB, current.max_memory_gb]) | SIZES
    low = draw(sizes)
    values: dict[str, Any] = {
        "min_memory_gb": low,
        "max_memory_gb": draw(st.sampled_from([low, low, draw(sizes)])),
    }
    if draw(st.booleans()):
        values["num_replicas"] = draw(COUNTS | st.integers(-2, 25))
    if draw(st.booleans()):
        values["min_replicas"] = draw(COUNTS)
        values["max_replicas"] = draw(COUNTS | st.integers(-2, 25))
    if draw(st.booleans()):
        values["idle_scaling"] = draw(st.booleans())
    if draw(st.booleans()):
        values["idle_timeout_minutes"] = draw(st.integers(0, 30_000))
    if draw(st.integers(0, 4)) == 0:
        field = st.sampled_from([*ScalingRequest.model_fields, "autoscalingMode", "tier"])
        values[draw(field)] = draw(NONSENSE)
    if draw(st.booleans()):
        values["reason"] = draw(st.text(max_size=20))
    return values


@st.composite
def fitting_values(draw: st.DrawFn, current: ScalingConfig, bounds: Limits) -> dict[str, Any]:
    """Something that the form of this group can ask, so that most of it passes."""
    sizes = st.sampled_from(bounds.memory_choices_gb)
    counts = st.integers(bounds.min_replicas, bounds.max_replicas)
    replicas = sorted([draw(counts), draw(counts)])
    low, high = sorted([draw(sizes), draw(sizes)])
    idles = draw(st.sampled_from([None, True, False]))
    stays_awake = not (current.idle_scaling if idles is None else idles)
    timeouts = st.integers(5, bounds.max_idle_timeout_minutes)
    common = {
        "idle_scaling": idles,
        "idle_timeout_minutes": None if stays_awake else draw(st.none() | timeouts),
        "reason": "because",
    }
    if current.mode is ScalingMode.VERTICAL:
        count = draw(st.sampled_from([None, replicas[0], current.max_replicas]))
        return {**common, "min_memory_gb": low, "max_memory_gb": high, "num_replicas": count}
    fewest, most = draw(
        st.sampled_from([replicas, (current.min_replicas, current.max_replicas), (None, None)])
    )
    pair = {"min_replicas": fewest, "max_replicas": most}
    return {**common, **pair, "min_memory_gb": low, "max_memory_gb": low}


@st.composite
def cases(draw: st.DrawFn) -> tuple[ScalingConfig, Limits, dict[str, Any]]:
    """A group, and something asked of it: fitting, wild, another configuration, or no news."""
    current, bounds = draw(configurations()), draw(limits())
    kind = draw(st.sampled_from(["fitting", "fitting", "wild", "other", "same"]))
    if kind == "fitting":
        values = draw(fitting_values(current, bounds))
    elif kind == "wild":
        values = draw(asked_values(current))
    else:
        target = current if kind == "same" else draw(configurations())
        values = request_for(target, reason="because").model_dump()
    return current, bounds, values


def accepted_patch(
    current: ScalingConfig, bounds: Limits, values: dict[str, Any]
) -> tuple[ScalingConfig, dict[str, int | bool]] | None:
    """The target and what would be sent; None if the rules say no."""
    try:
        request = parse_request(values)
    except BrokenRules:
        event("breaks a rule by itself")
        return None
    if check_request(request, current, bounds):
        event("breaks a rule of the group")
        return None
    target = request.applied_to(current)
    patch = patch_between(current, target)
    event("changes something" if patch else "changes nothing")
    return target, patch


def refusal(mode: str, has: ScalingConfig, body: dict[str, Any]) -> str | None:
    """Why Cloud would refuse the body, from its reference; None if it would not."""
    low = body.get("minReplicaMemoryGb", has.min_memory_gb)
    high = body.get("maxReplicaMemoryGb", has.max_memory_gb)
    pair = [body[name] for name in ("minReplicas", "maxReplicas") if name in body]
    counts = pair + [body[name] for name in ("numReplicas",) if name in body]
    numbers = [value for name, value in body.items() if name != "idleScaling"]
    checks = {
        "a number is no whole number": all(type(value) is int for value in numbers),
        "idling is neither on nor off": type(body.get("idleScaling", True)) is bool,
        "memory is no multiple of 4": low % 4 == 0 == high % 4,
        "memory is out of range": 8 <= low <= high <= 356,
        "memory differs in horizontal mode": mode == "vertical" or low == high,
        "half a pair": len(pair) in {0, 2},
        "a pair upside down": pair == sorted(pair),
        "a pair in vertical mode": mode == "horizontal" or len(set(pair)) < 2,
        "both ways": not ("numReplicas" in body and (pair or mode == "horizontal")),
        "replicas out of range": all(1 <= count <= 20 for count in counts),
        "timeout too short": body.get("idleTimeoutMinutes", 5) >= 5,
    }
    return next((text for text, holds in checks.items() if not holds), None)


# ASVS 2.2.1, 2.2.3
@MODERATE
@given(case=cases())
def test_whatever_passes_the_rules_is_a_patch_that_cloud_accepts(
    case: tuple[ScalingConfig, Limits, dict[str, Any]],
) -> None:
    current, bounds, values = case
    passed = accepted_patch(current, bounds, values)
    if passed is None:
        return
    target, patch = passed
    assert set(patch) <= ALLOWED  # ASVS 8.2.3
    assert refusal(current.mode.value, current, patch) is None
    assert has_taken(target, patch)
    assert (patch == {}) == (target == current)


def as_sandbox(config: ScalingConfig) -> Scaling:
    """The configuration in the sandbox's own words."""
    return Scaling(
        mode=config.mode.value,
        min_memory_gb=config.min_memory_gb,
        max_memory_gb=config.max_memory_gb,
        min_replicas=config.min_replicas,
        max_replicas=config.max_replicas,
        idle_scaling=config.idle_scaling,
        idle_timeout_minutes=config.idle_timeout_minutes or 5,
    )


# ASVS 2.2.1, 2.2.3
@MODERATE
@given(case=cases())
def test_only_valid_combinations_reach_cloud_and_lead_where_they_should(
    case: tuple[ScalingConfig, Limits, dict[str, Any]],
) -> None:
    current, bounds, values = case
    passed = accepted_patch(current, bounds, values)
    if passed is None:
        return
    target, patch = passed
    taken = change_scaling(as_sandbox(current), dict(patch), Rules())  # raises ApiError for a 400
    assert taken == as_sandbox(target)


def test_the_restated_rules_can_say_no() -> None:
    current = ScalingConfig(
        mode=ScalingMode.VERTICAL,
        min_memory_gb=16,
        max_memory_gb=32,
        min_replicas=3,
        max_replicas=3,
        idle_scaling=True,
        idle_timeout_minutes=15,
    )
    bodies: list[dict[str, Any]] = [
        {"minReplicaMemoryGb": 36},
        {"maxReplicaMemoryGb": 360},
        {"minReplicaMemoryGb": 18},
        {"minReplicaMemoryGb": 16.0},
        {"minReplicas": 3},
        {"minReplicas": 3, "maxReplicas": 4},
        {"numReplicas": 3, "minReplicas": 3, "maxReplicas": 3},
        {"numReplicas": 21},
        {"idleTimeoutMinutes": 4},
        {"idleScaling": 1},
    ]
    said = [refusal("vertical", current, body) for body in bodies]
    assert None not in said
    assert refusal("horizontal", current, {}) == "memory differs in horizontal mode"
    assert refusal("vertical", current, {"numReplicas": 4}) is None


def test_the_random_cases_include_enough_of_every_kind() -> None:
    seen: Counter[str] = Counter()

    @MODERATE
    @given(case=cases())
    def check_case(case: tuple[ScalingConfig, Limits, dict[str, Any]]) -> None:
        passed = accepted_patch(*case)
        if passed is None:
            seen["breaks a rule"] += 1
        else:
            seen["changes something" if passed[1] else "changes nothing"] += 1

    check_case()
    assert min(seen[kind] for kind in ("breaks a rule", "changes something")) > 40
    assert seen["changes nothing"] > 10
