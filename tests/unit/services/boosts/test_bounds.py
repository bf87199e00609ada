"""A boost opens no way around the limits: to a lasting size, or to an end that never comes."""

from datetime import timedelta

import pytest

from app.domain.access.freeze import Freeze
from app.domain.groups.limits import Limits
from app.errors import BrokenRules, ChangesFrozen, NotPossible
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, VERTICAL, changed, make_catalog
from tests.unit.services.boosts.boosted import (
    AWAY,
    LARGE,
    REFUSED,
    S,
    boost,
    draft,
    failing,
    find,
    go_on,
    state,
)
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


def test_no_size_is_kept_in_a_freeze(world: World) -> None:
    made = boost(world, changed(VERTICAL, min_memory_gb=32))  # which may last
    world.freezes.create_freeze(Freeze("audit", "root", NOW), EVENT)
    with pytest.raises(ChangesFrozen):
        world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    assert state(world, made) is S.ACTIVE


def test_waiting_to_go_back_makes_no_size_last_that_may_not(world: World) -> None:
    made = boost(world)
    with failing(world, AWAY, "list_services", "get_service"):
        go_on(world, hours=1)
        go_on(world, minutes=20)
        assert (find(world, made.reference).tries, state(world, made)) == (0, S.REVERT_WAITING)
        with pytest.raises(BrokenRules) as broken:
            world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    assert "total_too_large" in codes(broken)


def _fail_to_go_back(world: World) -> str:
    made = boost(world)
    world.clock.advance(3600)
    with failing(world, REFUSED):
        for _ in range(3):
            go_on(world, minutes=10)
    assert find(world, made.reference).tries == 3
    return made.reference


def test_where_going_back_has_failed_three_times_a_person_may_take_over(world: World) -> None:
    reference = _fail_to_go_back(world)
    assert world.boosts.take_over(ALICE, PRIMARY_ID, reference).outcome is S.TAKEN_OVER
