"""The last day of a group: from the ledger and what Cloud says now, for whoever sees the group."""

import pytest

from app.domain.acts import Act
from app.domain.states import ServiceState
from app.errors import NotFound
from app.services.timeline import DAY, LastDay, Timeline
from tests.unit.builders_access import ALICE, CHARLIE, PRIMARY_ID, VERTICAL, changed
from tests.unit.services.world import World

MINUTES = 60


def last_day(world: World) -> LastDay:
    """Alice's view of it."""
    timeline = Timeline(world.access, world.applying.snapshot, world.changes)
    found = timeline.last_day(ALICE, PRIMARY_ID)
    assert found is not None
    assert found.until - found.since == DAY
    return found


def test_a_day_without_changes_is_not_known(world: World) -> None:
    day = last_day(world)
    assert [item.value for item in day.sizes] == [None]
    assert [item.value for item in day.states] == [None]


def test_a_change_divides_the_day(world: World) -> None:
    world.apply(world.draft())
    world.clock.advance(30 * MINUTES)
    assert [item.value for item in last_day(world).sizes] == [None, (80, 160)]


def test_a_change_of_an_earlier_day_tells_how_the_day_began(world: World) -> None:
    world.apply(world.draft())
    world.clock.advance(30 * 60 * MINUTES)
    assert [item.value for item in last_day(world).sizes] == [(80, 160)]


@pytest.mark.parametrize(("may_sleep", "expected"), [(True, None), (False, ServiceState.RUNNING)])
def test_a_group_that_may_fall_asleep_is_not_said_to_have_run_unseen(
    world: World, expected: ServiceState | None, *, may_sleep: bool
) -> None:
    world.cloud.put(PRIMARY_ID, configured=changed(VERTICAL, idle_scaling=may_sleep))
    world.show(ServiceState.STOPPED)
    change = world.apply(world.draft_act(Act.START))
    world.show(ServiceState.RUNNING)
    world.settlement.follow(change)
    world.clock.advance(60 * MINUTES)
    states = [item.value for item in last_day(world).states]
    assert states[-1] == expected


def test_whoever_does_not_see_the_group_does_not_see_its_day(world: World) -> None:
    timeline = Timeline(world.access, world.applying.snapshot, world.changes)
    with pytest.raises(NotFound):
        timeline.last_day(CHARLIE, PRIMARY_ID)
