"""Waking, starting and stopping: three acts, each only where it makes sense."""

import pytest

from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import ANSWER_DEADLINE, STATE_LAG, ChangeState, SettledBy
from app.domain.states import ServiceState
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
from tests.unit.services.world import World, proof

S, C = ServiceState, ChangeState
UP = {S.RUNNING, S.PARTIALLY_RUNNING, S.DEGRADED}
# As the reference of Cloud has it: what begins it, and where it is on its way or done.
BEGINS = {Act.WAKE: {S.IDLE}, Act.START: {S.STOPPED}, Act.STOP: UP | {S.IDLE}}
NOTHING_TO_DO = {
    Act.WAKE: UP | {S.AWAKING},
    Act.START: UP | {S.STARTING},
    Act.STOP: {S.STOPPING, S.STOPPED},
}


@pytest.mark.parametrize("state", ServiceState)
@pytest.mark.parametrize("act", BEGINS)
def test_an_act_begins_only_where_it_makes_sense(
    world: World, act: Act, state: ServiceState
) -> None:
    world.show(state)
    if state in BEGINS[act]:
        draft = world.power.propose(ALICE, PRIMARY_ID, act)
        assert draft is not None
        assert (draft.state, draft.act) == (C.DRAFT, act)
        assert draft.patch == {"command": act.facts.command}
    elif state in NOTHING_TO_DO[act]:
        assert world.power.propose(ALICE, PRIMARY_ID, act) is None
        assert world.changes.list_in_flight() == []
    else:
        with pytest.raises(NotPossible) as caught:
            world.power.propose(ALICE, PRIMARY_ID, act)
        assert caught.value.remedy == act.facts.elsewhere
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
@pytest.mark.parametrize("act", BEGINS)
def test_nobody_begins_an_act_without_the_permission(
    world: World, act: Act, person: Identity, service_id: str, error: type[PortalError]
) -> None:
    with pytest.raises(error):
        world.power.propose(person, service_id, act)


@pytest.mark.parametrize(
    ("held", "allowed"),
    [
        (Permission.WAKE, {Act.WAKE}),
        (Permission.POWER, {Act.START, Act.STOP}),
        (Permission.SCALE, set()),
        (Permission.AUDIT, set()),
    ],
)
def test_waking_and_switching_on_and_off_are_permissions_of_their_own(
    world: World, held: Permission, allowed: set[Act]
) -> None:
    world.set_policy(make_catalog(rules=(giving(held, users=("alice",)),)))
    for act, states in BEGINS.items():
        world.show(min(states))
        if act in allowed:
            assert world.power.propose(ALICE, PRIMARY_ID, act) is not None
        else:
            with pytest.raises(NotAllowed, match=act.facts.permission):
                world.power.propose(ALICE, PRIMARY_ID, act)


def test_a_group_that_cloud_does_not_show_cannot_be_switched(world: World) -> None:
    world.cloud.services.clear()
    for act in BEGINS:
        with pytest.raises(NotPossible):
            world.power.propose(ALICE, PRIMARY_ID, act)


@pytest.mark.parametrize("act", BEGINS)
def test_a_confirmed_act_sends_its_command_once(world: World, act: Act) -> None:
    world.show(max(BEGINS[act]))
    change = world.apply(world.draft_act(act), proof=proof())
    assert change.state is C.APPLIED
    assert world.cloud.sent == [(PRIMARY_ID, act, {"command": act.facts.command})]
    # Already on its way: a second press sends nothing.
    assert world.power.propose(ALICE, PRIMARY_ID, act) is None


@pytest.mark.parametrize(
    ("does_it_anyway", "late", "outcome"),
    [(True, False, C.APPLIED), (False, False, None), (False, True, C.FAILED)],
)
@pytest.mark.parametrize("act", BEGINS)
def test_a_lost_answer_is_settled_by_reading_the_state(
    world: World, act: Act, *, does_it_anyway: bool, late: bool, outcome: ChangeState | None
) -> None:
    world.show(max(BEGINS[act]))
    reference = world.draft_act(act)
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.cloud.does_it_anyway = does_it_anyway
    assert world.apply(reference, proof=proof()).state is C.UNKNOWN
    world.clock.advance((ANSWER_DEADLINE + STATE_LAG).total_seconds() if late else 6)
    settled = world.ledger.get_change(ALICE, reference)
    assert settled.state is (outcome or C.UNKNOWN)
    assert settled.settled_by is (SettledBy.READING if outcome else None)
    assert (world.changes.find_in_flight(PRIMARY_ID) is None) == (outcome is not None)
