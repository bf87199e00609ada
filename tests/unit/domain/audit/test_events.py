"""An event has one text, which nothing in a name or a reason can break out of."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audit.events import (
    Actor,
    Channel,
    Event,
    EventKind,
    Origin,
    Result,
    canonical,
    columns_of,
    entry_hash,
    moment_text,
    plain,
)

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
EVENT = Event(
    EventKind.LOGIN_FAIL, NOW, "sign_in", Result.FAIL, Origin(Channel.PAGE), Actor("one", "alice")
)
HOSTILE = "a\r\n{\x00\x1b[2J\x7f\x85\u2028\u202e\u2066\ud800é=1"


# ASVS 16.4.1
@pytest.mark.parametrize("place", ["user", "reason", "user_agent", "error"])
def test_no_mark_ends_a_line_steers_a_terminal_or_changes_the_direction(place: str) -> None:
    event = {
        "user": replace(EVENT, actor=Actor("one", HOSTILE)),
        "reason": replace(EVENT, details={"reason": HOSTILE}),
        "user_agent": replace(EVENT, origin=Origin(Channel.PAGE, user_agent=HOSTILE)),
        "error": replace(EVENT, error=HOSTILE),
    }[place]
    text = event.text()
    assert text.isascii()
    assert text.isprintable()
    found = json.loads(text)
    said = {
        "user": found["actor"]["user"],
        "reason": found["details"].get("reason"),
        "user_agent": found["source"]["user_agent"],
        "error": found["error"],
    }
    assert said[place] == HOSTILE


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_the_text_of_a_value_is_the_text_of_what_is_read_from_it(value: object) -> None:
    text = canonical(value)
    assert canonical(json.loads(text)) == text
    assert text.isprintable()


def test_texts_of_moments_sort_as_the_moments_do_and_name_their_zone() -> None:
    moments = [NOW + timedelta(microseconds=n * 333_333) for n in range(8)]
    assert sorted(map(moment_text, moments)) == [moment_text(item) for item in moments]
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    assert moment_text(berlin) == moment_text(NOW) == "2026-03-04T12:00:00.000000+00:00"


def test_the_hash_depends_on_place_predecessor_and_text() -> None:
    one = entry_hash(1, "a", "text")
    assert (
        len({one, entry_hash(2, "a", "text"), entry_hash(1, "b", "text"), entry_hash(1, "a", "t")})
        == 4
    )


def test_what_is_searched_is_written_as_it_stands_in_the_text() -> None:
    event = replace(EVENT, actor=Actor("one", HOSTILE))
    columns = columns_of(json.loads(event.text()))
    assert columns["user"] == plain(HOSTILE)
    assert f'"{columns["user"]}"' in event.text()
