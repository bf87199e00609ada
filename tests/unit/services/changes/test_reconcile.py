"""Finding out by reading Cloud back, and closing by hand what nothing tells."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.changes.change import (
    ANSWER_DEADLINE,
    DRAFT_LIFE,
    GONE,
    NOT_SHOWN,
    STATE_LAG,
    Change,
    ChangeState,
    Outcome,
    SettledBy,
    SettledCode,
)
from app.domain.changes.effect import EFFECT_AWAITED
from app.domain.changes.outcome import STILL_AS_BEFORE
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from app.errors import NotPossible, StoreUnavailable
from app.services.changes.events import ChangeEvents
from app.services.changes.reconcile import Reconciler
from tests.support.events import EVENT, RememberedAudit
from tests.unit.builders import (
    ALICE,
    NOW,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    SetPolicy,
    changed,
    make_catalog,
    make_change,
    make_service,
)
from tests.unit.services.fakes import Clock, FakeSnapshot, LoggedChanges

TARGET = changed(VERTICAL, min_replicas=5, max_replicas=5, max_memory_gb=64)
TAKEN, UNTAKEN = make_service(configured=TARGET), make_service(configured=VERTICAL)
MIXED = make_service(configured=changed(TARGET, max_memory_gb=32))
DEADLINE = ANSWER_DEADLINE.total_seconds()
SURE = DEADLINE + STATE_LAG.total_seconds()


class World:
    """A change that was sent at NOW, and what Cloud shows later."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.clock = clock
        self.ledger = LoggedChanges(engine)
        self.snapshot = FakeSnapshot()
        self.reconciler = Reconciler(
            self.snapshot,
            self.ledger,
            ChangeEvents(RememberedAudit(), SetPolicy(make_catalog())),
            clock,
        )

    def sent(self, service_id: str = PRIMARY_ID, *, is_answer_lost: bool = True) -> str:
        """A change whose answer was lost, or whose process died before any came."""
        draft = make_change(VERTICAL, TARGET, service_id=service_id)
        reference = self.ledger.create_draft(draft, EVENT).reference
        assert self.ledger.claim(reference, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
        if is_answer_lost:
            self.ledger.mark_unknown(reference, "No answer came.", "request-1", EVENT)
        return reference

    def accepted(self, draft: Change, *, seconds: float) -> None:
        """Another change of the group, sent and accepted so long after NOW."""
        reference = self.ledger.create_draft(draft, EVENT).reference
        moment = NOW + timedelta(seconds=seconds)
        assert self.ledger.claim(reference, moment, EVENT, drawn_after=NOW - DRAFT_LIFE)
        outcome = Outcome(ChangeState.APPLIED, SettledBy.ANSWER)
        assert self.ledger.record_outcome(reference, outcome, moment, EVENT)

    def read(self, service: Service | None, *, after_seconds: float) -> None:
        """What Cloud shows so long after the sending."""
        self.clock.time = NOW + timedelta(seconds=after_seconds)
        services = [service] if service else []
        self.snapshot.show(*services, taken_at=self.clock.time)

    def reconcile(self, reference: str) -> ChangeState:
        """Try to reconcile it; its state afterwards."""
        settled = self.reconciler.reconcile(self.ledger.get(reference))
        assert settled == self.ledger.get(reference)
        return settled.state


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """A ledger and a view."""
    return World(engine, clock)


@pytest.mark.parametrize(
    ("service", "after_seconds", "state"),
    [
        (TAKEN, 1, ChangeState.APPLIED),
        (TAKEN, DEADLINE, ChangeState.APPLIED),
        (UNTAKEN, 1, ChangeState.UNKNOWN),
        (UNTAKEN, SURE - 0.001, ChangeState.UNKNOWN),
        (UNTAKEN, SURE, ChangeState.FAILED),
        (MIXED, DEADLINE, ChangeState.UNKNOWN),
        (None, DEADLINE, ChangeState.UNKNOWN),
        (make_service(configured=None), DEADLINE, ChangeState.UNKNOWN),
    ],
)
def test_a_lost_answer_is_reconciled_by_what_stands_in_the_configuration(
    world: World, service: Service | None, after_seconds: float, state: ChangeState
) -> None:
    reference = world.sent()
    world.read(service, after_seconds=after_seconds)
    assert world.reconcile(reference) is state
    settled = world.ledger.get(reference)
    assert settled.settled_by == (None if state is ChangeState.UNKNOWN else SettledBy.READING)
    assert settled.settled_note == "No answer came."
    assert settled.cloud_request_id == "request-1"


@pytest.mark.parametrize("after_seconds", [-1, 0])
def test_what_was_read_before_the_call_says_nothing_about_it(
    world: World, after_seconds: float
) -> None:
    reference = world.sent()
    world.read(TAKEN, after_seconds=after_seconds)
    assert world.reconcile(reference) is ChangeState.UNKNOWN


@pytest.mark.parametrize("is_answer_lost", [True, False])
@pytest.mark.parametrize(
    ("service", "state"), [(TAKEN, ChangeState.APPLIED), (UNTAKEN, ChangeState.FAILED)]
)
def test_a_clock_set_back_by_hours_does_not_keep_a_change_from_being_settled(
    world: World, *, service: Service, state: ChangeState, is_answer_lost: bool
) -> None:
    reference = world.sent(is_answer_lost=is_answer_lost)
    world.read(service, after_seconds=-7200)
    assert world.reconcile(reference) is state


@pytest.mark.parametrize("reading_age", [61, -1, -7260])
def test_a_reading_of_before_the_clock_was_set_back_says_nothing(
    world: World, reading_age: float
) -> None:
    reference = world.sent()
    world.read(TAKEN, after_seconds=-7200 - reading_age)
    world.clock.advance(reading_age)
    assert world.reconcile(reference) is ChangeState.UNKNOWN


def test_a_person_may_close_what_the_clock_was_set_back_over(world: World) -> None:
    reference = world.sent()
    world.read(MIXED, after_seconds=-7200)
    assert world.reconcile(reference) is ChangeState.UNKNOWN
    closed = world.reconciler.close_manually(world.ledger.get(reference), OLGA)
    assert closed.settled_by is SettledBy.PERSON


def test_an_old_view_does_not_become_new_by_waiting(world: World) -> None:
    reference = world.sent()
    world.read(UNTAKEN, after_seconds=5)
    world.clock.advance(3600)
    assert world.reconcile(reference) is ChangeState.UNKNOWN


def test_a_call_that_may_still_be_answered_is_left_to_its_answer(world: World) -> None:
    reference = world.sent(is_answer_lost=False)
    world.read(TAKEN, after_seconds=DEADLINE - 0.001)
    assert world.reconcile(reference) is ChangeState.APPLYING


@pytest.mark.parametrize(
    ("service", "state"), [(TAKEN, ChangeState.APPLIED), (UNTAKEN, ChangeState.FAILED)]
)
def test_a_change_of_a_process_that_died_is_reconciled_when_no_answer_can_come(
    world: World, service: Service, state: ChangeState
) -> None:
    reference = world.sent(is_answer_lost=False)
    world.read(service, after_seconds=SURE)
    assert world.reconcile(reference) is state
    assert "stopped before" in world.ledger.get(reference).settled_note


SMALLER = changed(VERTICAL, max_memory_gb=8)
"""What a boost that ends sends between somebody's draft and their press of the button."""


@pytest.mark.parametrize("is_seen_by_the_worker", [True, False])
@pytest.mark.parametrize(
    ("shown", "after_seconds", "state"),
    [
        (SMALLER, SURE, ChangeState.FAILED),
        (SMALLER, SURE - 1, ChangeState.APPLYING),
        (VERTICAL, SURE, ChangeState.FAILED),
        (changed(SMALLER, max_memory_gb=16), SURE, ChangeState.APPLYING),
        (TARGET, SURE, ChangeState.APPLIED),
    ],
)
def test_what_the_portal_has_changed_between_draft_and_intent_is_what_was_there_before(
    world: World,
    *,
    shown: ScalingConfig,
    after_seconds: float,
    state: ChangeState,
    is_seen_by_the_worker: bool,
) -> None:
    draft = world.ledger.create_draft(make_change(VERTICAL, TARGET), EVENT).reference
    world.accepted(make_change(VERTICAL, changed(VERTICAL, max_memory_gb=16)), seconds=-2)
    world.accepted(make_change(VERTICAL, SMALLER), seconds=-1)
    assert world.ledger.claim(draft, NOW, EVENT, drawn_after=NOW - DRAFT_LIFE)
    world.read(make_service(configured=shown), after_seconds=after_seconds)
    if is_seen_by_the_worker:
        world.reconciler.reconcile_all()
    else:
        world.reconcile(draft)
    assert world.ledger.get(draft).state is state


def test_without_anybody_looking_everything_that_can_be_reconciled_is(world: World) -> None:
    primary, reporting = world.sent(), world.sent(REPORTING_ID)
    world.read(TAKEN, after_seconds=60)
    world.reconciler.reconcile_all()
    assert world.ledger.get(primary).state is ChangeState.APPLIED
    assert world.ledger.get(reporting).is_in_flight  # Cloud does not show it


def test_what_is_not_in_flight_is_left_alone(world: World) -> None:
    draft = world.ledger.create_draft(make_change(), EVENT)
    world.read(TAKEN, after_seconds=60)
    assert world.reconciler.reconcile(draft) == draft
    assert world.reconciler.close_manually(draft, ALICE) == draft


def test_an_answer_that_comes_before_the_reading_wins(world: World) -> None:
    reference = world.sent()
    stale = world.ledger.get(reference)
    world.read(UNTAKEN, after_seconds=SURE)
    world.reconcile(reference)
    world.read(TAKEN, after_seconds=SURE + 1)
    assert world.reconciler.reconcile(stale).state is ChangeState.FAILED


def test_a_read_at_an_earlier_sending_reconciles_no_later_one(world: World) -> None:
    reference = world.sent(is_answer_lost=False)
    stale = world.ledger.get(reference)
    world.ledger.release(reference, EVENT)  # by a process that was held up, and not dead
    world.ledger.claim(reference, NOW + ANSWER_DEADLINE, EVENT, drawn_after=NOW - DRAFT_LIFE)
    world.read(UNTAKEN, after_seconds=SURE)
    assert world.reconciler.reconcile(stale).state is ChangeState.APPLYING


@pytest.mark.parametrize(
    ("earlier_ids", "after_seconds", "is_closed"),
    [
        ((), SURE, True),
        ((), SURE - 0.001, False),
        ((PRIMARY_ID,), SURE, False),  # missing for the first time
        (None, SURE, False),  # the first reading of all
    ],
)
def test_a_group_that_two_readings_do_not_show_gives_its_place_free(
    world: World, earlier_ids: tuple[str, ...] | None, after_seconds: float, is_closed: bool
) -> None:
    reference = world.sent()
    world.read(None, after_seconds=after_seconds)
    world.snapshot.shown = replace(world.snapshot.shown, earlier_ids=earlier_ids)
    assert world.reconcile(reference) is ChangeState.UNKNOWN
    closed = world.ledger.get(reference)
    assert closed.is_in_flight is not is_closed
    assert (closed.settled_note == GONE) is is_closed
    assert (world.ledger.find_in_flight(PRIMARY_ID) is None) is is_closed


def test_what_was_accepted_unseen_is_closed_without_saying_that_it_failed(world: World) -> None:
    reference = world.sent(is_answer_lost=False)
    world.ledger.mark_unknown(reference, NOT_SHOWN, None, EVENT, code=SettledCode.ACCEPTED_UNSEEN)
    world.read(UNTAKEN, after_seconds=SURE)
    assert world.reconcile(reference) is ChangeState.UNKNOWN
    assert world.ledger.get(reference).settled_note == STILL_AS_BEFORE
    assert world.ledger.find_in_flight(PRIMARY_ID) is None


def test_nobody_closes_a_change_by_hand_while_an_answer_can_come(world: World) -> None:
    reference = world.sent()
    world.read(None, after_seconds=DEADLINE - 0.001)
    with pytest.raises(NotPossible):
        world.reconciler.close_manually(world.ledger.get(reference), ALICE)
    assert world.ledger.get(reference).is_in_flight


def test_closing_by_hand_frees_the_group_and_says_who_did_it(world: World) -> None:
    reference = world.sent()
    world.read(MIXED, after_seconds=DEADLINE)
    closed = world.reconciler.close_manually(world.ledger.get(reference), OLGA)
    assert (closed.state, closed.settled_by) == (ChangeState.UNKNOWN, SettledBy.PERSON)
    assert "olga" in closed.settled_note
    assert world.ledger.find_in_flight(PRIMARY_ID) is None


def test_what_is_in_effect_is_seen_even_while_it_cannot_be_written_down(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.sent()
    world.read(make_service(configured=TARGET, effective=TARGET), after_seconds=1)
    assert world.reconcile(reference) is ChangeState.APPLIED

    def refuse(*_: object) -> None:
        raise StoreUnavailable(message="The records are locked.")

    with monkeypatch.context() as patch:
        patch.setattr(LoggedChanges, "note_effect", refuse)
        assert (
            world.reconciler.note_effect(world.ledger.get(reference)).effective_at
            == world.clock.time
        )
    assert world.ledger.get(reference).effective_at is None
    world.reconciler.note_effect(world.ledger.get(reference))
    assert world.ledger.get(reference).effective_at == world.clock.time


def test_what_takes_effect_is_written_down_without_anybody_looking(world: World) -> None:
    reference = world.sent()
    world.read(make_service(configured=TARGET, effective=VERTICAL), after_seconds=1)
    world.reconciler.reconcile_all()
    accepted = world.ledger.get(reference)
    assert (accepted.state, accepted.effective_at) == (ChangeState.APPLIED, None)
    world.read(make_service(configured=TARGET, effective=TARGET), after_seconds=300)
    world.reconciler.reconcile_all()
    assert world.ledger.get(reference).effective_at == world.clock.time


def test_where_nothing_is_open_cloud_is_not_read(world: World) -> None:
    world.ledger.create_draft(make_change(), EVENT)
    world.reconciler.reconcile_all()
    world.sent()
    world.read(make_service(configured=TARGET, effective=TARGET), after_seconds=1)
    world.reconciler.reconcile_all()
    assert world.snapshot.views > 0
    world.snapshot.views = 0
    world.reconciler.reconcile_all()
    assert world.snapshot.views == 0


def test_what_is_left_to_a_person_costs_no_more_readings(world: World) -> None:
    world.sent()
    world.read(MIXED, after_seconds=SURE - 1)
    world.reconciler.reconcile_all()
    assert world.snapshot.views > 0
    world.snapshot.views = 0
    world.read(MIXED, after_seconds=SURE)
    world.reconciler.reconcile_all()
    assert world.snapshot.views == 0


def test_an_effect_that_does_not_come_is_not_looked_for_for_ever(world: World) -> None:
    world.sent()
    world.read(make_service(configured=TARGET, effective=VERTICAL), after_seconds=1)
    world.reconciler.reconcile_all()
    settled_seconds = 1 + EFFECT_AWAITED.total_seconds()
    for seconds, is_read in ((settled_seconds - 1, True), (settled_seconds, False)):
        world.read(make_service(configured=TARGET, effective=VERTICAL), after_seconds=seconds)
        world.snapshot.views = 0
        world.reconciler.reconcile_all()
        assert (world.snapshot.views > 0) is is_read
