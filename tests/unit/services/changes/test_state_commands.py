"""Waking, starting and stopping: three actions, each only where it makes sense."""

import pytest

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, Change, ChangeState, SettledBy
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.errors import CloudAnswerLost, NotAllowed, NotFound, NotPossible, PortalError
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    DANA,
    FOREIGN_ID,
    PRIMARY_ID,
    giving,
    make_catalog,
)
from tests.unit.services.world import World, confirmation

S, C = ServiceState, ChangeState
UP = {S.RUNNING, S.PARTIALLY_RUNNING, S.DEGRADED}
# As the reference of Cloud has it: what begins it, and where it is on its way or done.
BEGINS = {Action.WAKE: {S.IDLE}, Action.START: {S.STOPPED}, Action.STOP: UP | {S.IDLE}}
NOTHING_TO_DO = {
    Action.WAKE: UP | {S.AWAKING},
    Action.START: UP | {S.STARTING},
    Action.STOP: {S.STOPPING, S.STOPPED},
}


@pytest.mark.parametrize("state", ServiceState)
@pytest.mark.parametrize("action", BEGINS)
def test_an_action_begins_only_where_it_makes_sense(
    world: World, action: Action, state: ServiceState
) -> None:
    world.show(state)
    if state in BEGINS[action]:
        draft = world.command(action, ALICE, PRIMARY_ID)
        assert draft is not None
        assert (draft.state, draft.action) == (C.DRAFT, action)
        assert draft.patch == {"command": action.spec.command}
    elif state in NOTHING_TO_DO[action]:
        assert world.command(action, ALICE, PRIMARY_ID) is None
        assert world.changes.list_in_flight() == []
    else:
        with pytest.raises(NotPossible) as caught:
            world.command(action, ALICE, PRIMARY_ID)
        assert caught.value.remedy == action.spec.elsewhere
    assert world.cloud.sent == []


# ASVS 8.2.1, 8.2.2
@pytest.mark.parametrize(
    ("person", "service_id", "error"),
    [
        (BOB, PRIMARY_ID, NotAllowed),
        (CHARLIE, PRIMARY_ID, NotFound),
        (DANA, PRIMARY_ID, NotFound),
        (ALICE, FOREIGN_ID, NotFound),
    ],
)
@pytest.mark.parametrize("action", BEGINS)
def test_nobody_begins_an_action_without_the_permission(
    world: World, action: Action, person: Identity, service_id: str, error: type[PortalError]
) -> None:
    with pytest.raises(error):
        world.command(action, person, service_id)


@pytest.mark.parametrize(
    ("held", "allowed"),
    [
        (Permission.WAKE, {Action.WAKE}),
        (Permission.POWER, {Action.START, Action.STOP}),
        (Permission.SCALE, set()),
        (Permission.AUDIT, set()),
    ],
)
def test_waking_and_switching_on_and_off_are_permissions_of_their_own(
    world: World, held: Permission, allowed: set[Action]
) -> None:
    world.set_policy(make_catalog(rules=(giving(held, users=("alice",)),)))
    for action, states in BEGINS.items():
        world.show(min(states))
        if action in allowed:
            assert world.command(action, ALICE, PRIMARY_ID) is not None
        else:
            with pytest.raises(NotAllowed, match=action.spec.permission.label):
                world.command(action, ALICE, PRIMARY_ID)


def test_a_group_that_cloud_does_not_show_cannot_be_switched(world: World) -> None:
    world.cloud.services.clear()
    for action in BEGINS:
        with pytest.raises(NotPossible):
            world.command(action, ALICE, PRIMARY_ID)


@pytest.mark.parametrize("action", BEGINS)
def test_a_confirmed_action_sends_its_command_once(world: World, action: Action) -> None:
    world.show(max(BEGINS[action]))
    change = world.apply(world.draft_command(action), confirmation=confirmation())
    assert change.state is C.APPLIED
    assert world.cloud.sent == [(PRIMARY_ID, action, {"command": action.spec.command})]
    # Already on its way: a second press sends nothing.
    assert world.command(action, ALICE, PRIMARY_ID) is None


@pytest.mark.parametrize(
    ("does_it_anyway", "late", "outcome"),
    [(True, False, C.APPLIED), (False, False, None), (False, True, C.FAILED)],
)
@pytest.mark.parametrize("action", BEGINS)
def test_a_lost_answer_is_reconciled_by_reading_the_state(
    world: World, action: Action, *, does_it_anyway: bool, late: bool, outcome: ChangeState | None
) -> None:
    world.show(max(BEGINS[action]))
    reference = world.draft_command(action)
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.cloud.does_it_anyway = does_it_anyway
    assert world.apply(reference, confirmation=confirmation()).state is C.UNKNOWN
    world.clock.advance((ANSWER_DEADLINE + STATE_LAG).total_seconds() if late else 6)
    settled = world.ledger.get_change(ALICE, reference)
    assert settled.state is (outcome or C.UNKNOWN)
    assert settled.settled_by is (SettledBy.READING if outcome else None)
    assert (world.changes.find_in_flight(PRIMARY_ID) is None) == (outcome is not None)


def begin(world: World, action: Action, token: str = "") -> Change | None:
    """Ask for a command with nothing typed, in the session of a token."""
    nothing_typed = confirmation("", "", token)
    return world.state_commands.begin(
        ALICE, PRIMARY_ID, {"command": action}, nothing_typed, check_signed_in=lambda: None
    )


@pytest.mark.parametrize("action", [Action.WAKE, Action.START])
def test_a_command_that_asks_for_nothing_is_sent_at_once(world: World, action: Action) -> None:
    world.show(max(BEGINS[action]))
    token = world.sign_in_as(ALICE).token
    change = begin(world, action, token)
    assert change is not None
    assert change.state is C.APPLIED
    assert len(world.cloud.sent) == 1
    assert begin(world, action, token) is None


@pytest.mark.parametrize(
    ("action", "limits", "minutes"),
    [
        (Action.STOP, Limits(), 0),
        (Action.START, Limits(is_reason_required=True), 0),
        (Action.START, Limits(), 61),
    ],
)
def test_a_command_that_asks_for_something_stays_a_draft(
    world: World, action: Action, limits: Limits, minutes: int
) -> None:
    world.set_policy(make_catalog(limits=limits))
    token = world.sign_in_as(ALICE).token
    for _ in range(minutes // 20):  # no session lives that long unused
        world.clock.advance(20 * 60)
        world.sign_in.resume(token, is_activity=True)
    world.clock.advance(minutes % 20 * 60)
    world.show(max(BEGINS[action]))
    change = begin(world, action, token)
    assert change is not None
    assert change.state is C.DRAFT
    assert world.cloud.sent == []
