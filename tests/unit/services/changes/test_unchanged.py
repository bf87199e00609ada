"""A change that was confirmed when all of it was so already: nothing is sent, and it says so."""

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState, SettledBy
from app.domain.groups.states import ServiceState
from app.errors import ConfigurationChanged
from tests.unit.builders import PRIMARY_ID, REPORTING_ID, changed
from tests.unit.services.world import FIVE, World, confirmation

C, S = ChangeState, ServiceState


def test_a_size_that_stands_there_by_now_is_not_sent(world: World) -> None:
    reference = world.draft()
    world.cloud.put(PRIMARY_ID, configured=FIVE)
    change = world.apply(reference)
    assert world.deeds == ["intent", "read", "outcome unchanged"]
    assert (change.state, change.settled_by) == (C.UNCHANGED, SettledBy.READING)
    assert not change.is_in_flight
    assert world.changes.find_in_flight(PRIMARY_ID) is None


def test_only_the_whole_configuration_that_was_reviewed_is_as_asked(world: World) -> None:
    reference = world.draft()
    world.cloud.put(PRIMARY_ID, configured=changed(FIVE, max_memory_gb=64))
    with pytest.raises(ConfigurationChanged):
        world.apply(reference)
    assert world.changes.get(reference).state is C.DRAFT


@pytest.mark.parametrize(
    ("action", "before", "by_now"),
    [
        (Action.WAKE, S.IDLE, S.AWAKING),
        (Action.WAKE, S.IDLE, S.DEGRADED),
        (Action.START, S.STOPPED, S.STARTING),
        (Action.START, S.STOPPED, S.RUNNING),
        (Action.STOP, S.RUNNING, S.STOPPING),
        (Action.STOP, S.RUNNING, S.STOPPED),
    ],
)
def test_what_is_in_progress_or_done_is_not_commanded_again(
    world: World, action: Action, before: ServiceState, by_now: ServiceState
) -> None:
    world.show(before)
    reference = world.draft_command(action)
    if action is Action.STOP:  # the password is checked where something runs
        world.show(S.RUNNING, REPORTING_ID)
    world.cloud.put(PRIMARY_ID, state=by_now)
    assert world.apply(reference, confirmation=confirmation()).state is C.UNCHANGED
    assert world.cloud.sent == []


def test_confirming_it_again_returns_it_as_it_is(world: World) -> None:
    reference = world.draft()
    world.cloud.put(PRIMARY_ID, configured=FIVE)
    first = world.apply(reference)
    world.log.clear()
    assert world.apply(reference) == first
    assert world.deeds == []
