"""Stopping a group outside its windows and starting it before them: once, and only what the
schedule itself has stopped."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.domain.access.freeze import Freeze
from app.domain.access.permissions import AccessRule, Identity, Permission, TokenScope
from app.domain.activity.activities import Activity, Actor
from app.domain.changes.actions import Action
from app.domain.changes.change import ChangeState
from app.domain.groups.states import ServiceState
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.precedence import Rule, Ruling
from app.domain.schedules.record import EdgeState
from app.domain.schedules.schedule import WeeklyHours
from app.errors import CloudAnswerLost, CloudRejected, NotAllowed, NotPossible
from tests.support.events import EVENT
from tests.unit.builders import (
    ALICE,
    NOW,
    PRIMARY_ID,
    denying,
    giving,
    make_catalog,
    replicas,
)
from tests.unit.domain.schedules.builders import a_plan, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    MORNING,
    ROUND,
    START,
    STOPPING,
    arrive,
    go_round,
    order,
    ruling,
    state_of,
)
from tests.unit.services.world import World

pytestmark = pytest.mark.usefixtures("office_hours")


def test_it_is_stopped_after_the_window_and_started_before_the_next(
    plans: Plans, world: World
) -> None:
    assert go_round(plans, EVENING) == ["stop", "scale"]
    assert (state_of(world), world.config().size) == (ServiceState.STOPPED, (8, 16, 1, 1))
    assert ruling(plans) == Rule(Ruling.STOPPED_BY_SCHEDULE, START)
    assert go_round(plans, START - MINUTE, 1) == []
    # The size of the window is there before the group is.
    assert go_round(plans, START) == ["scale", "start"]
    assert (state_of(world), world.config().size) == (ServiceState.RUNNING, (32, 64, 3, 3))
    assert ruling(plans) == Rule(Ruling.SCHEDULE, utc("2026-03-05 17:00"), "Office hours")
    assert go_round(plans, MORNING) == []


def test_the_change_says_who_planned_it_and_why(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    stop = world.changes.find_last_command(PRIMARY_ID)
    assert stop is not None
    assert (stop.user, stop.origin, stop.state) == ("alice", "schedule", ChangeState.APPLIED)
    assert stop.reason == "Schedule, version 1: outside all windows"


def test_of_one_group_one_change_goes_out_in_a_round(plans: Plans) -> None:
    assert [plans.run_at(EVENING + n * ROUND) for n in range(2)] == [1, 0]  # it is stopping
    arrive(plans.world)
    assert plans.run_at(EVENING + MINUTE) == 1


def test_what_somebody_has_stopped_is_not_started(plans: Plans, world: World) -> None:
    order(world, Action.STOP)
    assert ruling(plans) == Rule(Ruling.STOPPED)
    assert go_round(plans, EVENING) == []
    assert go_round(plans, START) == []
    assert ruling(plans) == Rule(Ruling.STOPPED)


def test_what_was_stopped_outside_the_portal_is_not_started(plans: Plans, world: World) -> None:
    world.show(ServiceState.STOPPED)
    assert go_round(plans, EVENING) == []
    assert go_round(plans, START) == []


@pytest.mark.parametrize(
    ("actor", "kind", "starts"),
    [
        (Actor.USER, "service_start", False),
        (Actor.API, "service_stop", False),
        (Actor.SYSTEM, "service_stop", True),
        (Actor.USER, "service_update_ip_access_list", True),
    ],
)
def test_what_somebody_has_started_and_stopped_outside_since_is_theirs(
    plans: Plans, actor: Actor, kind: str, starts: bool
) -> None:
    go_round(plans, EVENING)
    at = EVENING + timedelta(hours=3)
    plans.activities.entries = (Activity(at, kind, PRIMARY_ID, actor),)
    assert ("start" in go_round(plans, START)) is starts


def test_what_cloud_wrote_down_of_the_stop_itself_is_nobody_elses(plans: Plans) -> None:
    go_round(plans, EVENING)
    agent = "clickhouse-compute-portal/1"
    own = Activity(EVENING + ROUND, "service_stop", PRIMARY_ID, Actor.API, "key", agent)
    others = Activity(EVENING + MINUTE, "service_start", "another", Actor.USER)
    plans.activities.entries = (own, others)
    assert "start" in go_round(plans, START)


def test_what_somebody_starts_at_night_runs_until_the_next_edge(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    order(world, Action.START)
    assert go_round(plans, EVENING + timedelta(hours=3)) == []
    assert ruling(plans) == Rule(Ruling.HELD, START)
    assert go_round(plans, START) == ["scale"]
    assert go_round(plans, utc("2026-03-05 17:00")) == ["stop", "scale"]


def test_what_somebody_starts_and_stops_at_night_stays_stopped(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    order(world, Action.START)
    plans.clock.advance(600)
    order(world, Action.STOP)
    assert go_round(plans, START) == []
    assert ruling(plans) == Rule(Ruling.STOPPED)


def test_an_idle_group_is_stopped_too(plans: Plans, world: World) -> None:
    world.show(ServiceState.IDLE)
    assert "stop" in go_round(plans, EVENING)


def test_in_a_freeze_it_is_neither_stopped_nor_started(plans: Plans, world: World) -> None:
    world.freezes.create_freeze(Freeze("audit", "root", NOW), EVENT)
    assert go_round(plans, EVENING) == []
    world.freezes.lift("root", NOW, EVENT)
    assert "stop" in go_round(plans, EVENING + timedelta(hours=1))
    world.freezes.create_freeze(Freeze("audit", "root", plans.clock()), EVENT)
    assert go_round(plans, START) == []
    world.freezes.lift("root", plans.clock(), EVENT)
    assert "start" in go_round(plans, MORNING)


def test_on_frozen_dates_it_stays_as_it_is(plans: Plans) -> None:
    go_round(plans, EVENING)
    frozen = FrozenDates("Holiday", date(2026, 3, 5), date(2026, 3, 5))
    plans.set_calendar(OwnersCalendar(frozen_dates=(frozen,)))
    assert go_round(plans, MORNING) == []
    assert go_round(plans, utc("2026-03-06 06:50")) == ["scale", "start"]


def test_while_a_boost_runs_it_is_not_stopped(plans: Plans) -> None:
    plans.boosts.end = EVENING + timedelta(hours=1)
    assert go_round(plans, EVENING) == []
    plans.boosts.end = None
    assert "stop" in go_round(plans, EVENING + timedelta(hours=1))


def test_a_boost_of_a_stopped_group_does_not_keep_it_from_being_started(plans: Plans) -> None:
    go_round(plans, EVENING)
    plans.boosts.end = MORNING + timedelta(hours=1)
    assert go_round(plans, START) == ["start"]


def test_a_paused_schedule_stops_and_starts_nothing(plans: Plans) -> None:
    plans.editing.pause(ALICE, PRIMARY_ID, EVENING + timedelta(hours=1), seen=1)
    assert go_round(plans, EVENING) == []
    assert "stop" in go_round(plans, EVENING + timedelta(hours=1))
    plans.editing.pause(ALICE, PRIMARY_ID, MORNING + timedelta(hours=1), seen=1)
    assert go_round(plans, START) == []
    assert ruling(plans).ruling is Ruling.PAUSED
    assert "start" in go_round(plans, MORNING + timedelta(hours=1))


def test_a_skipped_window_does_not_start_it(plans: Plans) -> None:
    go_round(plans, EVENING)
    plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1)
    assert go_round(plans, MORNING) == []
    assert "start" in go_round(plans, utc("2026-03-06 06:50"))


def test_in_hours_without_shrinking_it_is_not_stopped(plans: Plans) -> None:
    hours = WeeklyHours("Load", (0, 1, 2, 3, 4), 7 * 60, 20 * 60)
    plans.set_calendar(OwnersCalendar(no_shrink_hours=(hours,)))
    assert go_round(plans, EVENING) == []
    assert ruling(plans) == Rule(Ruling.WAITING, utc("2026-03-04 19:00"), "Load")
    assert go_round(plans, EVENING + timedelta(hours=2)) == ["stop", "scale"]


def test_while_cloud_has_entries_of_its_own_it_is_left_alone(plans: Plans, world: World) -> None:
    entry = {"name": "Theirs", "weekdays": [1], "startHourUtc": 1, "endHourUtc": 2}
    world.cloud.set_schedule(PRIMARY_ID, [entry])
    assert go_round(plans, EVENING) == []
    assert ruling(plans) == Rule(Ruling.CLOUD)


def test_after_three_days_without_a_round_one_command_goes_out_at_most(plans: Plans) -> None:
    found = go_round(plans, EVENING + timedelta(days=3))
    assert found == ["stop", "scale"]


def test_three_days_without_a_round_between_windows_send_no_command(
    plans: Plans, world: World
) -> None:
    assert go_round(plans, NOW + timedelta(days=2)) == []
    assert state_of(world) is ServiceState.RUNNING


def test_off_over_the_start_it_starts_late_and_once(plans: Plans) -> None:
    go_round(plans, EVENING)
    assert go_round(plans, MORNING + timedelta(hours=3)) == ["scale", "start"]


@pytest.mark.parametrize(("before", "command"), [(EVENING, "stop"), (START, "start")])
def test_of_three_processes_one_sends_the_command_of_an_edge(
    plans: Plans, before: datetime, command: str
) -> None:
    if command == "start":
        go_round(plans, EVENING)
        plans.run_at(START)  # the size
        plans.clock.advance(70)
    plans.clock.time = max(before, plans.clock.time)
    engines = [plans.another_engine() for _ in range(3)]
    seen = [engine.standings.list_all(plans.store.list_records())[0] for engine in engines]
    sent = plans.sent
    acted = [engine._run(standing) for engine, standing in zip(engines, seen, strict=True)]
    commands = [str(action) for _, action, _ in plans.world.cloud.sent[sent:]]
    assert (sum(acted[:1]), commands.count(command)) == (1, 1)


def test_clocks_that_jump_send_no_command_twice(plans: Plans) -> None:
    found = go_round(plans, EVENING)
    for moment in (EVENING - timedelta(hours=2), EVENING + timedelta(minutes=30)):
        found += go_round(plans, moment)
    assert found.count("stop") == 1


def test_a_refused_size_keeps_nobody_waiting_for_the_start(plans: Plans, world: World) -> None:
    go_round(plans, EVENING)
    refused = CloudRejected(message="No.", request_id=None, upstream_status=400)
    update = world.cloud.update

    def refusing(service_id: str, action: Action, patch: dict[str, int | bool | str]) -> object:
        if action is Action.SCALE:
            world.cloud.sent.append((service_id, action, dict(patch)))
            raise refused
        return update(service_id, action, patch)

    world.cloud.update = refusing  # type: ignore[method-assign,assignment]
    assert [plans.run_at(START + n * ROUND) for n in range(2)] == [1, 1]
    assert [str(action) for _, action, _ in world.cloud.sent[-2:]] == ["scale", "start"]


def test_a_stop_without_an_answer_is_not_sent_again(plans: Plans, world: World) -> None:
    world.cloud.errors["update"] = CloudAnswerLost(
        message="Lost.", request_id=None, upstream_status=None
    )
    world.cloud.does_it_anyway = True
    assert plans.run_at(EVENING) == 1
    world.cloud.errors.clear()
    arrive(world)
    assert "stop" not in go_round(plans, EVENING + MINUTE)
    plans.clock.advance(300)
    world.reconciler.reconcile_all()
    assert ruling(plans) == Rule(Ruling.STOPPED_BY_SCHEDULE, START)
    assert "start" in go_round(plans, START)


def test_a_refused_stop_is_tried_again_and_told(plans: Plans, world: World) -> None:
    world.cloud.errors["update"] = CloudRejected(
        message="No.", request_id=None, upstream_status=None
    )
    plans.run_at(EVENING)
    failed = plans.service.show(ALICE, PRIMARY_ID).standing.last_failed
    assert failed is not None
    assert (failed.state, failed.error) == (EdgeState.FAILED, "rejected")
    world.cloud.errors.clear()
    assert "stop" in go_round(plans, EVENING + timedelta(minutes=5))


WITHOUT_STOPPING = (giving(Permission.SCHEDULE, Permission.SCALE, users=("alice",)),)


@pytest.mark.parametrize(
    "rules",
    [
        WITHOUT_STOPPING,
        (
            giving(Permission.SCHEDULE, Permission.POWER, users=("alice",)),
            denying(Permission.POWER, users=("alice",)),
        ),
    ],
)
def test_whoever_lost_the_right_to_stop_has_it_stopped_no_more(
    plans: Plans, world: World, rules: tuple[AccessRule, ...]
) -> None:
    world.set_policy(make_catalog(rules=rules))
    assert "stop" not in go_round(plans, EVENING)
    standing = plans.service.show(ALICE, PRIMARY_ID).standing
    assert standing.command_edge is not None
    assert standing.command_edge.error == "not_allowed"


def test_to_save_it_takes_the_right_to_stop(plans: Plans, world: World) -> None:
    world.set_policy(make_catalog(rules=WITHOUT_STOPPING))
    with pytest.raises(NotAllowed):
        plans.save(STOPPING)
    plans.save({**a_plan(), "outside": "keep"})


def test_a_token_saves_it_only_if_it_may_do_what_asks_for_the_password(plans: Plans) -> None:
    permissions = frozenset({Permission.SCHEDULE, Permission.POWER})
    scope = TokenScope("mark", frozenset({PRIMARY_ID}), permissions)
    program = Identity(ALICE.warehouse, ALICE.user, ALICE.roles, scope)
    with pytest.raises(NotAllowed):
        plans.save({**STOPPING, "start_minutes_before": 20}, program)
    confirming = replace(program, scope=replace(scope, may_confirm=True))
    plans.save({**STOPPING, "start_minutes_before": 20}, confirming)


def test_a_new_version_that_stops_nothing_leaves_the_group_as_it_is(plans: Plans) -> None:
    go_round(plans, EVENING)
    plans.save(a_plan())
    assert "start" not in go_round(plans, START)
    assert ruling(plans) == Rule(Ruling.STOPPED)


def test_a_new_version_with_other_hours_starts_what_the_former_one_stopped(plans: Plans) -> None:
    go_round(plans, EVENING)
    plans.save({**STOPPING, "start_minutes_before": 30})
    plans.clock.advance(60)
    assert "start" in go_round(plans, utc("2026-03-05 06:30"))


def test_it_cannot_be_given_to_cloud(plans: Plans) -> None:
    plans.set_calendar(OwnersCalendar(may_hand_over=True))
    plans.save({**STOPPING, "zone": "UTC"})
    go_round(plans, EVENING)
    with pytest.raises(NotPossible):
        plans.in_cloud.hand_over(ALICE, PRIMARY_ID, seen=2)


def test_a_size_set_at_night_by_hand_does_not_keep_it_from_being_started(
    plans: Plans, world: World
) -> None:
    go_round(plans, EVENING)
    world.apply(world.draft(replicas(2)))
    assert ruling(plans).ruling is Ruling.HELD
    assert go_round(plans, START) == ["scale", "start"]


def test_what_is_ordered_between_claim_and_call_keeps_it_running(
    plans: Plans, world: World
) -> None:
    world.cloud.while_reading = lambda: setattr(plans.boosts, "end", START)
    assert plans.run_at(EVENING) == 0
    assert plans.sent == 1


def test_short_idling_outside_the_windows_needs_no_stop(plans: Plans, world: World) -> None:
    """The base size has an idle timeout of its own."""
    base = {**a_plan()["base"], "idle_scaling": True, "idle_timeout_minutes": 5}
    plans.save({**a_plan(), "base": base})
    assert go_round(plans, EVENING) == ["scale"]
    assert world.config().idle_timeout_minutes == 5
