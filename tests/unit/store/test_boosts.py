"""The records of boosts: each step once, by whoever comes first, with its event or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.boosts.boost import Boost, BoostState, BoostTerms
from app.domain.changes.change import ChangeOrigin, ChangeState, Outcome, SettledBy
from app.store.audit.log import EventStore
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore
from tests.support.events import EVENT
from tests.unit.builders import NOW, PRIMARY_ID, REPORTING_ID, VERTICAL, make_change

END, LATEST = NOW + timedelta(hours=1), NOW + timedelta(hours=8)
LONG_AGO = NOW - timedelta(days=1)
APPLIED = Outcome(ChangeState.APPLIED, SettledBy.ANSWER)
REJECTED = Outcome(ChangeState.REJECTED, SettledBy.ANSWER)
TERMS = BoostTerms(VERTICAL, LATEST)
PARALLEL = 8


@pytest.fixture
def boosts(engine: Engine) -> BoostStore:
    """The records as one process has them."""
    return BoostStore(engine)


def add_draft(engine: Engine, service_id: str = PRIMARY_ID) -> str:
    """A draft of a boost; its reference."""
    draft = make_change(service_id=service_id, boost_until=END)
    return ChangeStore(engine).create_draft(draft, EVENT, TERMS).reference


def add(engine: Engine, service_id: str = PRIMARY_ID, sent_at: datetime = NOW) -> str:
    """A boost whose first change is done; its reference."""
    reference, changes = add_draft(engine, service_id), ChangeStore(engine)
    assert changes.claim(reference, sent_at, EVENT, drawn_after=LONG_AGO)
    assert changes.record_outcome(reference, APPLIED, sent_at, EVENT)
    return reference


def add_revert(
    engine: Engine, boost: str, *, is_sent: bool = True, outcome: Outcome = APPLIED
) -> str:
    """A change that is to go back from it."""
    changes = ChangeStore(engine)
    draft = make_change(origin=ChangeOrigin.BOOST, order_reference=boost)
    reference = changes.create_draft(draft, EVENT).reference
    if is_sent:
        assert changes.claim(reference, END, EVENT, drawn_after=LONG_AGO)
        assert changes.record_outcome(reference, outcome, END, EVENT)
    return reference


def get(boosts: BoostStore, reference: str) -> Boost:
    """The boost, which must be there."""
    found = boosts.find(reference)
    assert found is not None
    return found


def count_events(engine: Engine) -> int:
    """How many events there are."""
    return len(list(EventStore(engine).iterate()))


STEPS: dict[str, Callable[[BoostStore, str], bool]] = {
    "extend": lambda boosts, it: boosts.extend(it, END + timedelta(hours=1), NOW, EVENT),
    "end_now": lambda boosts, it: boosts.end_now(it, "alice", NOW, EVENT),
    "close": lambda boosts, it: boosts.close(it, BoostState.ENDED, END, EVENT),
    "note_failure": lambda boosts, it: boosts.note_failure(it, 1, END, "no", EVENT),
    "raise_alarm": lambda boosts, it: boosts.raise_alarm(it, END, EVENT),
}
ONCE = ("end_now", "close", "raise_alarm")
every_step = pytest.mark.parametrize("step", STEPS)


def test_what_was_recorded_is_what_is_found(engine: Engine, boosts: BoostStore) -> None:
    reference = add(engine)
    found = get(boosts, reference)
    assert (found.before, found.ends_at, found.latest_end) == (VERTICAL, END, LATEST)
    assert (found.reference, found.change.boost_until) == (reference, END)
    assert (found.outcome, found.closed_at, found.next_try_at, found.revert) == (None,) * 4
    assert (found.tries, found.ended_by, found.closed_by, found.note) == (0, "", "", "")
    assert boosts.find("NONE-SUCH") is None


def test_a_draft_without_an_end_is_no_boost_and_leaves_nothing(engine: Engine) -> None:
    before = count_events(engine)
    with pytest.raises(ValueError, match="needs an end"):
        ChangeStore(engine).create_draft(make_change(), EVENT, TERMS)
    assert count_events(engine) == before
    assert ChangeStore(engine).count_by_state() == {}


def test_one_that_is_not_confirmed_is_in_no_list(engine: Engine, boosts: BoostStore) -> None:
    draft = add_draft(engine)
    assert get(boosts, draft).is_open is False
    assert [*boosts.list_open(), *boosts.list_open_of(PRIMARY_ID)] == []
    assert list(boosts.list_latest(PRIMARY_ID, most=9)) == []


def test_the_open_ones_come_in_the_order_of_their_confirmation(
    engine: Engine, boosts: BoostStore
) -> None:
    later = add(engine, sent_at=NOW + timedelta(minutes=2))
    other = add(engine, REPORTING_ID, sent_at=NOW + timedelta(minutes=1))
    first = add(engine)
    closed = add(engine)
    assert boosts.close(closed, BoostState.ENDED, END, EVENT)
    assert [it.reference for it in boosts.list_open()] == [first, other, later]
    assert [it.reference for it in boosts.list_open_of(PRIMARY_ID)] == [first, later]
    latest = boosts.list_latest(PRIMARY_ID, most=2)
    assert [it.reference for it in latest] == [closed, first]


def test_the_last_change_that_was_sent_to_go_back_is_found_with_it(
    engine: Engine, boosts: BoostStore
) -> None:
    boost, other = add(engine), add(engine, REPORTING_ID)
    add_revert(engine, boost)
    last = add_revert(engine, boost)
    add_revert(engine, boost, is_sent=False)
    revert = get(boosts, boost).revert
    assert revert is not None
    assert revert.reference == last
    assert get(boosts, other).revert is None
    assert [it.revert and it.revert.reference for it in boosts.list_open()] == [last, None]


def test_the_change_that_was_done_counts_whatever_was_tried_after_it(
    engine: Engine, boosts: BoostStore
) -> None:
    boost = add(engine)
    tried = add_revert(engine, boost, outcome=REJECTED)
    found = get(boosts, boost).revert
    assert found is not None
    assert found.reference == tried
    done = add_revert(engine, boost)
    add_revert(engine, boost, outcome=REJECTED)
    found = get(boosts, boost).revert
    assert found is not None
    assert found.reference == done


@every_step
def test_each_step_on_an_open_one_is_written_with_its_event(
    engine: Engine, boosts: BoostStore, step: str
) -> None:
    reference = add(engine)
    before, events = get(boosts, reference), count_events(engine)
    assert STEPS[step](boosts, reference)
    assert get(boosts, reference) != before
    assert count_events(engine) == events + 1


@every_step
def test_on_one_that_is_closed_nothing_is_written(
    engine: Engine, boosts: BoostStore, step: str
) -> None:
    reference = add(engine)
    assert boosts.take_over(reference, "olga", END, EVENT)
    before, events = get(boosts, reference), count_events(engine)
    assert not STEPS[step](boosts, reference)
    assert (get(boosts, reference), count_events(engine)) == (before, events)
    assert (before.outcome, before.closed_by) == (BoostState.TAKEN_OVER, "olga")


@every_step
def test_a_step_whose_event_cannot_be_written_is_not_written(
    engine: Engine, boosts: BoostStore, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = add(engine)
    before = get(boosts, reference)

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.store.audit.recording.Recorder.add", fail)
    with pytest.raises(RuntimeError):
        STEPS[step](boosts, reference)
    assert get(boosts, reference) == before


@pytest.mark.parametrize("step", ONCE)
def test_of_many_at_the_same_moment_one_takes_the_step(
    engine: Engine, other_engine: Engine, step: str
) -> None:
    reference, events = add(engine), count_events(engine)
    barrier = Barrier(PARALLEL)

    def take(number: int) -> bool:
        store = BoostStore(other_engine if number % 2 else engine)
        barrier.wait()
        return STEPS[step](store, reference)

    with ThreadPoolExecutor(PARALLEL) as pool:
        assert sum(pool.map(take, range(PARALLEL))) == 1
    assert count_events(engine) == events + 1


@pytest.mark.parametrize("step", ["extend", "end_now"])
def test_once_its_end_has_come_it_has_no_other(
    engine: Engine, boosts: BoostStore, step: str
) -> None:
    reference = add(engine)
    late = {
        "extend": lambda: boosts.extend(reference, LATEST, END, EVENT),
        "end_now": lambda: boosts.end_now(reference, "alice", END, EVENT),
    }
    assert not late[step]()
    assert (get(boosts, reference).ends_at, get(boosts, reference).ended_by) == (END, "")


def test_of_extending_and_ending_at_the_same_moment_the_end_stays(
    engine: Engine, boosts: BoostStore
) -> None:
    reference = add(engine)
    assert boosts.end_now(reference, "alice", NOW, EVENT)
    assert not boosts.extend(reference, LATEST, NOW, EVENT)
    assert get(boosts, reference).ends_at == NOW
