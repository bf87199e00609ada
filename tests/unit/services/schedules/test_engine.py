"""Carrying schedules out: what ought to be now, once, whatever happened in between."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.access.freeze import Freeze
from app.domain.access.permissions import AccessRule, Permission
from app.domain.changes.change import ChangeState
from app.domain.groups.states import ServiceState
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.precedence import Rule, Ruling
from app.domain.schedules.record import EdgeState
from app.domain.schedules.schedule import WeeklyHours
from app.errors import CloudAnswerLost, CloudRejected, CloudUnreachable
from app.services.schedules.engine import KNOWN_SECONDS
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, denying, giving, make_catalog, replicas
from tests.unit.domain.schedules.builders import BASE, OFFICE, a_plan, a_window, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

# NOW is a Wednesday, 13:00 in Berlin.
EVENING, MORNING = utc("2026-03-04 17:00"), utc("2026-03-05 07:00")
MINUTE = timedelta(minutes=1)


def _size(world: World) -> tuple[int, int, int, int]:
    return world.config().size


def test_a_saved_schedule_is_in_effect_in_the_next_round(plans: Plans, world: World) -> None:
    plans.save()
    assert plans.engine.run_due() == 1
    assert _size(world) == (32, 64, 3, 3)
    assert plans.engine.run_due() == 0
    change = world.changes.list_since(PRIMARY_ID, NOW - MINUTE)[0]
    assert (change.user, change.reason) == ("alice", "Schedule, version 1: “Office hours”")


def test_the_size_follows_the_windows(plans: Plans, world: World) -> None:
    plans.save()
    sizes = []
    for moment in (NOW, EVENING - MINUTE, EVENING, MORNING - MINUTE, MORNING):
        plans.run_at(moment)
        sizes.append(_size(world)[3])
    assert (sizes, plans.sent) == ([3, 3, 1, 1, 3], 3)


def test_a_group_idles_outside_its_windows_by_a_short_timeout(plans: Plans, world: World) -> None:
    awake = a_window(settings={**OFFICE, "idle_scaling": False})
    base = {**BASE, "idle_scaling": True, "idle_timeout_minutes": 5}
    plans.save({**a_plan(awake), "base": base})
    found = []
    for moment in (NOW, EVENING, MORNING):
        plans.run_at(moment)
        config = world.config()
        found.append(config.idle_timeout_minutes if config.idle_scaling else None)
    assert (found, plans.sent) == ([None, 5, None], 3)


def test_after_three_days_without_a_round_one_change_goes_out(plans: Plans, world: World) -> None:
    plans.save()
    plans.run_at(NOW)
    assert [plans.run_at(EVENING + timedelta(days=3) + n * MINUTE) for n in range(5)] == [
        1, 0, 0, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "moments",
    [
        [EVENING, EVENING - timedelta(hours=2), EVENING - MINUTE, EVENING],
        [EVENING, EVENING + timedelta(minutes=10), EVENING + timedelta(minutes=11)],
        [EVENING, EVENING + timedelta(days=1), EVENING],
    ],
)
def test_a_clock_that_jumps_or_stands_still_sends_nothing_twice(
    plans: Plans, moments: list[datetime]
) -> None:
    plans.save()
    plans.run_at(NOW)
    assert sum(plans.run_at(moment) for moment in moments) == 1


def test_of_three_processes_one_sends_the_change_of_an_edge(plans: Plans) -> None:
    plans.save()
    engines = [plans.another_engine() for _ in range(3)]
    seen = [engine.standings.list_all(plans.store.list_records())[0] for engine in engines]
    acted = [engine._run(standing) for engine, standing in zip(engines, seen, strict=True)]
    assert (acted, plans.sent) == ([True, False, False], 1)


def test_a_manual_change_is_held_until_the_window_ends(plans: Plans, world: World) -> None:
    plans.save()
    plans.run_at(NOW)
    world.apply(world.draft(replicas(5)))
    assert plans.run_at(NOW + timedelta(hours=1)) == 0
    precedence = plans.service.show(ALICE, PRIMARY_ID).standing.precedence
    assert precedence.current == Rule(Ruling.HELD, EVENING)
    assert precedence.following == Rule(Ruling.BASE, MORNING)
    assert plans.run_at(EVENING) == 1


def test_what_is_planned_already_is_not_sent_and_a_later_change_is_held(
    plans: Plans, world: World
) -> None:
    plans.save()
    plans.run_at(NOW)
    plans.save()  # a new version with the same sizes
    plans.clock.advance(60)
    assert plans.run_at(plans.clock()) == 0
    world.apply(world.draft(replicas(5)))
    plans.clock.advance(60)
    assert plans.engine.run_due() == 0


def test_a_new_version_counts_within_the_window(plans: Plans, world: World) -> None:
    plans.save()
    plans.run_at(NOW)
    world.apply(world.draft(replicas(5)))
    plans.clock.advance(60)
    plans.save()
    plans.clock.advance(60)
    assert plans.engine.run_due() == 1
    assert _size(world)[3] == 3


def test_a_paused_schedule_does_nothing_and_then_what_ought_to_be(plans: Plans) -> None:
    plans.save()
    plans.run_at(NOW)
    plans.editing.pause(ALICE, PRIMARY_ID, MORNING - timedelta(hours=2), seen=1)
    assert plans.run_at(EVENING) == 0
    assert plans.run_at(MORNING - timedelta(hours=2)) == 1


def test_a_resumed_schedule_goes_on_at_once_over_what_was_changed_meanwhile(
    plans: Plans, world: World
) -> None:
    plans.save()
    plans.run_at(NOW)
    plans.editing.pause(ALICE, PRIMARY_ID, MORNING, seen=1)
    world.apply(world.draft(replicas(5)))
    plans.clock.advance(60)
    plans.editing.resume(ALICE, PRIMARY_ID, seen=1)
    assert plans.engine.run_due() == 1


def test_a_skipped_window_does_not_come(plans: Plans) -> None:
    plans.save()
    plans.run_at(EVENING)
    skip = plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1)
    assert skip.day == date(2026, 3, 5)
    assert plans.run_at(MORNING) == 0
    assert plans.run_at(MORNING + timedelta(days=1)) == 1


def test_a_removed_schedule_does_nothing(plans: Plans) -> None:
    plans.save()
    plans.editing.remove(ALICE, PRIMARY_ID, seen=1)
    assert plans.run_at(EVENING) == 0


def test_a_boost_comes_first_and_the_plan_goes_on_after_it(plans: Plans, world: World) -> None:
    plans.save()
    plans.run_at(NOW)
    plans.boosts.end = EVENING + timedelta(hours=1)
    assert plans.run_at(EVENING) == 0
    plans.boosts.end = None
    assert plans.run_at(EVENING + timedelta(hours=1)) == 1


def test_what_is_ordered_between_claim_and_call_stops_the_plan(plans: Plans, world: World) -> None:
    plans.save()
    for begin in (
        lambda: setattr(plans.boosts, "end", EVENING),
        lambda: plans.editing.pause(ALICE, PRIMARY_ID, EVENING, seen=1),
        lambda: plans.editing.remove(ALICE, PRIMARY_ID, seen=1),
    ):
        plans.boosts.end = None
        world.cloud.while_reading = begin
        plans.run_at(plans.clock.time + timedelta(minutes=31))
        assert plans.sent == 0


@pytest.mark.parametrize("state", [ServiceState.STOPPED, ServiceState.STOPPING])
def test_a_group_that_was_stopped_is_left_alone(
    plans: Plans, world: World, state: ServiceState
) -> None:
    plans.save()
    world.show(state)
    assert plans.engine.run_due() == 0
    world.show(ServiceState.RUNNING)
    world.clock.advance(KNOWN_SECONDS)  # what decides is looked at once a minute
    assert plans.engine.run_due() == 1


def test_what_somebody_has_set_since_the_instant_holds_though_the_plan_has_not_acted(
    plans: Plans, world: World
) -> None:
    plans.save()
    plans.boosts.end = NOW + timedelta(hours=1)
    assert plans.run_at(NOW) == 0
    plans.clock.time = NOW + timedelta(minutes=30)
    world.apply(world.draft())
    plans.boosts.end = None
    sent = plans.sent
    plans.run_at(NOW + timedelta(hours=2))
    assert plans.sent == sent


def test_a_plan_that_does_not_decide_reads_cloud_once_a_minute_at_most(
    plans: Plans, world: World
) -> None:
    plans.save()
    plans.boosts.end = NOW + timedelta(days=300)
    reads = []
    world.cloud.list_services = lambda: (reads.append(1), tuple(world.cloud.services.values()))[1]  # type: ignore[method-assign,func-returns-value]
    for second in range(0, 600, 5):
        plans.run_at(NOW + timedelta(seconds=second))
    assert len(reads) <= 11


def test_a_group_with_clouds_own_schedule_is_left_alone(plans: Plans, world: World) -> None:
    plans.save()
    world.cloud.put(PRIMARY_ID, active_entry="Month end")
    world.clock.advance(6)
    assert plans.engine.run_due() == 0


def test_nothing_is_done_in_a_freeze_and_then_what_ought_to_be(plans: Plans, world: World) -> None:
    plans.save()
    world.freezes.create_freeze(Freeze("audit", "root", NOW), EVENT)
    assert plans.engine.run_due() == 0
    world.freezes.lift("root", NOW, EVENT)
    assert plans.engine.run_due() == 1


def test_nothing_is_done_on_frozen_dates(plans: Plans) -> None:
    plans.save()
    frozen = FrozenDates("Inventory", date(2026, 3, 4), date(2026, 3, 4))
    plans.set_calendar(OwnersCalendar(frozen_dates=(frozen,)))
    assert plans.run_at(EVENING) == 0
    standing = plans.service.show(ALICE, PRIMARY_ID).standing
    assert standing.precedence.current == Rule(Ruling.FREEZE, utc("2026-03-04 23:00"), "Inventory")
    assert plans.run_at(utc("2026-03-04 23:00")) == 1


def test_in_hours_without_shrinking_a_smaller_size_waits_and_a_larger_one_does_not(
    plans: Plans,
) -> None:
    plans.save()
    hours = WeeklyHours("Load", (0, 1, 2, 3, 4), 7 * 60, 20 * 60)
    plans.set_calendar(OwnersCalendar(no_shrink_hours=(hours,)))
    assert plans.run_at(NOW) == 1
    assert plans.run_at(EVENING) == 0
    assert plans.run_at(EVENING + timedelta(hours=2)) == 1


@pytest.mark.parametrize(("error", "tries"), [(CloudUnreachable, 6), (CloudRejected, 3)])
def test_what_fails_is_tried_again_and_what_is_rejected_less_and_less_often(
    plans: Plans, world: World, error: type[CloudUnreachable | CloudRejected], tries: int
) -> None:
    plans.save()
    world.cloud.errors["update"] = error(message="No.", request_id=None, upstream_status=None)
    for n in range(16):
        plans.run_at(NOW + n * timedelta(seconds=20))
    assert plans.sent == tries
    world.cloud.errors.clear()
    assert plans.run_at(NOW + timedelta(minutes=10)) == 1
    assert plans.run_at(NOW + timedelta(minutes=11)) == 0


def test_an_unknown_outcome_is_not_sent_again_unless_nothing_was_done(
    plans: Plans, world: World
) -> None:
    plans.save()
    lost = CloudAnswerLost(message="Lost.", request_id=None, upstream_status=None)
    world.cloud.errors["update"] = lost
    assert plans.run_at(NOW) == 1
    world.cloud.errors.clear()
    assert plans.run_at(NOW + MINUTE) == 0
    plans.clock.advance(300)
    world.reconciler.reconcile_all()
    change = world.changes.list_since(PRIMARY_ID, NOW - MINUTE)[0]
    assert change.state is ChangeState.FAILED
    plans.engine.run_due()
    assert plans.run_at(plans.clock() + MINUTE) == 1


@pytest.mark.parametrize(
    "rules",
    [
        (giving(Permission.VIEW, users=("alice",)),),
        (
            giving(Permission.SCHEDULE, Permission.SCALE, users=("alice",)),
            denying(Permission.SCHEDULE, users=("alice",)),
        ),
        (),
    ],
)
def test_a_lost_right_ends_what_was_planned_with_it(
    plans: Plans, world: World, rules: tuple[AccessRule, ...]
) -> None:
    plans.save()
    world.set_policy(make_catalog(rules=rules))
    assert (plans.engine.run_due(), plans.sent) == (0, 0)
    standing = plans.standings.list_all(plans.store.list_records())[0]
    assert standing.edge is not None
    assert standing.edge.state is EdgeState.FAILED
    assert standing.edge.error in {"not_allowed", "not_found"}


def test_a_claim_of_a_process_that_died_is_taken_over(plans: Plans) -> None:
    plans.save()
    key = plans.standings.list_all(plans.store.list_records())[0].key
    assert key is not None
    plans.edges.claim(key, NOW, None)
    assert plans.run_at(NOW + 2 * MINUTE) == 0
    assert plans.run_at(NOW + 3 * MINUTE) == 1


def test_a_plan_that_is_none_any_more_stops_no_other(plans: Plans, world: World) -> None:
    plans.save()
    version = plans.store.find_version(PRIMARY_ID, 1)
    assert version is not None
    broken = {**version.settings, "zone": "Mars/Base"}
    plans.store.save_version(
        PRIMARY_ID, version.__class__(2, broken, version.author, "", NOW), EVENT, version=1
    )
    assert plans.engine.run_due() == 0
    details = plans.service.show(ALICE, PRIMARY_ID)
    assert (details.standing.due, details.changes) == (None, ())
