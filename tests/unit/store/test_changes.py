"""The ledger: claimed once, one in flight per group, settled once."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.changes.change import DRAFT_LIFE, Change, ChangeState, Outcome, SettledBy
from app.errors import ChangeInFlight
from app.store.change_rows import REFERENCE_ALPHABET
from app.store.changes import ChangeStore
from tests.support.events import EVENT
from tests.unit.builders import NOW, PRIMARY_ID, REPORTING_ID, make_change

SECOND = timedelta(seconds=1)
APPLIED = Outcome(ChangeState.APPLIED, SettledBy.ANSWER, "", "request-1")


@pytest.fixture
def store(engine: Engine) -> ChangeStore:
    """The ledger."""
    return ChangeStore(engine)


@pytest.fixture
def other_store(other_engine: Engine) -> ChangeStore:
    """The same ledger, as another process has it open."""
    return ChangeStore(other_engine)


def find(store: ChangeStore, reference: str) -> Change:
    """The change, which must be there."""
    change = store.find_change(reference)
    assert change is not None
    return change


def draft(store: ChangeStore, service_id: str = PRIMARY_ID) -> str:
    """A draft on record; its reference."""
    return store.create_draft(make_change(service_id=service_id), EVENT).reference


def test_a_draft_is_read_back_as_it_was_written(store: ChangeStore) -> None:
    written = store.create_draft(make_change(reference="", reason="Käse <b>\n2"), EVENT)
    assert find(store, written.reference) == written
    assert store.find_change("ZZZZ-9999") is None


def test_a_reference_can_be_read_out_and_is_never_given_twice(store: ChangeStore) -> None:
    references = {draft(store) for _ in range(50)}
    assert len(references) == 50
    for reference in references:
        left, right = reference.split("-")
        assert len(left) == len(right) == 4
        assert set(left + right) <= set(REFERENCE_ALPHABET)
    assert not set("0O1IL") & set(REFERENCE_ALPHABET)


def test_a_draft_is_claimed_once(store: ChangeStore) -> None:
    reference = draft(store)
    assert store.claim(reference, NOW + SECOND, EVENT, drawn_after=NOW + SECOND - DRAFT_LIFE)
    claimed = find(store, reference)
    assert (claimed.state, claimed.sent_at) == (ChangeState.APPLYING, NOW + SECOND)
    assert not store.claim(reference, NOW + SECOND, EVENT, drawn_after=NOW + SECOND - DRAFT_LIFE)
    assert find(store, reference) == claimed


@pytest.mark.parametrize(("age", "is_claimed"), [(-SECOND, True), (timedelta(0), False)])
def test_a_draft_that_is_too_old_is_not_claimed(
    store: ChangeStore, age: timedelta, is_claimed: bool
) -> None:
    reference = draft(store)
    assert (
        store.claim(reference, NOW + DRAFT_LIFE + age, EVENT, drawn_after=NOW + age) == is_claimed
    )


def test_a_draft_that_is_still_to_come_cannot_be_confirmed(store: ChangeStore) -> None:
    reference = draft(store)
    for back, is_claimed in ((timedelta(hours=2), False), (timedelta(seconds=3), True)):
        now = NOW - back
        assert store.claim(reference, now, EVENT, drawn_after=now - DRAFT_LIFE) is is_claimed


def test_what_does_not_exist_is_not_claimed(store: ChangeStore) -> None:
    assert not store.claim("ZZZZ-9999", NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)


def test_one_change_is_in_flight_per_group_and_other_groups_are_free(store: ChangeStore) -> None:
    first, second = draft(store), draft(store)
    elsewhere = draft(store, REPORTING_ID)
    assert store.claim(first, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    with pytest.raises(ChangeInFlight, match="alice is changing") as caught:
        store.claim(second, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    assert caught.value.reference == first
    assert find(store, second).state is ChangeState.DRAFT
    assert store.claim(elsewhere, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    assert {change.reference for change in store.list_in_flight()} == {first, elsewhere}


# ASVS 2.3.4
def test_the_database_itself_refuses_the_second_whichever_process_asks(
    store: ChangeStore, other_store: ChangeStore
) -> None:
    references = [draft(store) for _ in range(8)]
    barrier, won, refused = threading.Barrier(8), [], []

    def confirm(number: int) -> None:
        ledger = (store, other_store)[number % 2]
        barrier.wait()
        try:
            if ledger.claim(references[number], NOW, EVENT, drawn_after=NOW - DRAFT_LIFE):
                won.append(number)
        except ChangeInFlight:
            refused.append(number)

    threads = [threading.Thread(target=confirm, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(won), len(refused)) == (1, 7)
    assert len(store.list_in_flight()) == 1


def test_the_same_draft_confirmed_by_two_processes_is_claimed_by_one(
    store: ChangeStore, other_store: ChangeStore
) -> None:
    reference = draft(store)
    barrier, results = threading.Barrier(2), []

    def confirm(ledger: ChangeStore) -> None:
        barrier.wait()
        results.append(ledger.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE))

    threads = [threading.Thread(target=confirm, args=(it,)) for it in (store, other_store)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [False, True]


def test_a_claim_given_back_can_be_confirmed_again(store: ChangeStore) -> None:
    reference, other = draft(store), draft(store)
    store.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    store.release(reference, EVENT)
    back = find(store, reference)
    assert (back.state, back.sent_at) == (ChangeState.DRAFT, None)
    assert store.find_in_flight(PRIMARY_ID) is None
    assert store.claim(other, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)


def test_an_outcome_is_recorded_once(store: ChangeStore) -> None:
    reference = draft(store)
    store.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    assert store.record_outcome(reference, APPLIED, NOW + SECOND, EVENT)
    settled = find(store, reference)
    assert settled.state is ChangeState.APPLIED
    assert (settled.settled_at, settled.settled_by) == (NOW + SECOND, SettledBy.ANSWER)
    assert settled.cloud_request_id == "request-1"
    assert not store.record_outcome(
        reference, Outcome(ChangeState.FAILED, SettledBy.READING), NOW, EVENT
    )
    store.release(reference, EVENT)
    store.mark_unknown(reference, "late", None, EVENT)
    assert find(store, reference) == settled


def test_a_draft_has_no_outcome(store: ChangeStore) -> None:
    reference = draft(store)
    assert not store.record_outcome(reference, APPLIED, NOW, EVENT)
    assert find(store, reference).state is ChangeState.DRAFT


def test_an_unknown_outcome_keeps_the_group_closed_until_it_is_reconciled(
    store: ChangeStore,
) -> None:
    reference, other = draft(store), draft(store)
    store.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    store.mark_unknown(reference, "No answer.", "request-2", EVENT)
    unknown = find(store, reference)
    assert (unknown.state, unknown.settled_note) == (ChangeState.UNKNOWN, "No answer.")
    assert unknown.is_in_flight
    with pytest.raises(ChangeInFlight):
        store.claim(other, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    by_hand = Outcome(ChangeState.UNKNOWN, SettledBy.PERSON, "alice closed it.")
    assert store.record_outcome(reference, by_hand, NOW + SECOND, EVENT)
    closed = find(store, reference)
    assert closed.state is ChangeState.UNKNOWN  # nobody found out, and nobody pretends to
    assert not closed.is_in_flight
    assert closed.cloud_request_id == "request-2"  # kept for whoever asks Cloud's support
    assert store.claim(other, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)


def test_recent_changes_are_the_confirmed_ones_of_the_group_newest_first(
    store: ChangeStore,
) -> None:
    confirmed = []
    for _ in range(4):
        reference = draft(store)
        store.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
        store.record_outcome(reference, APPLIED, NOW, EVENT)
        confirmed.append(reference)
    draft(store)  # never confirmed
    store.claim(draft(store, REPORTING_ID), NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    recent = store.list_recent(PRIMARY_ID, by=None, most=3)
    assert [change.reference for change in recent] == confirmed[:0:-1]
