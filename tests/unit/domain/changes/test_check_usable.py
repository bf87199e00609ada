"""What is wrong with the fields of a request that are right by themselves, where others are not."""

from typing import Any

import pytest

from app.domain.changes.rules import check_request, in_order, usable_request
from app.domain.changes.scaling_request import ScalingRequest, parse_request
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.errors import BrokenRules
from tests.unit.builders import HORIZONTAL, VERTICAL

TIGHT = Limits(max_replicas=4, may_disable_idling=False, max_total_gb=32, is_reason_required=True)


def codes(values: dict[str, Any], current: ScalingConfig = VERTICAL) -> list[str]:
    """“field: code” of everything that is found."""
    with pytest.raises(BrokenRules) as caught:
        parse_request(values)
    problems = caught.value.problems
    faulty = {item.field for item in problems}
    request = usable_request(ScalingRequest, values, problems, current)
    more = check_request(request, current, TIGHT, faulty) if request else ()
    return [f"{item.field}: {item.code}" for item in in_order((*problems, *more))]


def test_every_field_is_judged_as_far_as_it_can_be_in_the_order_of_the_fields() -> None:
    values = {"min_memory_gb": "x", "max_memory_gb": 20, "num_replicas": 9, "idle_scaling": False}
    assert codes(values) == [
        "min_memory_gb: not_a_whole_number",
        "max_memory_gb: memory_not_offered",
        "num_replicas: replicas_out_of_range",
        "idle_scaling: idling_must_stay_on",
        "reason: reason_needed",
    ]


def test_a_field_that_is_wrong_by_itself_is_told_once() -> None:
    values = {"min_memory_gb": 8, "max_memory_gb": 8, "reason": "\x1b", "more": 1}
    assert codes(values) == ["reason: reason_control_characters", "more: unknown_field"]


def test_sums_with_a_field_that_is_wrong_are_left_alone() -> None:
    values = {"min_memory_gb": 236, "max_memory_gb": 236, "num_replicas": "x", "reason": "r"}
    assert codes(values) == ["num_replicas: not_a_whole_number"]


def test_a_sum_of_fields_that_are_right_is_judged_whatever_else_is_wrong() -> None:
    values = {"min_memory_gb": 16, "max_memory_gb": 64, "num_replicas": 4}
    assert codes({**values, "idle_timeout_minutes": "x", "reason": "r"}) == [
        "max_memory_gb: total_too_large",
        "idle_timeout_minutes: not_a_whole_number",
    ]


def test_fields_that_only_together_are_wrong_are_left_alone() -> None:
    values = {"min_memory_gb": "x", "max_memory_gb": 20, "min_replicas": 3, "max_replicas": None}
    assert codes(values) == [
        "min_memory_gb: not_a_whole_number",
        "max_replicas: replicas_both_needed",
    ]


def test_one_memory_that_is_wrong_does_not_make_the_other_unequal() -> None:
    values = {"min_memory_gb": 33, "max_memory_gb": 64, "reason": "r"}
    assert codes(values, HORIZONTAL) == ["min_memory_gb: memory_not_multiple"]
