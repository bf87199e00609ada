"""One process leads; who was paused past its lease writes nothing more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from app.context import NO_REQUEST, RequestContext, in_context
from app.domain.changes.change import DRAFT_LIFE, ChangeState, Outcome, SettledBy
from app.domain.leadership import Tenure
from app.errors import LeaseLost
from app.store.changes import ChangeStore
from app.store.leases import LEASE_LENGTH, FinishedRun, LeaseStore
from tests.support.events import EVENT
from tests.unit.builders import NOW, make_change
from tests.unit.services.fakes import Clock

LEASE_SECONDS = LEASE_LENGTH.total_seconds()
CHANGED = Outcome(ChangeState.APPLIED, SettledBy.READING)


class Stores:
    """The stores of one process."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        def database_clock(_: Connection) -> datetime:
            return clock()

        self.engine = engine
        self.leases = LeaseStore(engine, clock=database_clock)
        self.changes = ChangeStore(engine)


@pytest.fixture
def clock() -> Clock:
    """The database's clock."""
    return Clock()


@pytest.fixture
def first(engine: Engine, clock: Clock) -> Stores:
    """One process."""
    return Stores(engine, clock)


@pytest.fixture
def second(other_engine: Engine, clock: Clock) -> Stores:
    """Another process over the same database."""
    return Stores(other_engine, clock)


def acquire(stores: Stores, holder: str) -> Tenure:
    tenure = stores.leases.acquire(holder)
    assert tenure is not None
    return tenure


def test_one_leads_and_the_other_waits_until_the_lease_is_over(
    first: Stores, second: Stores, clock: Clock
) -> None:
    tenure = acquire(first, "a:1")
    assert second.leases.acquire("b:2") is None
    clock.advance(LEASE_SECONDS - 1)
    first.leases.renew(tenure, [])
    clock.advance(LEASE_SECONDS - 1)
    assert second.leases.acquire("b:2") is None
    clock.advance(1)
    assert acquire(second, "b:2") == Tenure("worker", "b:2", tenure.epoch + 1)
    with pytest.raises(LeaseLost):
        first.leases.renew(tenure, [])
    assert first.leases.acquire("a:1") is None


def test_a_lease_that_nobody_took_over_is_renewed_late(first: Stores, clock: Clock) -> None:
    tenure = acquire(first, "a:1")
    clock.advance(1000)
    first.leases.renew(tenure, [])
    lease = first.leases.read().lease
    assert lease is not None
    assert (lease.epoch, lease.expires_at) == (tenure.epoch, clock() + LEASE_LENGTH)


def test_who_ends_in_good_order_is_followed_at_once(first: Stores, second: Stores) -> None:
    tenure = acquire(first, "a:1")
    first.leases.release(tenure, [FinishedRun("tidy", 60)])
    assert acquire(second, "b:2").epoch == tenure.epoch + 1
    first.leases.release(tenure, [FinishedRun("tidy", 3600)])  # late, and no longer its own
    (run,) = first.leases.read().runs
    assert run.next_at == run.ran_at + timedelta(minutes=1)
    assert second.leases.acquire("c:3") is None


def test_a_process_of_the_same_name_is_another_leader(first: Stores, clock: Clock) -> None:
    earlier = acquire(first, "a:1")
    clock.advance(LEASE_SECONDS)
    acquire(first, "a:1")
    with pytest.raises(LeaseLost):
        first.leases.renew(earlier, [])


def test_nobody_waits_for_a_lease_from_before_the_clock_was_set_back(
    first: Stores, second: Stores, clock: Clock
) -> None:
    acquire(first, "a:1")
    clock.advance(-7200)
    acquire(second, "b:2")


def test_when_jobs_ran_is_seen_by_every_process(
    first: Stores, second: Stores, clock: Clock
) -> None:
    tenure = acquire(first, "a:1")
    first.leases.renew(tenure, [FinishedRun("tidy", 60), FinishedRun("reconcile", 5, "odd")])
    clock.advance(10)
    first.leases.renew(tenure, [FinishedRun("reconcile", 5)])
    records = second.leases.read()
    shown = [(run.name, run.holder, run.ran_at, run.next_at, run.error) for run in records.runs]
    later = NOW + timedelta(seconds=10)
    assert shown == [
        ("reconcile", "a:1", later, later + timedelta(seconds=5), ""),
        ("tidy", "a:1", NOW, NOW + timedelta(minutes=1), ""),
    ]
    assert records.now == later


def sent(stores: Stores) -> str:
    reference = stores.changes.create_draft(make_change(), EVENT).reference
    assert stores.changes.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    return reference


def test_a_leader_writes_for_its_jobs_as_long_as_it_leads(first: Stores) -> None:
    tenure = acquire(first, "a:1")
    with in_context(RequestContext(tenure=tenure)):
        reference = sent(first)
        assert first.changes.record_outcome(reference, CHANGED, NOW, EVENT)
        first.changes.note_effect(reference, NOW)


def test_a_leader_paused_past_its_lease_writes_nothing_more(
    first: Stores, second: Stores, clock: Clock
) -> None:
    paused = acquire(first, "a:1")
    draft = first.changes.create_draft(make_change(), EVENT).reference
    clock.advance(LEASE_SECONDS)
    acquire(second, "b:2")
    with in_context(RequestContext(tenure=paused)):
        with pytest.raises(LeaseLost):
            first.changes.claim(draft, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
        with in_context(NO_REQUEST):
            assert first.changes.claim(draft, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
        with pytest.raises(LeaseLost):
            first.changes.record_outcome(draft, CHANGED, NOW, EVENT)
        with pytest.raises(LeaseLost):
            first.changes.note_effect(draft, NOW)
    found = second.changes.find_change(draft)
    assert found is not None
    assert (found.state, found.effective_at) == (ChangeState.APPLYING, None)


def test_who_gave_the_lease_back_writes_nothing_more_either(first: Stores) -> None:
    tenure = acquire(first, "a:1")
    first.leases.release(tenure, [])
    with in_context(RequestContext(tenure=tenure)), pytest.raises(LeaseLost):
        sent(first)
