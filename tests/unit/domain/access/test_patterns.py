"""Patterns of names: `*` stands for any characters."""

import time

import pytest

from app.domain.access.permissions import AccessRule, Identity, Permission, fits_pattern
from tests.unit.builders import make_catalog, subjects_of

RULE = AccessRule(
    frozenset({"alice"}),
    frozenset(),
    frozenset({Permission.VIEW}),
    source="somewhere",
    user_patterns=frozenset({"*@example.com"}),
)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("dana@example.com", "*@example.com"),
        ("@example.com", "*@example.com"),
        ("etl_1", "etl_*"),
        ("anything", "*"),
        ("", "*"),
        ("a-b-c", "a*b*c"),
        ("abab", "ab*ab"),
        ("a.b", "a.*"),
        ("*@example.com", "*@example.com"),
        ("plain", "plain"),
    ],
)
def test_a_name_that_fits(name: str, pattern: str) -> None:
    assert fits_pattern(name, pattern)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("dana@example.com.evil.org", "*@example.com"),
        ("dana@EXAMPLE.com", "*@example.com"),
        ("dana@example.com\n", "*@example.com"),
        ("aba", "ab*ba"),
        ("acb", "a*b*c"),
        ("axb", "a.*"),
        ("x", "[x]*"),
        ("plains", "plain"),
    ],
)
def test_a_name_that_does_not_fit(name: str, pattern: str) -> None:
    assert not fits_pattern(name, pattern)


def test_no_pattern_takes_long() -> None:
    began = time.process_time()
    assert not fits_pattern("a" * 256, "*a" * 120 + "*b")
    assert time.process_time() - began < 0.1


def test_a_rule_covers_whoever_fits_its_pattern() -> None:
    assert RULE.covers(Identity("analytics", "dana@example.com", frozenset()))
    assert not RULE.covers(Identity("analytics", "dana", frozenset()))


def test_the_administrator_sees_a_pattern_as_somebody() -> None:
    catalog = make_catalog(rules=(RULE,))
    subjects = {item.label: item for item in subjects_of(catalog)}
    pattern = subjects["everybody named *@example.com"]
    assert pattern.rows[0].cells[0].because == "given to names like *@example.com (somewhere)"
    assert subjects["alice"].rows[0].cells[0].because == "given by name (somewhere)"
