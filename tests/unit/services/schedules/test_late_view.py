"""Cloud shows a start or stop late, or nobody knows yet whether it was carried out: nothing is
concluded meanwhile from what it shows."""

from datetime import datetime, timedelta

import pytest

from app.domain.access.freeze import Freeze
from app.domain.activity.activities import Activity, Actor
from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.domain.schedules.precedence import Ruling
from app.errors import CloudAnswerLost, CloudUnreachable
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID
from tests.unit.domain.schedules.builders import a_plan, a_window, utc
from tests.unit.readings import clocked_readings
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    MORNING,
    ROUND,
    START,
    go_round,
    order,
    ruling,
    state_of,
)
from tests.unit.services.world import World

pytestmark = pytest.mark.usefixtures("office_hours")

SECOND = timedelta(seconds=1)
LOST = CloudAnswerLost(message="Lost.", request_id=None, upstream_status=None)
AWAY = CloudUnreachable(message="Away.", request_id=None, upstream_status=None)


def go_late(plans: Plans, moment: datetime, rounds: int = 6, seconds: int = 10) -> list[str]:
    """What goes out in some rounds, while nothing that is begun comes to its end."""
    before = len(plans.world.cloud.sent)
    for number in range(rounds):
        plans.run_at(moment + number * seconds * SECOND)
        plans.world.reconciler.reconcile_all()
    return [str(action) for _, action, _ in plans.world.cloud.sent[before:]]


def catch_up(world: World, *states: ServiceState) -> None:
    """Cloud shows what is."""
    world.cloud.is_late = False
    for state in states:
        world.show(state)


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_version_saved_right_after_the_stop_starts_the_group(
    plans: Plans, world: World, is_lost: bool
) -> None:
    world.cloud.is_late = world.cloud.does_it_anyway = True
    if is_lost:
        world.cloud.errors["update"] = LOST
    assert plans.run_at(EVENING) == 1
    world.cloud.errors.clear()
    plans.clock.time = EVENING + 30 * SECOND
    plans.save({**a_plan(a_window(end="20:00")), "outside": "stop"})
    go_late(plans, EVENING + 40 * SECOND)
    catch_up(world, ServiceState.STOPPING)
    go_late(plans, EVENING + 110 * SECOND)
    catch_up(world, ServiceState.STOPPED)
    assert "start" in go_round(plans, EVENING + 5 * MINUTE, 20)


def test_a_gap_shorter_than_what_cloud_takes_ends_with_a_start(plans: Plans, world: World) -> None:
    noon = utc("2026-03-05 11:00")
    afternoon = a_window("Afternoon", start="12:11")
    plans.clock.time = utc("2026-03-05 07:30")
    plans.save({**a_plan(a_window("Morning", end="12:00"), afternoon), "outside": "stop"})
    go_late(plans, noon - 30 * MINUTE)
    world.cloud.is_late = True
    assert go_late(plans, noon, 8).count("stop") == 1
    catch_up(world, ServiceState.STOPPED)
    assert "start" in go_round(plans, noon + 2 * MINUTE, 20)


def test_a_freeze_lifted_just_before_the_start(plans: Plans, world: World) -> None:
    world.freezes.create_freeze(Freeze("audit", "root", NOW), EVENT)
    go_round(plans, EVENING)
    world.cloud.is_late = True
    plans.clock.time = START - 50 * SECOND
    world.freezes.lift("root", plans.clock(), EVENT)
    assert go_late(plans, START - 40 * SECOND, 10).count("stop") == 1
    catch_up(world, ServiceState.STOPPED)
    assert "start" in go_round(plans, START + 2 * MINUTE, 20)


def test_what_was_started_just_before_the_edge_is_stopped(plans: Plans, world: World) -> None:
    order(world, Action.STOP)
    world.cloud.is_late = True
    plans.clock.time = EVENING - 40 * SECOND
    order(world, Action.START)
    assert go_late(plans, EVENING, 4) == []
    catch_up(world, ServiceState.STARTING, ServiceState.RUNNING)
    assert "stop" in go_round(plans, EVENING + 2 * MINUTE)


def test_a_version_saved_right_after_the_start_stops_the_group(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    world.cloud.is_late = True
    assert go_late(plans, START, 2) == ["scale", "start"]
    assert ruling(plans).ruling is not Ruling.STOPPED
    plans.clock.time = START + 30 * SECOND
    plans.save({**a_plan(a_window(start="10:00")), "outside": "stop"})
    go_late(plans, START + 40 * SECOND)
    catch_up(world, ServiceState.STARTING, ServiceState.RUNNING)
    assert "stop" in go_round(plans, START + 3 * MINUTE)


def test_a_stop_by_hand_just_before_the_edge_stays_somebodys(plans: Plans, world: World) -> None:
    world.cloud.is_late = True
    plans.clock.time = EVENING - 40 * SECOND
    order(world, Action.STOP)
    assert go_late(plans, EVENING, 4) == []
    catch_up(world, ServiceState.STOPPED)
    assert "start" not in go_round(plans, START)


@pytest.mark.parametrize(("follows", "starts"), [((), False), (("service_start",), True)])
def test_a_stop_in_the_console_just_before_the_edge_stays_somebodys(
    plans: Plans, world: World, follows: tuple[str, ...], starts: bool
) -> None:
    world.cloud.is_late = True
    kinds = ("service_stop", *follows)
    plans.activities.entries = tuple(
        Activity(EVENING - (10 - place) * SECOND, kind, PRIMARY_ID, Actor.USER)
        for place, kind in enumerate(kinds)
    )
    assert go_late(plans, EVENING, 1) == ["stop"]
    catch_up(world, ServiceState.STOPPED)
    assert ("start" in go_round(plans, START)) is starts


def test_a_stop_without_its_answer_is_no_manual_change(plans: Plans, world: World) -> None:
    world.cloud.errors["update"] = LOST
    assert plans.run_at(EVENING) == 1
    world.cloud.errors.clear()
    plans.clock.advance(20)
    assert ruling(plans).ruling is not Ruling.HELD


def test_nothing_is_concluded_from_what_was_seen_hours_ago(plans: Plans, world: World) -> None:
    order(world, Action.STOP)
    plans.run_at(NOW + 60 * MINUTE)
    world.cloud.errors |= {"list_services": AWAY, "get_service": AWAY}
    plans.clock.time = EVENING - 120 * MINUTE
    world.show(ServiceState.RUNNING)  # somebody has started it in the console
    go_round(plans, EVENING)
    world.cloud.errors.clear()
    assert "stop" in go_round(plans, EVENING + 30 * MINUTE, 20)


def test_a_stop_of_which_nothing_ever_tells_is_asked_for_again(plans: Plans, world: World) -> None:
    world.show(ServiceState.IDLE)
    world.cloud.errors["update"] = LOST
    assert plans.run_at(EVENING) == 1
    world.cloud.errors.clear()
    assert "stop" in go_late(plans, EVENING + ROUND, 60, 30)
    assert state_of(world) is ServiceState.STOPPING


def test_a_start_of_which_nothing_ever_tells_is_asked_for_again(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    world.cloud.is_late, world.cloud.is_shown = True, False
    assert "start" in go_late(plans, START, 60)
    world.cloud.is_shown = True
    catch_up(world)
    assert "start" in go_late(plans, MORNING + 10 * MINUTE, 60, 30)


def test_the_page_says_why_it_is_asked_for_again(plans: Plans, world: World) -> None:
    world.show(ServiceState.IDLE)
    world.cloud.errors["update"] = LOST
    told = set()
    for number in range(60):
        go_late(plans, EVENING + number * 10 * SECOND, 1)
        failed = plans.service.show(ALICE, PRIMARY_ID).standing.last_failed
        told.add(failed.error if failed else "")
    assert "outcome_unknown" in told


def test_what_was_read_just_after_the_stop_does_not_tick_off_the_start(
    plans: Plans, world: World
) -> None:
    """A gap between two windows of 12 minutes, 10 of which are the lead; Cloud shows the stop late,
    and cannot be listed for half a minute."""
    noon = utc("2026-03-05 11:00")
    afternoon = a_window("Afternoon", start="12:12")
    plans.clock.time = utc("2026-03-05 07:30")
    plans.save({**a_plan(a_window("Morning", end="12:00"), afternoon), "outside": "stop"})
    go_round(plans, noon - 30 * MINUTE)
    world.cloud.is_late = True
    for second in (0, 20, 40, 60, 80, 98):
        plans.run_at(noon + second * SECOND)
    assert state_of(world) is ServiceState.RUNNING
    world.cloud.errors["list_services"] = AWAY
    world.cloud.is_late = False
    world.cloud.put(PRIMARY_ID, state=ServiceState.STOPPED)
    for second in (104, 110, 116, 121, 124):
        plans.run_at(noon + second * SECOND)
    world.cloud.errors.clear()
    go_round(plans, noon + 130 * SECOND, 20)
    assert state_of(world) is ServiceState.RUNNING


def test_what_was_read_hours_ago_ticks_nothing_off_while_another_process_reads(
    plans: Plans, world: World
) -> None:
    """Nobody has looked for three hours; at 18:00:00 somebody does, and that reading is under way
    as the worker goes round."""
    order(world, Action.STOP)
    plans.standings.snapshot.view()
    world.cloud.put(PRIMARY_ID, state=ServiceState.RUNNING)  # started in the console at 15:00
    plans.clock.time = EVENING
    store = clocked_readings(world.engine, plans.clock)
    reserved = store.reserve("services", fresh_seconds=5, hold_seconds=10)
    assert reserved
    assert plans.run_at(EVENING) == 0
    store.release("services", reserved)
    assert "stop" in go_round(plans, EVENING + ROUND)
