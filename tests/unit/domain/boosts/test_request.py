"""Until when a boost is asked for, and what it may ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.boosts.boost import Boost
from app.domain.boosts.request import (
    MOST_MINUTES,
    BoostEnd,
    BoostRequest,
    check_end,
    check_extension,
    check_upward,
    parse_end,
)
from app.domain.changes.scaling_request import parse_as
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.errors import BrokenRules
from tests.unit.builders import HORIZONTAL, NOW, VERTICAL, changed, make_change

SIZE = {"min_memory_gb": 32, "max_memory_gb": 64}
LIMITS = Limits(boost_max_hours=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def codes_of(values: dict[str, Any]) -> list[str]:
    """What is wrong with these values by themselves."""
    try:
        parse_as(BoostRequest, {**SIZE, **values})
    except BrokenRules as broken:
        return [item.code for item in broken.problems]
    return []


def code_of_end(**values: Any) -> str:  # noqa: ANN401 - of any type
    """What is wrong with this end under the limits."""
    return ",".join(item.code for item in check_end(parse_end(values), LIMITS, NOW))


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ({"minutes": 1}, NOW + timedelta(minutes=1)),
        ({"minutes": 480}, NOW + timedelta(hours=8)),
        ({"until": "2026-03-04T13:30:00Z"}, NOW + timedelta(minutes=90)),
        ({"until": "2026-03-04T13:30:00+00:00"}, NOW + timedelta(minutes=90)),
        ({"until": "2026-03-04T15:00:00+01:30"}, NOW + timedelta(minutes=90)),
        ({"until": "2026-03-04T05:30:00-08:00"}, NOW + timedelta(minutes=90)),
        ({"until": datetime(2026, 3, 4, 13, 30, tzinfo=UTC)}, NOW + timedelta(minutes=90)),
        ({}, None),
        ({"minutes": None, "until": None}, None),
        ({"minutes": 90, "until": "2026-03-04T13:30:00Z"}, None),
    ],
)
def test_it_ends_after_so_many_minutes_or_at_a_moment_in_utc(
    values: dict[str, Any], end: datetime | None
) -> None:
    found = parse_end(values).end(NOW)
    assert found == end
    assert found is None or found.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "until_needed"),
        ({"minutes": 60, "until": "2026-03-04T13:00:00Z"}, "until_needed"),
        ({"minutes": 1}, ""),
        ({"minutes": 480}, ""),
        ({"minutes": 481}, "boost_too_long"),
        ({"minutes": MOST_MINUTES}, "boost_too_long"),
        ({"until": "2026-03-04T12:00:59Z"}, "until_past"),
        ({"until": "2026-03-04T12:01:00Z"}, ""),
        ({"until": "1970-01-01T00:00:00Z"}, "until_past"),
        ({"until": "0001-01-01T12:00:00Z"}, "until_past"),
        ({"until": "2026-03-04T20:00:00Z"}, ""),
        ({"until": "2026-03-04T20:00:00.000001Z"}, "boost_too_long"),
        ({"until": "9999-12-31T23:59:59.999999Z"}, "boost_too_long"),
    ],
)
def test_its_end_is_within_a_minute_and_the_longest_time(values: dict[str, Any], code: str) -> None:
    assert code_of_end(**values) == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"minutes": 0}, "minutes_out_of_range"),
        ({"minutes": -60}, "minutes_out_of_range"),
        ({"minutes": MOST_MINUTES + 1}, "minutes_out_of_range"),
        ({"minutes": 10**400}, "minutes_out_of_range"),
        ({"minutes": "60"}, "not_a_whole_number"),
        ({"minutes": 60.5}, "not_a_whole_number"),
        ({"minutes": True}, "not_a_whole_number"),
        ({"minutes": [60]}, "not_a_whole_number"),
        ({"until": ""}, "until_unreadable"),
        ({"until": "tomorrow"}, "until_unreadable"),
        ({"until": "2026-03-04"}, "until_unreadable"),
        ({"until": "2026-03-04T13:00:00"}, "until_unreadable"),
        ({"until": datetime(2026, 3, 4, 13)}, "until_unreadable"),  # noqa: DTZ001 - on purpose
        ({"until": "2026-02-30T13:00:00Z"}, "until_unreadable"),
        ({"until": "9999-12-31T23:59:59-01:00"}, "until_unreadable"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "until_unreadable"),
        ({"until": "10000-01-01T00:00:00Z"}, "until_unreadable"),
        ({"until": "\ud800"}, "until_unreadable"),
        ({"until": 1772625600}, "until_unreadable"),
        ({"until": False}, "until_unreadable"),
        ({"until": {}}, "until_unreadable"),
        ({"hours": 1}, "unknown_field"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(values: dict[str, Any], code: str) -> None:
    assert codes_of(values) == [code]


def end_or_faults(values: dict[str, Any]) -> datetime | set[str] | None:
    """The end that these values name, or the fields that are wrong."""
    try:
        return parse_end(values).end(NOW)
    except BrokenRules as broken:
        return {item.field for item in broken.problems}


@given(minutes=JSON, until=JSON)
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_whatever_is_sent_is_an_end_or_a_broken_rule(minutes: object, until: object) -> None:
    for values in ({"minutes": minutes}, {"until": until}, {"minutes": minutes, "until": until}):
        found = end_or_faults(values)
        if isinstance(found, set):
            assert found <= {"minutes", "until"}
        else:
            assert found is None or found.tzinfo is UTC
        codes_of(values)


@pytest.mark.parametrize("before", [VERTICAL, HORIZONTAL], ids=["vertical", "horizontal"])
@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, []),
        ({"min_memory_gb": 64, "max_memory_gb": 120, "max_replicas": 20}, []),
        ({"min_memory_gb": 8}, ["min_memory_gb"]),
        ({"max_memory_gb": 8}, ["max_memory_gb"]),
        ({"min_replicas": 1, "max_replicas": 1}, ["min_replicas", "max_replicas"]),
        # Less of one is not made up for by more of the other.
        ({"min_memory_gb": 8, "max_replicas": 20}, ["min_memory_gb"]),
        ({"idle_scaling": False}, []),
        ({"idle_timeout_minutes": 60}, []),
        ({"idle_timeout_minutes": 5}, ["idle_timeout_minutes"]),
        ({"idle_timeout_minutes": None}, []),
    ],
)
def test_a_boost_makes_no_field_smaller(
    before: ScalingConfig, fields: dict[str, Any], refused: list[str]
) -> None:
    found = check_upward(before, changed(before, **fields))
    assert [item.field for item in found] == refused
    assert {item.code for item in found} <= {"boost_only_up"}


def test_a_boost_does_not_let_a_group_idle_that_never_does() -> None:
    before = changed(VERTICAL, idle_scaling=False)
    (found,) = check_upward(before, VERTICAL)
    assert found.field == "idle_scaling"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"minutes": 1}, ""),
        ({"minutes": 120}, ""),
        ({"minutes": 121}, "boost_latest_end"),
        ({"until": "2026-03-04T11:00:00Z"}, "until_past"),
        ({"until": "9999-12-31T23:59:59Z"}, "boost_latest_end"),
        ({}, "until_needed"),
        ({"minutes": 5, "until": "2026-03-04T13:00:00Z"}, "until_needed"),
    ],
)
def test_it_is_extended_up_to_its_latest_end(values: dict[str, Any], code: str) -> None:
    change = make_change(boost_until=NOW)
    boost = Boost(change, VERTICAL, NOW + timedelta(minutes=5), NOW + timedelta(hours=2))
    end: BoostEnd = parse_end(values)
    assert ",".join(it.code for it in check_extension(end.end(NOW), boost, NOW)) == code
