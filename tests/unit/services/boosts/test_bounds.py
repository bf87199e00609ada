"""A boost opens no way around the limits: to a lasting size, or to an end that never comes."""

from datetime import timedelta

import pytest

from app.domain.groups.limits import Limits
from app.errors import BrokenRules, NotPossible
from tests.unit.builders import ALICE, PRIMARY_ID, VERTICAL, changed, make_catalog
from tests.unit.services.boosts.boosted import LARGE, boost, draft, find, go_on
from tests.unit.services.world import World

# Three replicas of 32 GB at most lastingly, three of 120 GB for a while.
LIMITS = Limits(max_total_gb=96, boost_max_total_gb=360, boost_max_hours=12)


@pytest.fixture(autouse=True)
def _limits(world: World) -> None:
    world.set_policy(make_catalog(limits=LIMITS))


def codes(broken: pytest.ExceptionInfo[BrokenRules]) -> set[str]:
    """The broken rules."""
    return {item.code for item in broken.value.problems}


def ask(world: World, **values: object) -> object:
    """Ask for a lasting size."""
    return world.scaling.propose(ALICE, PRIMARY_ID, values)


def test_during_a_boost_no_lasting_size_is_beyond_the_limits_of_one(world: World) -> None:
    boost(world)
    with pytest.raises(BrokenRules) as broken:
        ask(world, min_memory_gb=32, max_memory_gb=64, num_replicas=5)
    assert "total_too_large" in codes(broken)


def test_during_a_boost_what_it_leaves_alone_can_be_changed(world: World) -> None:
    boost(world)
    wanted = {"min_memory_gb": 64, "max_memory_gb": 64, "num_replicas": 3}
    assert ask(world, **wanted, idle_timeout_minutes=30) is not None


def test_whoever_takes_the_place_of_a_boost_has_no_more_time_than_that(world: World) -> None:
    first = boost(world, minutes=11 * 60)
    world.clock.advance(timedelta(hours=10).total_seconds())
    larger = changed(LARGE, max_memory_gb=120)
    with pytest.raises(BrokenRules) as broken:
        draft(world, larger, minutes=180)
    assert codes(broken) == {"boost_latest_end"}
    second = find(world, draft(world, larger, minutes=60))
    assert second.latest_end == first.latest_end


def test_a_shorter_extension_that_comes_late_takes_nothing_back(world: World) -> None:
    made = boost(world)
    longer = world.clock() + timedelta(hours=4)
    store, now = world.boost_store, world.clock()
    event = world.reverts.events.extended(ALICE, made, "")
    assert store.extend(made.reference, longer, now, event)
    assert not store.extend(made.reference, now + timedelta(hours=2), now, event)
    assert find(world, made.reference).ends_at == longer


def test_an_extension_does_not_undo_an_end_that_somebody_has_pressed(world: World) -> None:
    made = boost(world)
    store, now = world.boost_store, world.clock()
    event = world.reverts.events.extended(ALICE, made, "")
    assert store.end_now(made.reference, "ben", now + timedelta(seconds=1), event)
    assert not store.extend(made.reference, now + timedelta(hours=2), now, event)


def test_nobody_is_promised_a_size_that_is_just_going_back(world: World) -> None:
    made = boost(world, changed(VERTICAL, min_memory_gb=32))  # which may last
    refused: list[bool] = []

    def press() -> None:
        with pytest.raises(NotPossible):
            world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
        refused.append(True)

    world.cloud.while_sending = press
    go_on(world, hours=1)
    assert refused == [True]
    assert world.config() == VERTICAL
