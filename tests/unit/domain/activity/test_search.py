"""What the values of an address ask for in the activity."""

from datetime import UTC, datetime

import pytest

from app.domain.activity.search import (
    LONGEST_USER,
    ActivitySearch,
    check_activity_search,
    cursor_text,
    parse_activity_search,
)
from app.errors import BrokenRules

GROUPS = ["a-group"]


def test_values_that_nobody_can_choose_leave_nothing_out() -> None:
    odd = {"group": "another", "action": "x", "outcome": "<b>", "days": "31", "before": "x"}
    assert parse_activity_search(odd, GROUPS) == ActivitySearch()


def test_what_was_asked_for_can_be_asked_for_again() -> None:
    asked = {"group": "a-group", "user": " bob ", "action": "stop", "outcome": "done", "days": "7"}
    search = parse_activity_search(asked, GROUPS)
    assert search.values == asked | {"user": "bob"}
    assert parse_activity_search(search.values, GROUPS) == search
    assert ActivitySearch().values == {}


def test_a_cursor_survives_an_address_to_the_microsecond() -> None:
    cursor = (datetime(2026, 11, 26, 12, 0, 0, 123456, UTC), "cABCD-2345")
    assert parse_activity_search({"before": cursor_text(cursor)}, GROUPS).before == cursor


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1-x", f"{10**16}-x", "x-1", "1-a b", "\N{ARABIC-INDIC DIGIT ONE}-x"]
)
def test_a_cursor_that_is_none_begins_at_the_newest(text: str) -> None:
    assert parse_activity_search({"before": text}, GROUPS).before is None


def test_a_program_is_told_of_every_value_that_nobody_can_choose() -> None:
    odd = {
        "group": "another",
        "user": " ",
        "action": "x",
        "outcome": "",
        "days": "31",
        "before": "",
    }
    with pytest.raises(BrokenRules) as refused:
        check_activity_search(odd, GROUPS)
    assert {item.field: item.code for item in refused.value.problems} == {
        "group": "group_unknown",
        "user": "required",
        "action": "choice_unknown",
        "outcome": "choice_unknown",
        "days": "choice_unknown",
        "before": "cursor_unknown",
    }
    assert "1, 7, 30, 90" in refused.value.problems[3].message


def test_a_program_may_ask_for_what_can_be_asked_for_and_for_nothing() -> None:
    check_activity_search({}, GROUPS)
    check_activity_search({"user": "u" * LONGEST_USER, "days": "90", "group": "a-group"}, GROUPS)
    with pytest.raises(BrokenRules) as refused:
        check_activity_search({"user": "u" * (LONGEST_USER + 1)}, GROUPS)
    assert [item.code for item in refused.value.problems] == ["name_too_long"]
