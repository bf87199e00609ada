"""One change from confirmation to outcome: the order of things, and every way it can end."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from app.domain.access import Identity
from app.domain.changes import ChangeState, SettledBy
from app.domain.limits import Limits
from app.errors import (
    BrokenRules,
    ChangeInFlight,
    CloudAnswerLost,
    CloudError,
    CloudKeyRefused,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
    ConfigurationChanged,
    DraftUnusable,
    NotAllowed,
    NotFound,
    NotPossible,
    PortalError,
    StoreUnavailable,
)
from app.services.scaling import LATEST_SENDING
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    DANA,
    PRIMARY_ID,
    make_service,
)
from tests.unit.services.fakes import Clock, FakeCloud, Ledger
from tests.unit.services.scaling_world import OLGA, PATCHED, UNREACHABLE, World


@pytest.fixture
def world(engine: Engine, clock: Clock) -> World:
    """A running group of 3 replicas."""
    return World(engine, clock)


def test_the_intent_is_written_before_the_call_and_the_outcome_after(world: World) -> None:
    change = world.apply(world.draft())
    assert world.log == ["intent", "read", "patch", "outcome applied"]
    assert world.cloud.patches == [PATCHED]
    assert change.state is ChangeState.APPLIED
    assert (change.settled_by, change.cloud_request_id) == (SettledBy.ANSWER, "request-1")
    assert world.snapshot.told[-1] == world.cloud.service


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (CloudAnswerLost(message="No answer.", request_id="r"), ChangeState.UNKNOWN),
        (
            CloudRejected(message="Too many.", request_id="r", upstream_status=400),
            ChangeState.REJECTED,
        ),
        (
            CloudKeyRefused(message="No key.", request_id="r", upstream_status=403),
            ChangeState.REJECTED,
        ),
        (
            CloudNotFound(message="Not there.", request_id="r", upstream_status=404),
            ChangeState.REJECTED,
        ),
        (UNREACHABLE, ChangeState.FAILED),
        (CloudTooBusy(message="Too often.", retry_after_seconds=3), ChangeState.FAILED),
    ],
)
def test_every_answer_of_cloud_leads_to_its_outcome(
    world: World, error: CloudError, state: ChangeState
) -> None:
    reference = world.draft()
    world.cloud.patch_error = error
    change = world.apply(reference)
    assert change.state is state
    assert (change.settled_note, change.cloud_request_id) == (error.message, error.request_id)
    assert change.is_in_flight == (state is ChangeState.UNKNOWN)
    assert len(world.cloud.patches) == 1


def test_an_acceptance_that_shows_other_values_is_not_believed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()
    monkeypatch.setattr(FakeCloud, "configure", lambda *_: None)
    change = world.apply(reference)
    assert change.state is ChangeState.UNKNOWN
    assert change.cloud_request_id == "request-1"
    assert "other values" in change.settled_note


# ASVS 2.3.4
def test_confirming_again_sends_nothing_again(world: World) -> None:
    reference = world.draft()
    first = world.apply(reference)
    assert world.apply(reference) == first
    assert len(world.cloud.patches) == 1


@pytest.mark.parametrize("error", [CloudAnswerLost(message="No answer."), UNREACHABLE])
def test_confirming_again_after_trouble_sends_nothing_again(
    world: World, error: CloudError
) -> None:
    reference = world.draft()
    world.cloud.patch_error = error
    first = world.apply(reference)
    world.cloud.patch_error = None
    assert world.apply(reference).state is first.state
    assert len(world.cloud.patches) == 1


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda world: world.cloud.configure({"maxReplicaMemoryGb": 64}), ConfigurationChanged),
        (lambda world: setattr(world, "limits", Limits(max_replicas=4)), BrokenRules),
        (lambda world: setattr(world, "limits", Limits(is_reason_required=True)), BrokenRules),
        (
            lambda world: setattr(world.cloud, "service", make_service(is_byoc=True)),
            NotPossible,
        ),
        (lambda world: setattr(world.cloud, "get_error", UNREACHABLE), CloudUnreachable),
    ],
)
def test_what_changed_since_the_draft_stops_it_and_the_draft_stays(
    world: World, spoil: Callable[[World], object], error: type[PortalError]
) -> None:
    reference = world.draft()
    spoil(world)
    with pytest.raises(error):
        world.apply(reference)
    assert world.log == ["intent", "read", "release"]
    assert world.ledger.get(reference).state is ChangeState.DRAFT
    assert world.ledger.find_in_flight(PRIMARY_ID) is None


# ASVS 8.3.2
def test_permissions_are_asked_for_again_when_it_is_confirmed(world: World) -> None:
    reference = world.draft()
    demoted = Identity("analytics", "alice", frozenset({"analytics_viewer"}))
    gone = Identity("analytics", "alice", frozenset())
    with pytest.raises(NotAllowed):
        world.apply(reference, demoted)
    with pytest.raises(NotFound):
        world.apply(reference, gone)
    assert world.log == []


# ASVS 2.3.1, 8.2.2
@pytest.mark.parametrize(
    "person", [OLGA, BOB, CHARLIE, DANA, Identity("marketing", "alice", DANA.roles)]
)
def test_a_draft_is_confirmed_by_its_author_alone(world: World, person: Identity) -> None:
    reference = world.draft()
    with pytest.raises(NotFound):
        world.apply(reference, person)
    with pytest.raises(NotFound):
        world.use_case.get_own_change(person, reference)
    with pytest.raises(NotFound):
        world.use_case.get_change(person, reference)
    assert world.log == []


def test_a_draft_that_is_too_old_is_not_sent(world: World) -> None:
    reference = world.draft()
    world.clock.advance(15 * 60)
    with pytest.raises(DraftUnusable, match="15 minutes"):
        world.apply(reference)
    assert world.log == ["intent"]


def test_a_reference_that_does_not_exist_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.apply("ZZZZ-9999")


def test_one_change_of_a_group_at_a_time(world: World) -> None:
    mine, hers = world.draft(), world.draft(OLGA)
    world.cloud.patch_error = CloudAnswerLost(message="No answer.")
    world.apply(mine)
    with pytest.raises(ChangeInFlight) as caught:
        world.apply(hers, OLGA)
    assert caught.value.reference == mine
    with pytest.raises(ChangeInFlight):
        world.propose(person=OLGA)
    assert len(world.cloud.patches) == 1


def test_a_process_held_up_between_intent_and_call_sends_nothing(world: World) -> None:
    reference = world.draft()
    late = LATEST_SENDING.total_seconds() + 0.001
    world.cloud.while_reading = lambda: world.clock.advance(late)
    with pytest.raises(DraftUnusable, match="held up"):
        world.apply(reference)
    assert world.cloud.patches == []
    assert world.ledger.get(reference).state is ChangeState.DRAFT
    world.cloud.while_reading = lambda: None
    assert world.apply(reference).state is ChangeState.APPLIED


# ASVS 16.5.3
def test_if_the_intent_cannot_be_written_no_call_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()

    def refuse(*_: object) -> bool:
        raise StoreUnavailable(message="No disk.")

    monkeypatch.setattr(Ledger, "claim", refuse)
    with pytest.raises(StoreUnavailable):
        world.apply(reference)
    assert world.log == []


def test_if_the_outcome_cannot_be_written_reading_back_settles_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()

    def refuse(*_: object) -> bool:
        raise StoreUnavailable(message="No disk.")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "settle", refuse)
        with pytest.raises(StoreUnavailable):
            world.apply(reference)
    assert world.ledger.get(reference).state is ChangeState.APPLYING
    assert world.apply(reference).state is ChangeState.APPLYING  # and nothing is sent again
    world.clock.advance(31)
    world.snapshot.show(world.cloud.service, taken_at=world.clock())
    settled = world.use_case.get_change(ALICE, reference)
    assert (settled.state, settled.settled_by) == (ChangeState.APPLIED, SettledBy.READING)
    assert len(world.cloud.patches) == 1
