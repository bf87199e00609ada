"""The rules about a request: every code, and exactly the problems that there are."""

import ast
import string
from pathlib import Path
from typing import Any

import pytest

import app
from app.domain.changes.rules import check_request
from app.domain.changes.scaling_request import ScalingRequest, parse_request, request_for
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.messages import MESSAGES, problem
from app.errors import BrokenRules
from tests.unit.builders import HORIZONTAL, VERTICAL, changed

GOOD: dict[str, Any] = {"min_memory_gb": 16, "max_memory_gb": 32}
PACKAGE = Path(app.__file__).parent


def problems_of(values: dict[str, Any]) -> set[tuple[str, str]]:
    """Field and code of everything that is wrong with the values by themselves."""
    try:
        parse_request(values)
    except BrokenRules as broken:
        problems = broken.problems
    else:
        return set()
    found = {(item.field, item.code) for item in problems}
    assert 0 < len(found) == len(problems)  # nothing is said twice
    return found


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, set()),
        ({"min_memory_gb": 4}, {("min_memory_gb", "memory_out_of_range")}),
        ({"max_memory_gb": 360}, {("max_memory_gb", "memory_out_of_range")}),
        ({"max_memory_gb": -(10**400)}, {("max_memory_gb", "memory_out_of_range")}),
        ({"min_memory_gb": 18}, {("min_memory_gb", "memory_not_multiple")}),
        ({"max_memory_gb": 12}, {("max_memory_gb", "memory_min_above_max")}),
        ({"max_memory_gb": 16}, set()),
        ({"num_replicas": 3, "min_replicas": 3}, {("min_replicas", "replicas_not_both_ways")}),
        ({"num_replicas": 3, "max_replicas": 3}, {("max_replicas", "replicas_not_both_ways")}),
        ({"num_replicas": 3, "min_replicas": 2, "max_replicas": 4}, {
            ("min_replicas", "replicas_not_both_ways"),
            ("max_replicas", "replicas_not_both_ways"),
        }),
        ({"min_replicas": 3}, {("max_replicas", "replicas_both_needed")}),
        ({"max_replicas": 3}, {("max_replicas", "replicas_both_needed")}),
        ({"min_replicas": 4, "max_replicas": 3}, {("max_replicas", "replicas_min_above_max")}),
        ({"min_replicas": 3, "max_replicas": 3}, set()),
        ({"reason": "x" * 501}, {("reason", "reason_too_long")}),
        ({"reason": f"  {'x' * 500}  "}, set()),
        ({"reason": "line\nline"}, set()),
        ({"reason": "line\r\nline"}, set()),
        ({"reason": "line\rline"}, {("reason", "reason_control_characters")}),
        ({"reason": "tab\tbed"}, {("reason", "reason_control_characters")}),
        ({"reason": "esc\x1b[31m"}, {("reason", "reason_control_characters")}),
        ({"reason": "turned\u202eround"}, {("reason", "reason_control_characters")}),
        ({"reason": "half\ud800"}, {("reason", "reason_control_characters")}),
        ({"tier": "production"}, {("tier", "unknown_field")}),
        ({"ipAccessList": []}, {("ipAccessList", "unknown_field")}),
        ({"min_memory_gb": 18, "max_memory_gb": 4, "num_replicas": "x", "reason": 5}, {
            ("min_memory_gb", "memory_not_multiple"),
            ("max_memory_gb", "memory_out_of_range"),
            ("num_replicas", "not_a_whole_number"),
            ("reason", "not_text"),
        }),
    ],
)  # fmt: skip
def test_a_request_has_exactly_these_problems(
    values: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    assert problems_of(GOOD | values) == expected


def test_both_memory_values_are_required() -> None:
    assert problems_of({}) == {("min_memory_gb", "required"), ("max_memory_gb", "required")}


@pytest.mark.parametrize(
    "value",
    ["16", "1e2", "٣", " 16 ", "", 16.0, 16.5, float("nan"), float("inf"), True, [], {}, b"8"],
)
@pytest.mark.parametrize("field", ["min_memory_gb", "num_replicas", "idle_timeout_minutes"])
def test_only_a_whole_number_is_a_whole_number(field: str, value: object) -> None:
    assert (field, "not_a_whole_number") in problems_of(GOOD | {field: value})


@pytest.mark.parametrize("value", [0, 1, "on", "true", "", 1.0, []])
def test_only_true_and_false_switch_idling(value: object) -> None:
    assert problems_of(GOOD | {"idle_scaling": value}) == {("idle_scaling", "not_yes_or_no")}


def test_memory_that_must_be_given_cannot_be_given_as_nothing() -> None:
    assert problems_of(GOOD | {"min_memory_gb": None}) == {("min_memory_gb", "not_a_whole_number")}


FORGOTTEN = changed(VERTICAL, idle_scaling=False, idle_timeout_minutes=None)


def request(**values: Any) -> ScalingRequest:  # noqa: ANN401 - any field
    """A request that is right by itself."""
    return parse_request(GOOD | values)


@pytest.mark.parametrize(
    ("values", "current", "limits", "expected"),
    [
        ({}, VERTICAL, Limits(), set()),
        ({"num_replicas": 50}, VERTICAL, Limits(), set()),
        ({"num_replicas": 0}, VERTICAL, Limits(), {("num_replicas", "replicas_out_of_range")}),
        ({"num_replicas": 51}, VERTICAL, Limits(), {("num_replicas", "replicas_out_of_range")}),
        ({"num_replicas": 3}, VERTICAL, Limits(max_replicas=2), set()),  # kept as it is
        ({"min_replicas": 2, "max_replicas": 3}, VERTICAL, Limits(), {
            ("min_replicas", "replicas_fixed_here")
        }),
        ({"min_memory_gb": 20}, VERTICAL, Limits(), {("min_memory_gb", "memory_not_offered")}),
        ({"min_memory_gb": 8, "max_memory_gb": 356}, VERTICAL, Limits(), {
            ("max_memory_gb", "memory_not_offered")
        }),
        ({}, VERTICAL, Limits(memory_choices_gb=(8,)), set()),  # kept as it is
        ({"idle_timeout_minutes": 4}, VERTICAL, Limits(), {
            ("idle_timeout_minutes", "idle_timeout_out_of_range")
        }),
        ({"idle_timeout_minutes": 5}, VERTICAL, Limits(), set()),
        ({"idle_timeout_minutes": 61}, VERTICAL, Limits(max_idle_timeout_minutes=60), {
            ("idle_timeout_minutes", "idle_timeout_out_of_range")
        }),
        ({"idle_timeout_minutes": 15}, VERTICAL, Limits(max_idle_timeout_minutes=10), set()),
        ({"idle_scaling": False, "idle_timeout_minutes": 30}, VERTICAL, Limits(), {
            ("idle_timeout_minutes", "idle_timeout_needs_idling")
        }),
        ({"idle_scaling": False, "idle_timeout_minutes": 15}, VERTICAL, Limits(), set()),
        ({"idle_timeout_minutes": 30}, changed(VERTICAL, idle_scaling=False), Limits(), {
            ("idle_timeout_minutes", "idle_timeout_needs_idling")
        }),
        (
            {"idle_scaling": True, "idle_timeout_minutes": 30},
            changed(VERTICAL, idle_scaling=False),
            Limits(),
            set(),
        ),
        ({"idle_scaling": True}, FORGOTTEN, Limits(), {
            ("idle_timeout_minutes", "idle_timeout_needed")
        }),
        ({"idle_scaling": True, "idle_timeout_minutes": 30}, FORGOTTEN, Limits(), set()),
        ({"idle_scaling": True}, changed(VERTICAL, idle_scaling=False), Limits(), set()),
        ({"num_replicas": 4}, FORGOTTEN, Limits(), set()),
        ({"num_replicas": 4}, changed(VERTICAL, idle_timeout_minutes=None), Limits(), set()),
        ({"min_memory_gb": 32, "min_replicas": 2, "max_replicas": 8}, HORIZONTAL, Limits(), set()),
        ({"min_replicas": 2, "max_replicas": 8}, changed(HORIZONTAL, min_memory_gb=16), Limits(),
         set()),  # kept as it is stored
        ({"max_memory_gb": 64}, changed(HORIZONTAL, min_memory_gb=16), Limits(), {
            ("max_memory_gb", "memory_must_be_fixed")
        }),
        ({}, HORIZONTAL, Limits(), {("max_memory_gb", "memory_must_be_fixed")}),
        ({"min_memory_gb": 32, "num_replicas": 3}, HORIZONTAL, Limits(), {
            ("num_replicas", "replicas_range_here")
        }),
        ({"min_memory_gb": 32, "min_replicas": 0, "max_replicas": 51}, HORIZONTAL, Limits(), {
            ("min_replicas", "replicas_out_of_range"), ("max_replicas", "replicas_out_of_range")
        }),
        ({}, VERTICAL, Limits(is_reason_required=True), {("reason", "reason_needed")}),
        ({"reason": " \n"}, VERTICAL, Limits(is_reason_required=True), {
            ("reason", "reason_needed")
        }),
        ({"reason": "month end"}, VERTICAL, Limits(is_reason_required=True), set()),
        ({"min_memory_gb": 20, "num_replicas": 60, "idle_timeout_minutes": 1}, VERTICAL,
         Limits(is_reason_required=True), {
            ("min_memory_gb", "memory_not_offered"),
            ("num_replicas", "replicas_out_of_range"),
            ("idle_timeout_minutes", "idle_timeout_out_of_range"),
            ("reason", "reason_needed"),
        }),
    ],
)  # fmt: skip
def test_a_request_breaks_exactly_these_rules_of_the_group(
    values: dict[str, Any],
    current: ScalingConfig,
    limits: Limits,
    expected: set[tuple[str, str]],
) -> None:
    problems = check_request(request(**values), current, limits)
    assert {(item.field, item.code) for item in problems} == expected
    assert len(problems) == len(expected)


def test_the_sentence_names_the_figures_of_the_rule() -> None:
    limits = Limits(min_replicas=2, max_replicas=7, max_idle_timeout_minutes=90)
    values = {"min_memory_gb": 12, "num_replicas": 8, "idle_timeout_minutes": 91}
    problems = check_request(request(**values), VERTICAL, limits)
    assert [item.message for item in problems] == [
        "The number of replicas must be between 2 and 7",
        "The idle timeout must be between 5 and 90 minutes",
    ]
    with pytest.raises(BrokenRules) as caught:
        parse_request({"min_memory_gb": 64, "max_memory_gb": 18})
    assert caught.value.problems[0].message == "Memory must be a multiple of 4 GB"


def test_what_a_request_leaves_out_stays_as_it_is() -> None:
    assert request().applied_to(VERTICAL) == VERTICAL
    assert request(num_replicas=5).applied_to(VERTICAL) == changed(
        VERTICAL, min_replicas=5, max_replicas=5
    )
    wide = request(min_replicas=1, max_replicas=9, idle_scaling=False).applied_to(HORIZONTAL)
    assert (wide.min_replicas, wide.max_replicas, wide.idle_scaling) == (1, 9, False)


@pytest.mark.parametrize("target", [VERTICAL, HORIZONTAL])
def test_the_request_for_a_whole_configuration_leads_to_it(target: ScalingConfig) -> None:
    other = changed(target, min_memory_gb=8, max_memory_gb=8, idle_scaling=False)
    assert request_for(target, reason="why").applied_to(other) == target


def test_every_rule_that_the_code_names_has_its_sentence_and_every_sentence_is_used() -> None:
    named = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "messages.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(MESSAGES) <= named
    asked = {code for path in PACKAGE.rglob("*.py") for code in _codes_asked_for(path)}
    assert asked <= set(MESSAGES)
    assert len(asked) > 10


def _codes_asked_for(path: Path) -> set[str]:
    """The codes written out in calls of `problem(field, code)` and `_broken(code)`."""
    places = {"problem": 1, "_broken": 0}
    calls = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in places
        for argument in call.args[places[call.func.id] : places[call.func.id] + 1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


@pytest.mark.parametrize("code", MESSAGES)
def test_a_sentence_reads_as_one(code: str) -> None:
    figures = {name for _, name, _, _ in string.Formatter().parse(MESSAGES[code]) if name}
    text = problem("field", code, **dict.fromkeys(figures, 7)).message
    assert text[0].isupper()
    assert not text.endswith(".")  # it stands beside a field and in a list
    assert "{" not in text


def test_a_code_without_a_sentence_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("field", "no_such_rule")


def test_every_field_that_is_insisted_on_and_missing_has_its_problem() -> None:
    with pytest.raises(BrokenRules) as caught:
        parse_request({"min_memory_gb": 8}, required=("max_memory_gb", "num_replicas"))
    assert [(item.field, item.code) for item in caught.value.problems] == [
        ("max_memory_gb", "required"),
        ("num_replicas", "required"),
    ]
