"""What the values of an address ask for in the activity."""

from datetime import UTC, datetime

import pytest

from app.domain.activity.search import ActivitySearch, cursor_text, parse_activity_search

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
