"""What Cloud shows after it accepted a change: late, or not at all. Nothing false is said."""

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import GONE, NOT_SHOWN, STATE_LAG, ChangeState
from app.domain.changes.effect import Effect
from app.domain.groups.states import ServiceState
from app.errors import ConfigurationChanged, NotPossible
from tests.unit.builders import ALICE, PRIMARY_ID, VERTICAL, replicas
from tests.unit.services.world import World, confirmation

LAG = STATE_LAG.total_seconds()


def show(world: World, reference: str, *, after_seconds: float = 6) -> tuple[ChangeState, Effect]:
    """How the change stands so much later."""
    world.clock.advance(after_seconds)
    details = world.change_pages.show(ALICE, reference)
    return details.change.state, details.effect


@pytest.mark.parametrize("action", [Action.SCALE, Action.STOP])
def test_an_acceptance_that_shows_nothing_is_found_out_by_reading(
    world: World, action: Action
) -> None:
    is_stop = action is Action.STOP
    reference = world.draft_command(action) if is_stop else world.draft()
    world.cloud.is_shown = False
    change = world.apply(reference, ALICE, confirmation() if is_stop else None)
    assert (change.state, change.settled_note) == (ChangeState.UNKNOWN, NOT_SHOWN)
    assert show(world, reference)[0] is ChangeState.APPLIED


def test_values_that_show_late_are_no_later_change(world: World) -> None:
    reference = world.draft()
    world.apply(reference)
    world.cloud.put(PRIMARY_ID, configured=VERTICAL, effective=VERTICAL)
    assert show(world, reference) == (ChangeState.APPLIED, Effect.ON_ITS_WAY)
    world.cloud.put(PRIMARY_ID, configured=replicas(5), effective=replicas(5))
    assert show(world, reference) == (ChangeState.APPLIED, Effect.IN_EFFECT)


def test_what_the_portal_itself_took_back_is_said_at_once(world: World) -> None:
    reference = world.draft()
    world.apply(reference)
    world.clock.advance(6)
    world.apply(world.draft(VERTICAL))
    assert show(world, reference) == (ChangeState.APPLIED, Effect.SUPERSEDED)


def test_a_stop_that_ends_in_idle_is_done(world: World) -> None:
    world.show(ServiceState.IDLE)
    reference = world.draft_command(Action.STOP)  # an idle group can be stopped
    world.apply(reference, ALICE, confirmation())
    assert [action for _, action, _ in world.cloud.sent] == [Action.STOP]
    world.show(ServiceState.IDLE)
    assert show(world, reference)[1] is Effect.ON_ITS_WAY
    assert show(world, reference, after_seconds=LAG)[1] is Effect.IN_EFFECT
    assert world.command(Action.STOP) is not None


def test_a_group_that_disappears_while_a_change_is_open_gives_its_place_free(world: World) -> None:
    reference = world.draft()
    world.cloud.is_shown = False
    world.apply(reference)
    del world.cloud.services[PRIMARY_ID]
    assert show(world, reference)[0] is ChangeState.UNKNOWN
    assert world.changes.find_in_flight(PRIMARY_ID) is not None
    show(world, reference, after_seconds=LAG + 60)
    closed = world.changes.get(reference)
    assert (closed.state, closed.settled_note) == (ChangeState.UNKNOWN, GONE)
    assert world.changes.find_in_flight(PRIMARY_ID) is None


def go_back_though_the_first_size_shows(world: World) -> str:
    """Five replicas were accepted, going back was drawn up, and Cloud still shows the three."""
    world.apply(world.draft())
    reference = world.draft(VERTICAL)
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    return reference


def test_going_back_is_not_done_because_the_last_size_does_not_show_yet(world: World) -> None:
    reference = go_back_though_the_first_size_shows(world)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.apply(reference)
    assert world.changes.get(reference).state is ChangeState.DRAFT
    world.cloud.put(PRIMARY_ID, configured=replicas(5))
    assert world.apply(reference).state is ChangeState.APPLIED
    assert [patch for _, _, patch in world.cloud.sent] == [{"numReplicas": 5}, {"numReplicas": 3}]


def test_what_shows_for_long_enough_is_as_it_is(world: World) -> None:
    reference = go_back_though_the_first_size_shows(world)
    world.clock.advance(LAG)
    assert world.apply(reference).state is ChangeState.UNCHANGED


def test_nobody_is_told_that_there_is_nothing_to_change_by_a_size_from_before(world: World) -> None:
    world.apply(world.draft())
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    world.clock.advance(6)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.ask(VERTICAL, VERTICAL, ALICE, PRIMARY_ID)
    world.clock.advance(LAG)
    assert world.ask(VERTICAL, VERTICAL, ALICE, PRIMARY_ID) is None


def test_a_size_from_before_is_not_told_as_somebody_elses_change(world: World) -> None:
    world.apply(world.draft())
    reference = world.draft(replicas(4))
    world.cloud.put(PRIMARY_ID, configured=VERTICAL)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.apply(reference)
    world.clock.advance(6)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.ask(replicas(5), replicas(4), ALICE, PRIMARY_ID)
    world.clock.advance(LAG)
    with pytest.raises(ConfigurationChanged):
        world.apply(reference)


def test_another_size_than_before_and_after_is_somebody_elses(world: World) -> None:
    world.apply(world.draft())
    reference = world.draft(VERTICAL)
    world.cloud.put(PRIMARY_ID, configured=replicas(4))
    with pytest.raises(ConfigurationChanged):
        world.apply(reference)


OPPOSITES = [
    (Action.STOP, ServiceState.RUNNING, Action.START),
    (Action.START, ServiceState.STOPPED, Action.STOP),
]


@pytest.mark.parametrize(("first", "shown", "then"), OPPOSITES)
def test_nobody_is_told_that_a_command_is_done_by_a_state_from_before(
    world: World, first: Action, shown: ServiceState, then: Action
) -> None:
    world.show(shown)
    world.cloud.is_late = True
    world.apply(world.draft_command(first), ALICE, confirmation())
    world.clock.advance(6)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.command(then)
    world.clock.advance(LAG)
    assert world.command(then) is None  # somebody else has done it meanwhile


@pytest.mark.parametrize(("first", "shown", "then"), OPPOSITES)
def test_a_command_is_not_taken_for_done_by_a_state_from_before(
    world: World, first: Action, shown: ServiceState, then: Action
) -> None:
    world.show(shown)
    world.apply(world.draft_command(first), ALICE, confirmation())
    world.show(ServiceState.STOPPED if then is Action.START else ServiceState.RUNNING)
    reference = world.draft_command(then)
    world.cloud.put(PRIMARY_ID, state=shown)
    with pytest.raises(NotPossible, match="does not show yet"):
        world.apply(reference, ALICE, confirmation())
    assert [action for _, action, _ in world.cloud.sent] == [first]
