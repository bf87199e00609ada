"""What passes the rules is inside the limits, or nearer to them than what was configured."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import parse_request, request_for
from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import HORIZONTAL, VERTICAL, changed, replicas
from tests.unit.limit_cases import MODERATE, Case, broken_bounds, cases, configurations, limits

PRICE = Price(Decimal("0.40"), "USD", date(2026, 11, 1))
AWAKE = changed(VERTICAL, idle_scaling=False)
RANGE = changed(HORIZONTAL, min_replicas=3, max_replicas=9)


# ASVS 2.2.1, 2.2.3
def test_exactly_what_is_inside_the_limits_or_inward_of_where_it_was_passes() -> None:
    seen: Counter[str] = Counter()

    @MODERATE
    @given(case=cases())
    def check_case(case: Case) -> None:
        target = case.request.applied_to(case.current)
        broken = list(broken_bounds(case.current, target, case.limits))
        problems = check_request(case.request, case.current, case.limits)
        assert bool(problems) == bool(broken), (broken, problems)
        seen.update(broken or (["passes"] if target != case.current else []))

    check_case()
    # The random cases break every bound, and pass as well.
    sides = {f"{end}_{what}" for end in ("min", "max") for what in ("memory_gb", "replicas")}
    assert set(seen) == sides | {"total", "cost", "idling", "idle timeout", "passes"}
    assert min(seen.values()) >= 3, seen


@settings(MODERATE, max_examples=60)
@given(current=configurations(), bounds=limits())
def test_what_is_configured_already_may_always_be_kept(
    current: ScalingConfig, bounds: Limits
) -> None:
    assert check_request(request_for(current, reason=""), current, bounds) == ()


def codes(current: ScalingConfig, limits: Limits, **asked: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any field
    """Field and code of each problem with a request that keeps everything else."""
    kept = {"min_memory_gb": current.min_memory_gb, "max_memory_gb": current.max_memory_gb}
    problems = check_request(parse_request({**kept, **asked}), current, limits)
    return [(item.field, item.code) for item in problems]


SMALL = Limits(memory_choices_gb=(8, 16, 32))
HUGE = changed(VERTICAL, max_memory_gb=236)


def test_a_size_outside_the_choices_may_stay_where_it_is_and_go_nowhere_else() -> None:
    assert codes(HUGE, SMALL, num_replicas=2) == []
    assert codes(HUGE, SMALL, max_memory_gb=32) == []
    assert codes(HUGE, SMALL, max_memory_gb=120) == [("max_memory_gb", "memory_not_offered")]
    assert codes(HUGE, SMALL, min_memory_gb=236) == [("min_memory_gb", "memory_not_offered")]


COUNTED = Limits(min_replicas=3, max_replicas=5)


@pytest.mark.parametrize(
    ("current", "asked", "passes"),
    [
        (replicas(4), 5, True),
        (replicas(4), 6, False),
        (replicas(4), 2, False),
        (replicas(9), 9, True),
        (replicas(9), 8, True),
        (replicas(9), 10, False),
        (replicas(9), 2, False),
        (replicas(1), 2, True),
        (replicas(2), 1, False),
    ],
)
def test_replicas_stay_in_their_range_or_come_nearer(
    current: ScalingConfig, asked: int, *, passes: bool
) -> None:
    expected = [] if passes else [("num_replicas", "replicas_out_of_range")]
    assert codes(current, COUNTED, num_replicas=asked) == expected


def test_the_two_ends_of_a_range_are_bounded_each_by_itself() -> None:
    assert codes(RANGE, COUNTED, min_replicas=5, max_replicas=9) == []
    # The most stands outside already, which does not let the fewest follow it there.
    both = codes(RANGE, COUNTED, min_replicas=9, max_replicas=10)
    assert both == [
        ("min_replicas", "replicas_out_of_range"),
        ("max_replicas", "replicas_out_of_range"),
    ]


TOTAL = Limits(max_total_gb=96)


@pytest.mark.parametrize(
    ("current", "asked", "passes"),
    [
        (replicas(2), 3, True),
        (replicas(2), 4, False),
        (replicas(6), 6, True),
        (replicas(6), 5, True),
        (replicas(6), 7, False),
    ],
)
def test_the_total_stays_within_its_bound_or_shrinks(
    current: ScalingConfig, asked: int, *, passes: bool
) -> None:
    costly = Limits(price=PRICE, max_cost_per_hour=Decimal("4.80"))  # 96 GB
    total, cost = ("max_memory_gb", "total_too_large"), ("max_memory_gb", "cost_too_high")
    assert codes(current, TOTAL, num_replicas=asked) == ([] if passes else [total])
    assert codes(current, costly, num_replicas=asked) == ([] if passes else [cost])


def test_a_total_beside_figures_that_are_wrong_by_themselves_is_not_said() -> None:
    said = codes(VERTICAL, replace(TOTAL, max_replicas=4), num_replicas=20)
    assert said == [("num_replicas", "replicas_out_of_range")]


MINUTES = Limits(min_idle_timeout_minutes=10, max_idle_timeout_minutes=60)


@pytest.mark.parametrize(
    ("now", "asked", "passes"),
    [
        (15, 60, True),
        (15, 61, False),
        (15, 9, False),
        (90, 90, True),
        (90, 89, True),
        (90, 91, False),
        (5, 6, True),
        (6, 5, False),
        (None, 30, True),
        (None, 90, False),
    ],
)
def test_the_idle_timeout_stays_in_its_range_or_comes_nearer(
    now: int | None, asked: int, *, passes: bool
) -> None:
    current = changed(VERTICAL, idle_timeout_minutes=now)
    expected = [] if passes else [("idle_timeout_minutes", "idle_timeout_out_of_range")]
    assert codes(current, MINUTES, idle_timeout_minutes=asked) == expected


def test_idling_that_must_stay_on_cannot_be_switched_off_and_can_be_switched_on() -> None:
    must_idle = Limits(may_disable_idling=False)
    refused = [("idle_scaling", "idling_must_stay_on")]
    assert codes(VERTICAL, must_idle, idle_scaling=False) == refused
    assert codes(AWAKE, must_idle, idle_scaling=False) == []
    assert codes(AWAKE, must_idle, idle_scaling=True) == []
    assert codes(VERTICAL, Limits(), idle_scaling=False) == []


def test_every_sentence_about_a_limit_gives_the_figure_of_the_limit() -> None:
    bounds = Limits(max_replicas=4, max_idle_timeout_minutes=60, memory_choices_gb=(16, 32))
    asked = {"min_memory_gb": 16, "max_memory_gb": 64, "num_replicas": 5}
    request = parse_request({**asked, "idle_timeout_minutes": 61})
    said = [item.message for item in check_request(request, VERTICAL, bounds)]
    assert said == [
        "Choose one of the memory sizes offered: 16, 32 GB",
        "The number of replicas must be between 1 and 4",
        "The idle timeout must be between 5 and 60 minutes",
    ]
    (total,) = check_request(
        parse_request({**asked, "num_replicas": 3}), VERTICAL, Limits(max_total_gb=100)
    )
    assert total.message == "Total memory would be 192 GB; the limit for this group is 100 GB"
