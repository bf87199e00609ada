"""Cloud shows late what was set: nothing goes back by it, and no boost begins on it."""

from collections.abc import Callable
from typing import Any

import pytest

from app.domain.groups.scaling import ScalingConfig
from app.errors import NotPossible
from tests.unit.builders import OLGA, PRIMARY_ID, VERTICAL, changed
from tests.unit.services.boosts.boosted import LARGE, S, boost, find, go_on, state
from tests.unit.services.world import World

SMALL = changed(VERTICAL, min_memory_gb=8, max_memory_gb=8)


def show_late(world: World) -> Callable[[], None]:
    """Readings show the size of before from now on, although Cloud has accepted another; what is
    returned ends that."""
    cloud: Any = world.cloud
    shown, get, listed = cloud.services[PRIMARY_ID], cloud.get_service, cloud.list_services
    cloud.get_service = lambda key: shown if key == PRIMARY_ID else get(key)
    cloud.list_services = lambda: (shown, *(it for it in listed() if it.service_id != PRIMARY_ID))

    def end() -> None:
        cloud.get_service, cloud.list_services = get, listed

    return end


@pytest.mark.parametrize("size", [SMALL, changed(LARGE, max_memory_gb=120)], ids=["small", "large"])
def test_a_change_by_hand_just_before_the_end_that_shows_late_stays(
    world: World, size: ScalingConfig
) -> None:
    """Nothing is ever made larger by going back; what somebody has changed meanwhile stays."""
    made = boost(world)
    world.clock.advance(3590)
    draft = world.draft(size, OLGA)
    end = show_late(world)
    world.apply(draft, OLGA)
    assert world.config() == size
    for _ in range(11):
        go_on(world, seconds=10)
    end()
    for _ in range(10):
        go_on(world, seconds=30)
    assert find(world, made.reference).outcome in {S.LEFT_AS_FOUND, S.ENDED}
    assert world.config().max_memory_gb == size.max_memory_gb
    assert world.config().min_memory_gb <= size.min_memory_gb


def test_a_boost_asked_for_right_after_one_has_ended_goes_back_to_what_was_before_both(
    world: World,
) -> None:
    """The first has gone back, which Cloud shows late; the second comes half a minute later."""
    boost(world)
    world.clock.advance(3600)
    end = show_late(world)
    world.reverts.advance_all()
    assert world.config() == VERTICAL
    world.clock.advance(30)
    with pytest.raises(NotPossible, match="does not show yet"):
        boost(world, changed(LARGE, min_memory_gb=120, max_memory_gb=120))
    end()
    world.clock.advance(30)
    second = boost(world, changed(LARGE, min_memory_gb=120, max_memory_gb=120))
    for _ in range(10):
        go_on(world, minutes=10)
    assert (state(world, second), world.config()) == (S.ENDED, VERTICAL)
