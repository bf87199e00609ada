"""One process reads for all: who may, for how long, and what of it counts."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.store.readings import ReadingStore
from app.store.state import StateStore
from tests.unit.builders import NOW

NAME, FRESH, HOLD = "services", 5.0, 10.0


class Moment:
    """The database's clock, which the tests move."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self, _connection: object) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Moment:
    """The time of everything."""
    return Moment()


@pytest.fixture
def ours(engine: Engine, clock: Moment) -> ReadingStore:
    """The readings as one process has them."""
    return ReadingStore(StateStore(engine, clock))


@pytest.fixture
def theirs(other_engine: Engine, clock: Moment) -> ReadingStore:
    """The same as another one has them."""
    return ReadingStore(StateStore(other_engine, clock))


def read(store: ReadingStore, text: str, clock: Moment) -> None:
    """Make the reading, which says this."""
    reserved = store.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD)
    assert reserved is not None
    store.finish(NAME, reserved, lambda _: text, clock.now)


def test_one_process_reads_and_the_others_wait_until_it_is_due_again(
    ours: ReadingStore, theirs: ReadingStore, clock: Moment
) -> None:
    reserved = ours.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD)
    assert reserved is not None
    assert theirs.refresh_mark(NAME).is_being_read
    assert theirs.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD) is None
    ours.finish(NAME, reserved, lambda _: "first", clock.now)
    clock.advance(FRESH - 0.1)
    assert theirs.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD) is None
    clock.advance(0.1)
    assert theirs.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD) is not None


def test_the_version_grows_only_when_something_else_is_said(
    ours: ReadingStore, theirs: ReadingStore, clock: Moment
) -> None:
    seen = []
    for text in ("first", "first", "second"):
        read(ours, text, clock)
        clock.advance(FRESH)
        state = theirs.state.refresh()
        seen.append((state.readings[NAME].version, state.revision))
    assert seen == [(1, 1), (1, 1), (2, 2)]
    assert theirs.load(NAME).text == "second"


def test_who_was_paused_past_the_reservation_writes_nothing_over_what_came_later(
    ours: ReadingStore, theirs: ReadingStore, clock: Moment
) -> None:
    paused = ours.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD)
    assert paused is not None
    clock.advance(HOLD)
    read(theirs, "later", clock)
    ours.finish(NAME, paused, lambda _: "earlier", clock.now)
    ours.fail(NAME, paused, "an error")
    stored = ours.load(NAME)
    assert (stored.text, stored.error) == ("later", None)


@pytest.mark.parametrize("back_seconds", [120, 7200])
def test_a_reservation_from_before_the_clock_was_set_back_holds_nobody_up(
    ours: ReadingStore, theirs: ReadingStore, clock: Moment, back_seconds: float
) -> None:
    assert ours.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD) is not None
    clock.advance(-back_seconds)
    assert not theirs.refresh_mark(NAME).is_being_read
    assert theirs.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD) is not None


def test_what_is_put_in_meanwhile_is_there_when_the_reading_ends(
    ours: ReadingStore, theirs: ReadingStore, clock: Moment
) -> None:
    reserved = ours.reserve(NAME, fresh_seconds=FRESH, hold_seconds=HOLD)
    assert reserved is not None
    theirs.change(NAME, lambda _: "put in")
    ours.finish(NAME, reserved, lambda stored: f"{stored.text}, read", clock.now)
    assert ours.load(NAME).text == "put in, read"
    assert ours.load(NAME).version > reserved.version + 1
