"""Confirming a draft: decided again, recorded first, sent once, and every way that it can end."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete

from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import DRAFT_LIFE, ChangeState, SettledBy
from app.domain.limits import Limits
from app.domain.states import ServiceState
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
    NotFound,
    NotPossible,
    PortalError,
    StoreUnavailable,
)
from app.services.applying import LATEST_SENDING
from app.store.engine import writing
from app.store.schema import changes
from tests.unit.builders_access import (
    ALICE,
    BOB,
    DANA,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
)
from tests.unit.services.world import FIVE, World, proof

C, S = ChangeState, ServiceState
MINE = f"granted alice {PRIMARY_ID}"
UNREACHABLE = CloudUnreachable(message="No connection.")
IN_ORDER = ["intent", "read", f"send scale {PRIMARY_ID}", "outcome applied"]
KINDS: list[tuple[CloudError, ChangeState]] = [
    (CloudAnswerLost(message="Lost."), C.UNKNOWN),
    (CloudRejected(message="No.", request_id="r-9", upstream_status=400), C.REJECTED),
    (CloudKeyRefused(message="No.", request_id="r-9", upstream_status=403), C.REJECTED),
    (CloudNotFound(message="No.", request_id="r-9", upstream_status=404), C.REJECTED),
    (UNREACHABLE, C.FAILED),
    (CloudTooBusy(message="Busy.", retry_after_seconds=5), C.FAILED),
]


def essence(world: World) -> list[str]:
    """What happened, without the decisions."""
    return [item for item in world.log if not item.startswith(("granted", "open"))]


def test_the_intent_comes_first_then_a_look_then_the_call_then_the_outcome(world: World) -> None:
    change = world.apply(world.draft())
    assert essence(world) == IN_ORDER
    assert world.cloud.sent == [(PRIMARY_ID, Act.SCALE, {"numReplicas": 5})]
    assert (change.state, change.settled_by) == (C.APPLIED, SettledBy.ANSWER)
    assert change.cloud_request_id == "request-1"
    assert world.config() == FIVE


def test_at_the_moment_of_the_call_the_intent_stands_in_the_ledger(world: World) -> None:
    reference = world.draft()
    seen = []
    world.cloud.while_sending = lambda: seen.append(world.changes.get(reference))
    world.apply(reference)
    assert [(item.state, item.is_in_flight) for item in seen] == [(C.APPLYING, True)]


# ASVS 8.2.1, 8.3.1
@pytest.mark.parametrize("act", Act)
def test_before_every_call_there_is_a_decision_for_this_person_group_and_act(
    world: World, act: Act
) -> None:
    begins_in = {Act.WAKE: S.IDLE, Act.START: S.STOPPED}
    world.show(begins_in.get(act, S.RUNNING))
    reference = world.draft() if act is Act.SCALE else world.draft_act(act)
    if act is Act.STOP:  # the password is checked where something runs
        world.show(S.RUNNING, REPORTING_ID)
    world.apply(reference, proof=proof())
    sending = world.log.index(f"send {act} {PRIMARY_ID}")
    # The last two things before the call, after everything that takes time.
    last_look = max(world.log.index(item) for item in ("intent", "read"))
    decision = world.log.index(f"{MINE} {act.facts.permission}", last_look)
    assert last_look < decision < world.log.index("open", decision) < sending
    # And once before anything at all is done.
    assert world.log.index(f"{MINE} {act.facts.permission}") < world.log.index("intent")


def revoke(world: World) -> None:
    """Take Alice's permissions away, but for looking."""
    denied = make_catalog().warehouses[0].groups[0].rules[0]
    world.set_policy(make_catalog(rules=(replace(denied, users=frozenset({"alice"})),)))


def close(world: World) -> None:
    """Switch all changes off."""
    world.administration.freeze("root", "audit")


@pytest.mark.parametrize("happening", [revoke, close])
@pytest.mark.parametrize("is_during_the_look", [True, False])
def test_rights_and_the_freeze_are_looked_at_again_at_the_last_moment(
    world: World, happening: Callable[[World], None], *, is_during_the_look: bool
) -> None:
    reference = world.draft()
    if is_during_the_look:
        world.cloud.while_reading = lambda: happening(world)
    else:
        happening(world)
    with pytest.raises(PortalError) as caught:
        world.apply(reference)
    assert caught.value.status in {403, 503}
    assert world.cloud.sent == []
    assert ("release" in world.log) == is_during_the_look
    assert world.changes.get(reference).state is C.DRAFT


@pytest.mark.parametrize(("error", "state"), KINDS)
@pytest.mark.parametrize("act", [Act.SCALE, Act.WAKE])
def test_every_answer_of_cloud_has_its_outcome(
    world: World, error: CloudError, state: ChangeState, act: Act
) -> None:
    world.show(S.RUNNING if act is Act.SCALE else S.IDLE)
    reference = world.draft() if act is Act.SCALE else world.draft_act(act)
    world.cloud.errors["update"] = error
    change = world.apply(reference)
    assert (change.state, change.settled_note) == (state, error.message)
    assert change.cloud_request_id == error.request_id
    assert change.is_in_flight == (state is C.UNKNOWN)
    assert len(world.cloud.sent) == 1


def test_an_acceptance_that_shows_other_values_is_of_unknown_outcome(world: World) -> None:
    reference = world.draft()
    world.cloud.carry_out = lambda *_: None  # type: ignore[method-assign] # Cloud does nothing
    change = world.apply(reference)
    assert change.state is C.UNKNOWN
    assert "shows other values" in change.settled_note


def test_a_command_that_still_shows_the_old_state_is_applied(world: World) -> None:
    world.show(S.IDLE)
    reference = world.draft_act(Act.WAKE)
    world.cloud.carry_out = lambda *_: None  # type: ignore[method-assign] # the state comes later
    assert world.apply(reference).state is C.APPLIED


# ASVS 2.3.1
def test_a_change_confirmed_before_is_returned_and_nothing_is_sent_again(world: World) -> None:
    reference = world.draft()
    first = world.apply(reference)
    world.log.clear()
    assert world.apply(reference) == first
    assert essence(world) == []
    assert len(world.cloud.sent) == 1


def test_a_second_press_at_the_same_time_sends_nothing(world: World) -> None:
    reference = world.draft()
    seen = []
    world.cloud.while_sending = lambda: seen.append(world.apply(reference).state)
    assert world.apply(reference).state is C.APPLIED
    assert seen == [C.APPLYING]
    assert len(world.cloud.sent) == 1


def test_a_process_that_was_held_up_for_more_than_ten_seconds_sends_nothing(world: World) -> None:
    assert LATEST_SENDING.total_seconds() == 10
    reference = world.draft()
    world.cloud.while_reading = lambda: world.clock.advance(10.001)
    with pytest.raises(DraftUnusable, match="held up"):
        world.apply(reference)
    assert essence(world) == ["intent", "read", "release"]
    world.cloud.while_reading = lambda: world.clock.advance(10)
    assert world.apply(reference).state is C.APPLIED


def break_reading(world: World) -> None:
    """Cloud cannot be reached."""
    world.cloud.errors["get_service"] = UNREACHABLE


def reconfigure(world: World) -> None:
    """Somebody else changes the group."""
    world.cloud.configure(PRIMARY_ID, {"maxReplicaMemoryGb": 64})


def narrow(world: World) -> None:
    """The owners lower a limit."""
    world.set_policy(make_catalog(limits=Limits(max_replicas=4)))


def end(world: World) -> None:
    """The group begins to stop."""
    world.cloud.put(PRIMARY_ID, state=S.STOPPING)


@pytest.mark.parametrize(
    ("happening", "error"),
    [
        (break_reading, CloudUnreachable),
        (reconfigure, ConfigurationChanged),
        (narrow, BrokenRules),
        (end, NotPossible),
    ],
)
def test_a_refusal_after_the_claim_releases_it_and_sends_nothing(
    world: World, happening: Callable[[World], None], error: type[PortalError]
) -> None:
    reference = world.draft()
    happening(world)
    with pytest.raises(error):
        world.apply(reference)
    assert essence(world) == ["intent", "read", "release"]
    released = world.changes.get(reference)
    assert (released.state, released.sent_at) == (C.DRAFT, None)
    assert world.changes.find_in_flight(PRIMARY_ID) is None


@pytest.mark.parametrize("act", [Act.WAKE, Act.START, Act.STOP])
def test_a_command_is_not_sent_to_a_group_that_is_in_another_state_by_now(
    world: World, act: Act
) -> None:
    begins_in = {Act.WAKE: S.IDLE, Act.START: S.STOPPED, Act.STOP: S.RUNNING}
    world.show(begins_in[act])
    reference = world.draft_act(act)
    world.cloud.put(PRIMARY_ID, state=S.DEGRADED if act is Act.WAKE else S.AWAKING)
    with pytest.raises(NotPossible):
        world.apply(reference, proof=proof())
    assert world.cloud.sent == []


def test_one_change_of_a_group_is_in_flight_at_a_time_and_others_go_on(world: World) -> None:
    mine, hers = world.draft(), world.draft(person=OLGA)
    other = world.draft(service_id=REPORTING_ID)
    refused = []

    def meanwhile() -> None:
        world.cloud.while_sending = lambda: None
        with pytest.raises(ChangeInFlight) as caught:
            world.apply(hers, OLGA)
        refused.append(caught.value)
        assert world.apply(other).state is C.APPLIED

    world.cloud.while_sending = meanwhile
    world.apply(mine)
    assert [error.reference for error in refused] == [mine]
    assert "alice is changing this group" in refused[0].message
    assert len(world.cloud.sent) == 2
    assert world.changes.get(hers).state is C.DRAFT


def test_while_an_outcome_is_unknown_nobody_can_propose_or_confirm(world: World) -> None:
    mine, hers = world.draft(), world.draft(person=OLGA)
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.apply(mine)
    with pytest.raises(ChangeInFlight):
        world.apply(hers, OLGA)
    with pytest.raises(ChangeInFlight):
        world.draft(person=OLGA)
    with pytest.raises(ChangeInFlight):
        world.draft_act(Act.STOP)


@pytest.mark.parametrize("person", [OLGA, BOB, DANA, replace(ALICE, warehouse="marketing")])
def test_a_draft_is_confirmed_by_its_author_alone(world: World, person: Identity) -> None:
    reference = world.draft()
    with pytest.raises(NotFound):
        world.apply(reference, person)
    with pytest.raises(NotFound):
        world.apply("ZZZZ-9999")
    assert essence(world) == []


def test_a_draft_can_be_confirmed_for_a_quarter_of_an_hour(world: World) -> None:
    early, late = world.draft(), world.draft(service_id=REPORTING_ID)
    world.clock.advance(DRAFT_LIFE.total_seconds() - 1)
    assert world.apply(early).state is C.APPLIED
    world.clock.advance(1)
    with pytest.raises(DraftUnusable, match="too old"):
        world.apply(late)
    assert len(world.cloud.sent) == 1


def test_without_a_record_of_the_intent_nothing_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()

    def fail(*_: object, **__: object) -> bool:
        raise StoreUnavailable(message="No disk.")

    monkeypatch.setattr(type(world.changes), "claim", fail)
    with pytest.raises(StoreUnavailable):
        world.apply(reference)
    assert world.cloud.sent == []


def test_a_draft_that_was_taken_out_of_the_ledger_is_not_found(world: World) -> None:
    reference = world.draft()
    with writing(world.changes.engine) as connection:
        connection.execute(delete(changes))
    with pytest.raises(NotFound):
        world.apply(reference)


def test_a_group_taken_out_of_the_file_cannot_be_changed(world: World) -> None:
    reference = world.draft()
    catalog = make_catalog()
    world.set_policy(replace(catalog, warehouses=catalog.warehouses[1:]))
    with pytest.raises(NotFound):
        world.apply(reference)
    assert world.cloud.sent == []


@pytest.mark.parametrize("permission", [Permission.SCALE])
def test_a_draft_of_a_size_needs_the_permission_to_scale(
    world: World, permission: Permission
) -> None:
    target = changed(VERTICAL, idle_timeout_minutes=20)
    world.apply(world.draft(target))
    assert f"{MINE} {permission}" in world.log
