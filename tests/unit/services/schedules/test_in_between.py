"""What people do between two instants of a schedule: starts, boosts, pauses, its removal."""

from datetime import timedelta

import pytest

from app.domain.changes.actions import Action
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.domain.schedules.exceptions import OwnersCalendar
from app.domain.schedules.precedence import Ruling
from app.domain.schedules.schedule import WeeklyHours
from app.errors import CloudRejected
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, changed, make_catalog
from tests.unit.domain.schedules.builders import a_plan, utc
from tests.unit.services.boosts.boosted import boost
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    MORNING,
    START,
    go_round,
    order,
    real_boosts,
    ruling,
    state_of,
)
from tests.unit.services.world import World

SECOND = timedelta(seconds=1)
REFUSED = CloudRejected(message="No.", request_id=None, upstream_status=400)


@pytest.mark.usefixtures("office_hours")
def test_what_somebody_starts_at_the_weekend_runs_in_the_base_size(
    plans: Plans, world: World
) -> None:
    """Stopped by hand on Friday afternoon, started by hand on Saturday."""
    friday, saturday = utc("2026-03-06 14:00"), utc("2026-03-07 10:00")
    go_round(plans, EVENING)
    go_round(plans, START)
    go_round(plans, utc("2026-03-05 17:00"))
    go_round(plans, utc("2026-03-06 06:50"))
    plans.clock.time = friday
    order(world, Action.STOP)
    go_round(plans, friday + MINUTE)
    go_round(plans, utc("2026-03-06 17:00"))
    assert world.config().size == (32, 64, 3, 3)
    plans.clock.time = saturday
    order(world, Action.START)
    go_round(plans, saturday + 3 * MINUTE)
    assert ruling(plans).ruling is not Ruling.STOPPED
    assert (state_of(world), world.config().size) == (ServiceState.RUNNING, (8, 16, 1, 1))


@pytest.mark.usefixtures("office_hours")
def test_a_base_size_that_was_refused_at_first_comes_to_a_group_that_is_started_in_between(
    plans: Plans, world: World
) -> None:
    """Alice scales at 17:45, so that the base size cools down until 18:15; a start at 18:10."""
    world.set_policy(make_catalog(limits=Limits(cooldown_minutes=30)))
    plans.clock.time = EVENING - 15 * MINUTE
    world.apply(world.draft(changed(world.config(), min_memory_gb=64, max_memory_gb=64)))
    assert go_round(plans, EVENING, 4) == ["stop"]
    plans.clock.time = EVENING + 10 * MINUTE
    order(world, Action.START)
    go_round(plans, EVENING + 13 * MINUTE, 60)
    assert (state_of(world), world.config().size) == (ServiceState.RUNNING, (8, 16, 1, 1))


@pytest.mark.usefixtures("office_hours")
def test_a_start_that_is_being_sent_at_the_edge_is_none_of_after_it(
    plans: Plans, world: World
) -> None:
    """The round of 18:00:01 comes while Cloud answers what was sent at 17:59:59."""
    order(world, Action.STOP)
    plans.clock.time = EVENING - SECOND

    def meanwhile() -> None:
        world.cloud.while_sending = lambda: None
        plans.run_at(EVENING + SECOND)

    world.cloud.while_sending = meanwhile
    order(world, Action.START)
    assert "stop" in go_round(plans, EVENING + 3 * MINUTE)


@pytest.mark.parametrize("is_rejected", [True, False])
def test_a_later_boost_does_not_undo_what_somebody_keeps(
    plans: Plans, world: World, is_rejected: bool
) -> None:
    plans.save()
    plans.run_at(NOW)
    real_boosts(plans)
    plans.clock.time = EVENING - 60 * MINUTE
    five = changed(world.config(), min_replicas=5, max_replicas=5)
    made = boost(world, five, minutes=180)
    plans.run_at(EVENING)
    plans.clock.time = EVENING + 60 * MINUTE
    world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    plans.run_at(EVENING + 61 * MINUTE)
    assert ruling(plans).ruling is Ruling.HELD
    plans.clock.time = EVENING + 70 * MINUTE
    if is_rejected:
        world.cloud.errors["update"] = REFUSED
    boost(world, changed(five, min_replicas=7, max_replicas=7), minutes=10)
    world.cloud.errors.clear()
    for number in range(20):
        plans.clock.time = EVENING + 81 * MINUTE + number * MINUTE
        world.reverts.advance_all()
        plans.engine.run_due()
    assert world.config().size == five.size


@pytest.mark.parametrize("is_waiting", [False, True], ids=["plain", "hours without shrinking"])
def test_after_a_boost_within_a_window_the_page_names_the_window(
    plans: Plans, world: World, is_waiting: bool
) -> None:
    """“Boost until 14:00, then Manual change held”, though nobody has changed anything by hand."""
    plans.save()
    plans.run_at(NOW)
    if is_waiting:
        hours = WeeklyHours("Load", (0, 1, 2, 3, 4), 7 * 60, 20 * 60)
        plans.set_calendar(OwnersCalendar(no_shrink_hours=(hours,)))
    real_boosts(plans)
    boost(world, changed(world.config(), min_replicas=5, max_replicas=5), minutes=60)
    plans.clock.advance(60)
    precedence = plans.service.show(ALICE, PRIMARY_ID).standing.precedence
    assert precedence.current.ruling is Ruling.BOOST
    assert precedence.following is not None
    assert precedence.following.ruling is Ruling.SCHEDULE


def test_after_a_pause_within_a_window_the_page_names_the_window(
    plans: Plans, world: World
) -> None:
    """“Schedule paused until 15:00, then Manual change held”; at 15:00 the plan sets its size."""
    plans.save()
    plans.run_at(NOW)
    plans.clock.advance(60)
    world.apply(world.draft(changed(world.config(), min_replicas=5, max_replicas=5)))
    end = NOW + 120 * MINUTE
    plans.editing.pause(ALICE, PRIMARY_ID, end, seen=1)
    plans.clock.advance(60)
    precedence = plans.service.show(ALICE, PRIMARY_ID).standing.precedence
    assert precedence.current.ruling is Ruling.PAUSED
    assert plans.run_at(end) == 1  # so it is
    assert world.config().size == (32, 64, 3, 3)
    assert precedence.following is not None
    assert precedence.following.ruling is Ruling.SCHEDULE


def test_a_window_that_was_left_out_of_a_removed_schedule_is_not_left_out_of_the_next(
    plans: Plans,
) -> None:
    plans.save()
    plans.run_at(EVENING)
    plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1)
    plans.editing.remove(ALICE, PRIMARY_ID, seen=1)
    plans.clock.advance(60)
    plans.editing.save(ALICE, PRIMARY_ID, a_plan(), seen=None)
    plans.clock.advance(60)
    plans.engine.run_due()
    assert plans.run_at(MORNING) == 1
