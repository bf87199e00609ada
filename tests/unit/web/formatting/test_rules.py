"""Codes of rules in words."""

import pytest

from app.web.formatting.rules import rule_words
from app.web.schedules.wording import show_failure


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("too_many_changes", "Too many changes"),
        ("memory_min_above_max", "Minimum memory above the maximum"),
        ("until_needed", "End of the boost missing"),
    ],
)
def test_a_code_is_told_in_words(code: str, words: str) -> None:
    assert rule_words(code) == words


def test_a_planned_change_that_failed_shows_no_code() -> None:
    assert show_failure("too_many_changes") == "Too many changes"
