"""Cloud shows a size late, or nobody knows yet whether it was set: nothing is concluded."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.schedules.precedence import Ruling
from app.errors import CloudAnswerLost, NotPossible
from tests.unit.builders import NOW, PRIMARY_ID, changed
from tests.unit.services.boosts.boosted import boost
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    MORNING,
    real_boosts,
    ruling,
)
from tests.unit.services.world import World

SECOND = timedelta(seconds=1)
LOST = CloudAnswerLost(message="Lost.", request_id=None, upstream_status=None)


class LateSizes:
    """Cloud accepts sizes and shows them in its answer; readings show the size of before."""

    def __init__(self, world: World) -> None:
        cloud: Any = world.cloud
        self.cloud, self.shown = cloud, world.cloud.services[PRIMARY_ID]
        get, listed = cloud.get_service, cloud.list_services
        self.real = get, listed
        cloud.get_service = lambda key: self.shown if key == PRIMARY_ID else get(key)
        cloud.list_services = lambda: (
            self.shown,
            *(it for it in listed() if it.service_id != PRIMARY_ID),
        )

    def end(self) -> None:
        """Readings show what is."""
        self.cloud.get_service, self.cloud.list_services = self.real


@pytest.mark.parametrize("later", [0, 1], ids=["in the same round", "in a later one"])
def test_a_boost_until_the_window_with_its_size_does_not_cost_the_window(
    plans: Plans, world: World, later: int
) -> None:
    """It has gone back at the beginning of the window, and Cloud shows that late."""
    plans.save()
    plans.run_at(EVENING)
    real_boosts(plans)
    assert world.config().size == (8, 16, 1, 1)
    plans.clock.time = MORNING - 60 * MINUTE
    target = changed(
        world.config(), min_memory_gb=32, max_memory_gb=64, min_replicas=3, max_replicas=3
    )
    boost(world, target, minutes=60)
    plans.clock.time = MORNING
    plans.run_at(MORNING)
    late = LateSizes(world)
    world.reverts.advance_all()
    assert world.config().size == (8, 16, 1, 1)
    for number in range(later, 12):
        plans.run_at(MORNING + number * 10 * SECOND)
    late.end()
    for number in range(60):
        plans.run_at(MORNING + 3 * MINUTE + number * MINUTE)
    assert world.config().size == (32, 64, 3, 3)


def test_what_the_patch_leaves_out_is_not_judged_by_what_is_shown_late(
    plans: Plans, world: World
) -> None:
    """The same with the memory of the window alone: the replicas are sent, the memory is not."""
    plans.save()
    plans.run_at(EVENING)
    real_boosts(plans)
    plans.clock.time = MORNING - 60 * MINUTE
    boost(world, changed(world.config(), min_memory_gb=32, max_memory_gb=64), minutes=60)
    plans.clock.time = MORNING
    plans.run_at(MORNING)
    late = LateSizes(world)
    world.reverts.advance_all()
    for number in range(1, 12):
        plans.run_at(MORNING + number * 10 * SECOND)
        late.shown = world.cloud.services[PRIMARY_ID] if plans.sent > 3 else late.shown
    late.end()
    for number in range(60):
        plans.run_at(MORNING + 3 * MINUTE + number * MINUTE)
    assert world.config().size == (32, 64, 3, 3)


def test_a_size_by_hand_without_an_answer_at_the_edge_does_not_cost_the_window(
    plans: Plans, world: World
) -> None:
    """Base size by hand in the window, another at 17:59:50 whose answer is lost and which shows
    late: the base size of the night is due at 18:00."""
    plans.save()
    plans.run_at(NOW)
    plans.clock.time = NOW + 60 * MINUTE
    world.apply(
        world.draft(
            changed(
                world.config(), min_memory_gb=8, max_memory_gb=16, min_replicas=1, max_replicas=1
            )
        )
    )
    plans.clock.time = EVENING - 10 * SECOND
    draft = world.draft(changed(world.config(), min_memory_gb=64, max_memory_gb=64))
    late = LateSizes(world)
    world.cloud.errors["update"], world.cloud.does_it_anyway = LOST, True
    world.apply(draft)
    world.cloud.errors.clear()
    for number in range(6):
        plans.run_at(EVENING + number * 10 * SECOND)
        world.reconciler.reconcile_all()
    late.end()
    for number in range(60):
        plans.run_at(EVENING + 2 * MINUTE + number * MINUTE)
        world.reconciler.reconcile_all()
    assert world.config().size == (8, 16, 1, 1)


def test_a_boost_right_after_the_window_goes_back_to_the_base_size(
    plans: Plans, world: World
) -> None:
    """The base size was accepted at 18:00 and shows late; the boost is ordered at 18:00:30."""
    plans.save()
    plans.run_at(NOW)
    real_boosts(plans)
    plans.clock.time = EVENING
    late = LateSizes(world)
    plans.run_at(EVENING)
    assert world.config().size == (8, 16, 1, 1)
    plans.clock.time = EVENING + 30 * SECOND
    shown = late.shown.configured
    assert shown is not None
    with pytest.raises(NotPossible, match="does not show yet"):
        boost(world, changed(shown, min_memory_gb=64, max_memory_gb=64), minutes=60)
    late.end()
    plans.clock.time = EVENING + 3 * MINUTE
    boost(world, changed(world.config(), min_memory_gb=64, max_memory_gb=64), minutes=60)
    for number in range(90):
        plans.clock.time = EVENING + 4 * MINUTE + number * MINUTE
        world.reverts.advance_all()
        plans.engine.run_due()
    assert world.config().size == (8, 16, 1, 1)


def test_a_size_of_which_nothing_ever_tells_is_asked_for_again(plans: Plans, world: World) -> None:
    plans.save()
    plans.run_at(NOW)
    inner = world.cloud.carry_out
    world.cloud.carry_out = lambda *_: None  # type: ignore[method-assign]
    world.cloud.is_shown = False
    assert plans.run_at(EVENING) == 1
    world.cloud.is_shown = True
    world.cloud.carry_out = inner  # type: ignore[method-assign]
    for number in range(60):
        plans.run_at(EVENING + MINUTE + number * MINUTE)
        world.reconciler.reconcile_all()
    assert (ruling(plans).ruling, world.config().size) == (Ruling.BASE, (8, 16, 1, 1))
