"""A schedule that Cloud carries out: given to it, compared, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.audit.chain import ChainEntry
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.handover import CloudPlan, Handover, HandoverState
from app.domain.schedules.precedence import Ruling
from app.errors import (
    CloudAnswerLost,
    CloudRejected,
    CloudUnreachable,
    ConfigurationChanged,
    NotAllowed,
    NotPossible,
    PortalError,
)
from app.store.audit.log import EventStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, BOB, PRIMARY_ID, replicas
from tests.unit.domain.schedules.builders import a_plan, a_window, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World

NIGHT, MORNING, NOON = (utc(f"2026-03-05 {hour}:00") for hour in ("02", "08", "12"))
UTC_PLAN = a_plan(a_window(), zone="UTC")
LATER = timedelta(minutes=4)
LOST = CloudAnswerLost(message="No answer.", request_id=None, upstream_status=None)
REJECTED = CloudRejected(message="No such feature.", request_id=None, upstream_status=400)
ANOTHER = {"name": "Theirs", "weekdays": [0], "startHourUtc": 1, "endHourUtc": 2}


@pytest.fixture
def given(plans: Plans) -> Plans:
    """A plan in whole hours of UTC, in the night after its base size was set."""
    plans.set_calendar(OwnersCalendar(may_hand_over=True))
    plans.save(UTC_PLAN)
    plans.run_at(NIGHT)
    return plans


def _hand_over(plans: Plans) -> None:
    plans.in_cloud.hand_over(ALICE, PRIMARY_ID, seen=1)


def _ruling(plans: Plans) -> Ruling:
    return plans.service.show(ALICE, PRIMARY_ID).standing.precedence.current.ruling


def _calls(world: World) -> list[str]:
    return [line.split()[0] for line in world.log if " schedule " in line]


def _told(world: World) -> list[tuple[str, str]]:
    entries = EventStore(world.engine).iterate()
    values = [entry.values for entry in entries if isinstance(entry, ChainEntry)]
    steps = ("hand_over_schedule", "take_back_schedule")
    return [(it["action"], it["result"]) for it in values if it["action"] in steps]


def test_cloud_is_asked_once_after_the_intent_and_the_portal_stands_still(
    given: Plans, world: World
) -> None:
    sent = given.sent
    _hand_over(given)
    details = given.service.show(ALICE, PRIMARY_ID)
    assert (details.cloud_plan, _ruling(given)) == (CloudPlan.AS_WRITTEN, Ruling.HANDED_OVER)
    assert [(it.name, it.start_hour) for it in details.cloud_entries] == [("Office hours", 8)]
    assert _told(world) == [("hand_over_schedule", "defer"), ("hand_over_schedule", "success")]
    for day in range(3):
        for moment in (MORNING, NOON, NIGHT + timedelta(days=1)):
            assert given.run_at(moment + timedelta(days=day)) == 0
    assert (given.sent, _calls(world)) == (sent, ["write"])


def test_what_was_taken_back_the_portal_does_again(given: Plans, world: World) -> None:
    _hand_over(given)
    given.run_at(NOON)
    given.in_cloud.take_back(ALICE, PRIMARY_ID)
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.NONE
    assert (given.engine.run_due(), given.engine.run_due()) == (1, 0)
    assert world.config().size == (32, 64, 3, 3)
    assert _told(world)[2:] == [("take_back_schedule", "defer"), ("take_back_schedule", "success")]


def test_entries_of_others_are_neither_replaced_nor_removed(given: Plans, world: World) -> None:
    world.cloud.set_schedule(PRIMARY_ID, [ANOTHER])
    with pytest.raises(ConfigurationChanged):
        _hand_over(given)
    assert given.handovers.find(PRIMARY_ID) is None
    world.cloud.set_schedule(PRIMARY_ID, [])
    _hand_over(given)
    world.cloud.set_schedule(PRIMARY_ID, [ANOTHER])
    given.clock.advance(60)
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.CHANGED
    assert _ruling(given) is Ruling.CLOUD
    given.in_cloud.take_back(ALICE, PRIMARY_ID)
    assert (_calls(world), _ruling(given)) == (["write"], Ruling.CLOUD)
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.FOREIGN


def test_entries_that_somebody_removed_are_said_and_nothing_begins_by_itself(
    given: Plans, world: World
) -> None:
    _hand_over(given)
    world.cloud.set_schedule(PRIMARY_ID, [])
    assert given.run_at(NOON) == 0
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.GONE
    given.in_cloud.take_back(ALICE, PRIMARY_ID)
    assert (_calls(world), given.engine.run_due()) == (["write"], 1)


@pytest.mark.parametrize("error", [REJECTED, CloudUnreachable(message="Away.")])
def test_where_nothing_was_written_the_portal_goes_on(
    given: Plans, world: World, error: PortalError
) -> None:
    world.cloud.errors["write_schedule"] = error
    with pytest.raises(type(error)):
        _hand_over(given)
    assert _told(world)[-1] == ("hand_over_schedule", "fail")
    assert given.run_at(NOON) == 1


@pytest.mark.parametrize(("is_done", "plan"), [(True, "as_written"), (False, "none")])
def test_an_answer_that_was_lost_is_found_out_by_reading(
    given: Plans, world: World, *, is_done: bool, plan: str
) -> None:
    world.cloud.errors["write_schedule"], world.cloud.does_it_anyway = LOST, is_done
    with pytest.raises(CloudAnswerLost):
        _hand_over(given)
    assert _ruling(given) is Ruling.HANDED_OVER
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.UNSETTLED
    given.in_cloud.reconcile()  # too early to tell
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan is CloudPlan.UNSETTLED
    given.clock.time += LATER
    given.in_cloud.reconcile()
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan == plan
    assert _told(world)[-1] == ("hand_over_schedule", "success" if is_done else "fail")
    assert _calls(world) == ["write"]


@pytest.mark.parametrize(("is_done", "plan"), [(True, "none"), (False, "as_written")])
def test_a_removal_whose_answer_was_lost_is_found_out_too(
    given: Plans, world: World, *, is_done: bool, plan: str
) -> None:
    _hand_over(given)
    world.cloud.errors["remove_schedule"], world.cloud.does_it_anyway = LOST, is_done
    with pytest.raises(CloudAnswerLost):
        given.in_cloud.take_back(ALICE, PRIMARY_ID)
    with pytest.raises(ConfigurationChanged):
        given.in_cloud.take_back(ALICE, PRIMARY_ID)
    given.clock.time += LATER
    given.in_cloud.reconcile()
    assert given.service.show(ALICE, PRIMARY_ID).cloud_plan == plan
    assert _calls(world) == ["write", "remove"]


def test_a_process_that_was_held_up_writes_nothing(given: Plans, world: World) -> None:
    world.cloud.while_reading = lambda: given.clock.advance(60)
    with pytest.raises(ConfigurationChanged):
        _hand_over(given)
    assert _calls(world) == []


def test_cloud_is_asked_only_while_the_base_size_holds_and_is_configured(
    given: Plans, world: World
) -> None:
    world.apply(world.draft(replicas(5)))
    with pytest.raises(NotPossible):
        _hand_over(given)
    given.run_at(NOON)
    with pytest.raises(NotPossible):
        _hand_over(given)
    assert _calls(world) == []


@pytest.mark.parametrize(
    ("calendar", "plan"),
    [
        (OwnersCalendar(), UTC_PLAN),
        (OwnersCalendar(may_hand_over=True), a_plan()),
        (
            OwnersCalendar((FrozenDates("End", date(2026, 12, 24), date(2026, 12, 31)),), (), True),
            UTC_PLAN,
        ),
    ],
)
def test_it_is_refused_where_the_owners_or_the_plan_do_not_let_it(
    plans: Plans, world: World, calendar: OwnersCalendar, plan: object
) -> None:
    plans.set_calendar(calendar)
    plans.save(plan)
    plans.run_at(NIGHT)
    with pytest.raises(NotPossible):
        _hand_over(plans)
    assert _calls(world) == []


def test_only_who_may_plan_the_group_may_do_it(given: Plans, world: World) -> None:
    with pytest.raises(NotAllowed):
        given.in_cloud.hand_over(BOB, PRIMARY_ID, seen=1)
    with pytest.raises(NotAllowed):
        given.in_cloud.take_back(BOB, PRIMARY_ID)
    with pytest.raises(ConfigurationChanged):
        given.in_cloud.hand_over(ALICE, PRIMARY_ID, seen=2)
    assert _calls(world) == []


@pytest.mark.parametrize(
    "edit",
    [
        lambda plans: plans.save(a_plan(a_window("Other"), zone="UTC")),
        lambda plans: plans.editing.remove(ALICE, PRIMARY_ID, seen=1),
        lambda plans: plans.editing.skip_next(ALICE, PRIMARY_ID, seen=1),
        lambda plans: plans.editing.pause(ALICE, PRIMARY_ID, NOON + LATER, seen=1),
    ],
)
def test_what_cloud_carries_out_is_not_edited(
    given: Plans, edit: Callable[[Plans], object]
) -> None:
    _hand_over(given)
    with pytest.raises(NotPossible, match="ClickHouse Cloud carries out this schedule"):
        edit(given)


def test_a_version_that_was_replaced_meanwhile_is_not_claimed_and_the_other_way_round(
    given: Plans,
) -> None:
    handover = given.in_cloud._judge(ALICE, PRIMARY_ID, 1)
    given.save(a_plan(a_window("Other"), zone="UTC"))
    assert not given.handovers.claim(handover, EVENT)
    assert given.handovers.claim(replace(handover, version=2), EVENT)
    assert not given.handovers.claim(replace(handover, version=2), EVENT)
    assert not given.store.set_pause(PRIMARY_ID, NOON, EVENT, version=2)
    assert given.handovers.list_unsettled()[0].state is HandoverState.WRITING


def test_an_edge_that_is_under_way_is_not_overtaken(given: Plans, world: World) -> None:
    """The engine has claimed its change when the intent is written: one of them sends nothing."""
    given.clock.time = NOON
    standing = given.standings.list_all(given.store.list_records())[0]
    handover = Handover(PRIMARY_ID, 1, (), ALICE, NOON)

    def give_to_cloud() -> None:
        assert given.handovers.claim(handover, EVENT)

    world.cloud.while_reading = give_to_cloud
    sent = given.sent
    assert not given.engine._run(standing)
    assert given.sent == sent
