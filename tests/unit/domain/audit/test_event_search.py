"""What the values of a search in the audit log mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.audit.event_search import EVERYTHING, EventFilter, parse_search

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_begin_and_end_in_the_time_zone() -> None:
    search = parse_search({"from": "2026-03-28", "to": "2026-03-29"}, BERLIN)
    assert search.wanted.since == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert search.wanted.until == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert search.problems == ()


def test_every_value_narrows_the_search() -> None:
    given = {
        "kind": "sys_startup",
        "user": " alice ",
        "result": "fail",
        "before": "7",
        "other": "1",
    }
    search = parse_search(given, BERLIN, "service-1")
    assert search.wanted == EventFilter("service-1", "sys_startup", "alice", "fail")
    assert search.before == 7
    assert search.values == {"kind": "sys_startup", "user": "alice", "result": "fail"}


@pytest.mark.parametrize(
    "given", [{}, {"kind": "nonsense", "result": "nonsense"}, {"user": "  "}, {"before": "-1"}]
)
def test_what_means_nothing_leaves_nothing_out(given: dict[str, str]) -> None:
    search = parse_search(given, BERLIN)
    assert (search.wanted, search.before, search.problems) == (EVERYTHING, None, ())


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", "9999-12-31"])
def test_each_day_that_is_none_is_a_problem_of_its_field(day: str) -> None:
    search = parse_search({"from": "yesterday", "to": day}, BERLIN)
    assert [(item.field, item.code) for item in search.problems] == [
        ("from", "not_a_day"),
        ("to", "not_a_day"),
    ]
    assert search.wanted == EVERYTHING
