"""The past of a group: known between moments that agree, or up to a turn; never guessed."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.activity.timeline import Mark, segments, size_marks, state_marks
from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState, SettledBy
from app.domain.groups.states import ServiceState
from tests.unit.builders import NOW, VERTICAL, changed, make_change

SINCE = NOW - timedelta(hours=24)
SMALL, LARGE = (48, 96), (48, 192)


def at(hours: float) -> datetime:
    """A moment so many hours after the beginning."""
    return SINCE + timedelta(hours=hours)


def told(*marks: Mark[str], lasting: set[str] | None = None) -> list[tuple[float, str | None]]:
    """From which hour on which value is known."""
    return [
        ((item.start - SINCE).total_seconds() / 3600, item.value)
        for item in segments(marks, SINCE, NOW, lasting=lasting)
    ]


def seen(hours: float, value: str) -> Mark[str]:
    """It was so at that hour."""
    return Mark(at(hours), value)


def turned(hours: float, value: str) -> Mark[str]:
    """It became so at that hour."""
    return Mark(at(hours), value, is_transition=True)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], [(0, None)]),
        ([seen(24, "a")], [(0, None)]),
        ([seen(9, "a"), seen(24, "a")], [(0, None), (9, "a")]),
        ([seen(9, "a"), seen(24, "b")], [(0, None)]),
        ([seen(-5, "a"), seen(24, "a")], [(0, "a")]),
        ([seen(9, "a"), turned(10, "b"), seen(24, "b")], [(0, None), (9, "a"), (10, "b")]),
        ([seen(9, "a"), turned(10, "b"), seen(24, "c")], [(0, None), (9, "a"), (10, None)]),
        ([turned(-3, "a"), turned(5, "b"), turned(7, "a")], [(0, "a"), (5, "b"), (7, None)]),
        ([seen(24, "b"), turned(10, "b"), seen(10, "a")], [(0, None), (10, "b")]),
        ([seen(9, "a"), seen(12, "a"), seen(24, "a")], [(0, None), (9, "a")]),
        ([seen(25, "a")], [(0, None)]),
    ],
)
def test_a_stretch_is_known_up_to_a_turn_or_between_moments_that_agree(
    marks: list[Mark[str]], expected: list[tuple[float, str | None]]
) -> None:
    assert told(*marks) == expected


def test_only_what_lasts_is_taken_to_have_held_between_two_looks() -> None:
    marks = [seen(2, "up"), seen(6, "up"), turned(8, "off"), seen(24, "off")]
    assert told(*marks, lasting={"off"}) == [(0, None), (6, "up"), (8, "off")]


@given(
    st.lists(st.tuples(st.integers(-24, 26), st.sampled_from("abc"), st.booleans()), max_size=12)
)
def test_the_stretches_fill_the_day_without_gaps_and_differ_from_their_neighbours(
    marks: list[tuple[int, str, bool]],
) -> None:
    found = segments([Mark(at(hour), value, turn) for hour, value, turn in marks], SINCE, NOW)
    assert (found[0].start, found[-1].end) == (SINCE, NOW)
    for item, following in pairwise(found):
        assert item.start < item.end == following.start
        assert item.value != following.value


def test_a_change_of_size_tells_what_was_and_what_came() -> None:
    change = make_change(
        target=changed(VERTICAL, max_memory_gb=64),
        state=ChangeState.APPLIED,
        sent_at=at(3),
        settled_at=at(4),
        settled_by=SettledBy.ANSWER,
    )
    assert size_marks([change]) == [Mark(at(4), SMALL), Mark(at(4), LARGE, is_transition=True)]


def test_an_outcome_that_was_read_back_is_no_turn() -> None:
    change = make_change(
        state=ChangeState.APPLIED, sent_at=at(3), settled_at=at(4), settled_by=SettledBy.READING
    )
    assert [mark.is_transition for mark in size_marks([change])] == [False, False]


@pytest.mark.parametrize(
    ("state", "count"),
    [
        (ChangeState.APPLYING, 0),
        (ChangeState.REJECTED, 1),
        (ChangeState.FAILED, 1),
        (ChangeState.UNKNOWN, 1),
    ],
)
def test_a_change_that_was_not_made_tells_only_what_it_was_drawn_from(
    state: ChangeState, count: int
) -> None:
    assert len(size_marks([make_change(state=state, sent_at=at(3))])) == count


def test_a_draft_tells_nothing() -> None:
    assert size_marks([make_change()]) == []


def test_waking_tells_that_it_was_idle_and_ran_then() -> None:
    change = make_change(
        action=Action.WAKE,
        state=ChangeState.APPLIED,
        sent_at=at(3),
        settled_at=at(4),
        settled_by=SettledBy.ANSWER,
        effective_at=at(5),
    )
    assert state_marks([change]) == [
        Mark(at(3), ServiceState.IDLE),
        Mark(at(4), ServiceState.RUNNING, is_transition=True),
    ]


def test_an_action_that_was_not_seen_in_effect_led_to_a_state_of_minutes() -> None:
    change = make_change(
        action=Action.STOP, state=ChangeState.APPLIED, sent_at=at(3), settled_at=at(4)
    )
    assert [mark.value for mark in state_marks([change])] == [ServiceState.STOPPING]
    assert state_marks([replace(change, state=ChangeState.FAILED)]) == []
