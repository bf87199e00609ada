"""What the values of an address ask for in the activity."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

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


NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
BERLIN = ZoneInfo("Europe/Berlin")


def local(day: int, month: int = 11) -> datetime:
    """Midnight in Berlin."""
    return datetime(2026, month, day, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("asked", "since", "until"),
    [
        ({}, NOW - timedelta(days=30), NOW),
        ({"days": "7", "from": "2026-11-20"}, local(20), NOW),
        ({"from": "2026-10-25", "to": "2026-10-25"}, local(25, 10), local(26, 10) - INSTANT),
        ({"days": "7", "to": "2026-11-10"}, local(4), local(11) - INSTANT),
        # the last day with a 25th hour, and a week with it
        ({"days": "1", "to": "2026-10-25"}, local(25, 10), local(26, 10) - INSTANT),
        ({"days": "7", "to": "2026-10-25"}, local(19, 10), local(26, 10) - INSTANT),
        ({"days": "1", "to": "2026-03-29"}, local(29, 3), local(30, 3) - INSTANT),
        ({"to": "2026-12-24"}, NOW - timedelta(days=30), NOW),
        ({"to": "9999-12-31"}, NOW - timedelta(days=30), NOW),
    ],
)
def test_days_are_those_of_the_zone_and_the_first_one_wins_over_the_period(
    asked: dict[str, str], since: datetime, until: datetime
) -> None:
    search = parse_activity_search(asked, GROUPS)
    assert search.values == {name: value for name, value in asked.items() if value != "30"}
    assert search.period(BERLIN, NOW) == (since, until)


def test_days_of_any_year_have_a_period() -> None:
    for day in ("0001-01-01", "9999-12-31"):
        parse_activity_search({"from": day, "to": day}, GROUPS).period(BERLIN, NOW)


@pytest.mark.parametrize("text", ["2026-02-30", "22.11.2026", "20261122", "x"])
def test_what_is_no_day_is_told_and_leaves_nothing_out(text: str) -> None:
    search = parse_activity_search({"from": text}, GROUPS)
    assert [(item.field, item.code) for item in search.problems] == [("from", "not_a_day")]
    assert search.values == {}
    with pytest.raises(BrokenRules) as refused:
        check_activity_search({"to": text}, GROUPS)
    assert [(item.field, item.code) for item in refused.value.problems] == [("to", "not_a_day")]
