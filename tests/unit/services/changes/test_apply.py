"""Confirming a draft: decided again, recorded first, sent once, and every way that it can end."""

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState, SettledBy
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.errors import (
    BrokenRules,
    CloudAnswerLost,
    CloudDown,
    CloudError,
    CloudKeyRefused,
    CloudNotAsked,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
    ConfigurationChanged,
    NotPossible,
    NotSignedIn,
    PortalError,
)
from app.services.access.control import Access
from tests.unit.builders import (
    ALICE,
    PRIMARY_ID,
    REPORTING_ID,
    make_catalog,
)
from tests.unit.services.world import FIVE, ROOT, World, confirmation

C, S = ChangeState, ServiceState
MINE = f"granted alice {PRIMARY_ID}"
UNREACHABLE = CloudUnreachable(message="No connection.")
IN_ORDER = ["intent", "read", f"send scale {PRIMARY_ID}", "outcome applied"]
KINDS: list[tuple[CloudError, ChangeState]] = [
    (CloudAnswerLost(message="Lost."), C.UNKNOWN),
    (CloudRejected(message="No.", request_id="r-9", upstream_status=400), C.REJECTED),
    (CloudKeyRefused(message="No.", request_id="r-9", upstream_status=403), C.FAILED),
    (CloudNotFound(message="No.", request_id="r-9", upstream_status=404), C.REJECTED),
    (UNREACHABLE, C.FAILED),
    (CloudTooBusy(message="Busy.", retry_after_seconds=5), C.FAILED),
]


def test_the_intent_comes_first_then_a_read_then_the_call_then_the_outcome(world: World) -> None:
    change = world.apply(world.draft())
    assert world.deeds == IN_ORDER
    assert world.cloud.sent == [(PRIMARY_ID, Action.SCALE, {"numReplicas": 5})]
    assert (change.state, change.settled_by) == (C.APPLIED, SettledBy.ANSWER)
    assert change.cloud_request_id == "request-1"
    assert world.config() == FIVE


def test_at_the_moment_of_the_call_the_intent_stands_in_the_ledger(world: World) -> None:
    reference = world.draft()
    seen = []
    world.cloud.while_sending = lambda: seen.append(world.changes.get(reference))
    world.apply(reference)
    assert [(item.state, item.is_in_flight) for item in seen] == [(C.APPLYING, True)]


# ASVS 8.2.1, 8.3.1, 8.3.3
@pytest.mark.parametrize("action", Action)
def test_before_every_call_there_is_a_decision_for_this_person_group_and_action(
    world: World, action: Action
) -> None:
    begins_in = {Action.WAKE: S.IDLE, Action.START: S.STOPPED}
    world.show(begins_in.get(action, S.RUNNING))
    reference = world.draft() if action is Action.SCALE else world.draft_command(action)
    if action is Action.STOP:  # the password is checked where something runs
        world.show(S.RUNNING, REPORTING_ID)
    world.apply(reference, confirmation=confirmation())
    sending = world.log.index(f"send {action} {PRIMARY_ID}")
    # The last two things before the call, after everything that takes time.
    last_read = max(world.log.index(item) for item in ("intent", "read"))
    decision = world.log.index(f"{MINE} {action.spec.permission}", last_read)
    assert last_read < decision < world.log.index("open", decision) < sending
    # And once before anything at all is done.
    assert world.log.index(f"{MINE} {action.spec.permission}") < world.log.index("intent")


def revoke(world: World) -> None:
    """Take Alice's permissions away, but for looking."""
    denied = make_catalog().warehouses[0].groups[0].rules[0]
    world.set_policy(make_catalog(rules=(replace(denied, users=frozenset({"alice"})),)))


def close(world: World) -> None:
    """Freeze all changes."""
    world.administration.freeze(ROOT, "audit")


# ASVS 8.3.2, 15.4.2
@pytest.mark.parametrize("happening", [revoke, close])
@pytest.mark.parametrize("is_during_the_read", [True, False])
def test_rights_and_the_freeze_are_looked_at_again_at_the_last_moment(
    world: World, happening: Callable[[World], None], *, is_during_the_read: bool
) -> None:
    reference = world.draft()
    if is_during_the_read:
        world.cloud.while_reading = lambda: happening(world)
    else:
        happening(world)
    with pytest.raises(PortalError) as caught:
        world.apply(reference)
    assert caught.value.status in {403, 503}
    assert world.cloud.sent == []
    assert ("release" in world.log) == is_during_the_read
    assert world.changes.get(reference).state is C.DRAFT


@pytest.mark.parametrize(("error", "state"), KINDS)
@pytest.mark.parametrize("action", [Action.SCALE, Action.WAKE])
def test_every_answer_of_cloud_has_its_outcome(
    world: World, error: CloudError, state: ChangeState, action: Action
) -> None:
    world.show(S.RUNNING if action is Action.SCALE else S.IDLE)
    reference = world.draft() if action is Action.SCALE else world.draft_command(action)
    world.cloud.errors["update"] = error
    change = world.apply(reference)
    assert (change.state, change.settled_note.strip()) == (state, error.message)
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
    reference = world.draft_command(Action.WAKE)
    world.cloud.carry_out = lambda *_: None  # type: ignore[method-assign] # the state comes later
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
    assert world.deeds == ["intent", "read", "release"]
    released = world.changes.get(reference)
    assert (released.state, released.sent_at) == (C.DRAFT, None)
    assert world.changes.find_in_flight(PRIMARY_ID) is None


@pytest.mark.parametrize("action", [Action.WAKE, Action.START, Action.STOP])
def test_a_command_is_not_sent_to_a_group_that_is_in_another_state_by_now(
    world: World, action: Action
) -> None:
    begins_in = {Action.WAKE: S.IDLE, Action.START: S.STOPPED, Action.STOP: S.RUNNING}
    world.show(begins_in[action])
    reference = world.draft_command(action)
    world.cloud.put(PRIMARY_ID, state=S.STOPPED if action is Action.WAKE else S.AWAKING)
    with pytest.raises(NotPossible):
        world.apply(reference, confirmation=confirmation())
    assert world.cloud.sent == []


@pytest.mark.parametrize(
    "held_back",
    [
        CloudNotAsked(message="The budget is spent.", retry_after_seconds=3),
        CloudDown(message="Cloud is left alone.", retry_after_seconds=3),
    ],
    ids=lambda error: error.code,
)
def test_what_the_portal_itself_holds_back_leaves_the_draft(
    world: World, held_back: CloudNotAsked
) -> None:
    reference = world.draft()
    world.cloud.errors["update"] = held_back
    with pytest.raises(CloudNotAsked) as caught:
        world.apply(reference)
    assert caught.value.remedy == "Try again in 3 seconds."
    assert world.changes.get(reference).state is C.DRAFT
    world.cloud.errors.clear()
    assert world.apply(reference).state is C.APPLIED


# ASVS 7.4.1
@pytest.mark.parametrize("is_during_the_look", [True, False])
def test_whoever_signs_out_before_the_call_has_nothing_sent(
    world: World, *, is_during_the_look: bool
) -> None:
    token = world.sign_in_as(ALICE).token
    reference = world.draft()

    def leave() -> None:
        world.sign_in.sign_out(token)

    if is_during_the_look:
        world.cloud.while_reading = leave
    else:
        leave()
    with pytest.raises(NotSignedIn):
        world.applier.apply(
            ALICE, reference, check_signed_in=lambda: world.sign_in.check_signed_in(token)
        )
    assert world.cloud.sent == []
    assert world.changes.get(reference).state is C.DRAFT


@pytest.mark.parametrize(("action", "times"), [(Action.SCALE, 2), (Action.STOP, 3)])
def test_rights_are_looked_at_first_and_last_and_after_a_password_was_asked_for(
    world: World, action: Action, times: int
) -> None:
    for service_id in (PRIMARY_ID, REPORTING_ID):
        world.show(S.RUNNING, service_id)
    reference = world.draft() if action is Action.SCALE else world.draft_command(action)
    with patch.object(Access, "check_action", autospec=True) as check:
        world.apply(reference, confirmation=confirmation())
    assert check.call_count == times
