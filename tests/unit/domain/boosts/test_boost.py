"""Where a boost stands over time, also by a clock that is set back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.boosts.boost import (
    Boost,
    BoostState,
)
from app.domain.changes.change import ChangeState
from app.domain.retries import PAUSES, pause_after
from tests.unit.builders import NOW, VERTICAL, make_change

S, C = BoostState, ChangeState
END = NOW + timedelta(hours=1)


def make_boost(state: ChangeState = C.APPLIED, settled: bool = True, **fields: object) -> Boost:
    """A boost of an hour whose first change stands like this."""
    change = make_change(
        state=state, sent_at=NOW, settled_at=NOW if settled else None, boost_until=END
    )
    return replace(Boost(change, VERTICAL, END, END + timedelta(hours=3)), **fields)  # type: ignore[arg-type]


def after(**by: float) -> datetime:
    """So long after its end."""
    return END + timedelta(**by)


@pytest.mark.parametrize(
    ("boost", "moment", "state"),
    [
        (make_boost(C.DRAFT, settled=False), NOW, S.REQUESTED),
        (make_boost(C.DRAFT, settled=False), after(days=1), S.REQUESTED),
        (make_boost(C.APPLYING, settled=False), NOW, S.APPLYING),
        (make_boost(C.UNKNOWN, settled=False), after(seconds=-1), S.APPLYING),
        (make_boost(C.UNKNOWN, settled=False), after(), S.REVERTING),
        (make_boost(), NOW, S.ACTIVE),
        (make_boost(), after(microseconds=-1), S.ACTIVE),
        (make_boost(), after(), S.REVERTING),
        (make_boost(), after(minutes=15, microseconds=-1), S.REVERTING),
        (make_boost(), after(minutes=15), S.REVERT_FAILING),
        (make_boost(tries=2), after(minutes=1), S.REVERTING),
        (make_boost(tries=3), after(minutes=1), S.REVERT_FAILING),
        # Frozen, or Cloud cannot be read: nothing was tried, and nothing has failed.
        (make_boost(note="Frozen."), after(minutes=1), S.REVERT_WAITING),
        (make_boost(note="Frozen."), after(hours=1), S.REVERT_WAITING),
        (make_boost(note="Refused.", tries=1), after(minutes=1), S.REVERTING),
        (make_boost(note="Refused.", tries=1), after(minutes=15), S.REVERT_FAILING),
        (make_boost(note="Frozen."), after(seconds=-1), S.ACTIVE),
        # The clock was set back: its end is to come again, and it stands as it stood then.
        (make_boost(), after(hours=-2), S.ACTIVE),
        (make_boost(tries=3), after(hours=-2), S.ACTIVE),
        *((make_boost(outcome=it, closed_at=END), after(days=9), it) for it in list(S)[6:]),
        *((make_boost(outcome=it, closed_at=END), after(hours=-2), it) for it in list(S)[6:]),
    ],
)
def test_where_it_stands(boost: Boost, moment: datetime, state: BoostState) -> None:
    assert boost.state(moment) is state


def test_it_is_open_from_its_confirmation_until_it_is_closed() -> None:
    assert not make_boost(C.DRAFT, settled=False).is_open
    assert make_boost(C.APPLYING, settled=False).is_open
    assert make_boost().is_open
    assert not make_boost(closed_at=END, outcome=S.ENDED).is_open


def test_the_pauses_between_attempts_grow_and_the_last_is_for_ever() -> None:
    pauses = [pause_after(tries) // timedelta(minutes=1) for tries in range(1, 9)]
    assert pauses == [1, 2, 5, 10, 30, 30, 30, 30]


def test_an_attempt_waits_for_its_pause_but_not_for_a_clock_that_was_set_back() -> None:
    boost = make_boost(tries=4, next_try_at=after(minutes=10))
    assert make_boost().may_try(NOW)
    assert not boost.may_try(after(minutes=9))
    assert boost.may_try(after(minutes=10))
    longest = PAUSES[-1] // timedelta(minutes=1)
    assert not boost.may_try(after(minutes=10 - longest))
    assert boost.may_try(after(minutes=9 - longest))


def test_what_it_has_set_is_the_size_of_its_first_change() -> None:
    boost = make_boost()
    assert boost.asked == boost.change.target
    assert replace(boost, change=replace(boost.change, target=None)).asked == VERTICAL
