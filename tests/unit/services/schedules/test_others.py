"""What people do in the portal and in Cloud's console beside a schedule that stops its group: it is
kept, also where a reading of it fails or a process has died."""

from datetime import date, datetime

import pytest

from app.cloud.activity_log import Activities
from app.domain.activity.activities import Activity, Actor
from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.precedence import Rule, Ruling
from app.errors import CloudError, CloudKeyRefused, CloudUnreachable
from app.store.changes import ChangeStore
from tests.unit.builders import ALICE, PRIMARY_ID, changed
from tests.unit.domain.schedules.builders import a_plan, a_window, utc
from tests.unit.readings import clocked_readings
from tests.unit.services.boosts.boosted import boost
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.schedules.office import (
    EVENING,
    MINUTE,
    ROUND,
    START,
    go_round,
    real_boosts,
    ruling,
    state_of,
)
from tests.unit.services.world import World

pytestmark = pytest.mark.usefixtures("office_hours")

MIDNIGHT = {**a_plan(a_window(days=["mon"], start="00:00", end="08:00")), "outside": "stop"}


class Console:
    """Cloud's activities as the portal's own log of them reads and keeps them."""

    def __init__(self, plans: Plans) -> None:
        self.entries: tuple[Activity, ...] = ()
        self.error: CloudError | None = None
        plans.world.cloud.list_activities = self.read  # type: ignore[method-assign]
        log = plans.world.activity_log(plans.world.cloud)
        self.list_activities = log.list_activities
        plans.activities.list_activities = self.list_known  # type: ignore[method-assign]

    def list_known(self) -> Activities:
        """What is known of them."""
        return self.list_activities()

    def read(self, since: datetime) -> tuple[Activity, ...]:  # noqa: ARG002 - all are later
        """All of them, or the error."""
        if self.error:
            raise self.error
        return self.entries

    def start_and_stop(self) -> None:
        """Somebody does so at 22:00, and nobody looks."""
        self.entries = tuple(
            Activity(utc(f"2026-03-04 21:{minute}"), kind, PRIMARY_ID, Actor.USER)
            for minute, kind in (("30", "service_stop"), ("00", "service_start"))
        )


@pytest.fixture
def console(plans: Plans) -> Console:
    """The schedule has stopped its group, and somebody has looked since."""
    found = Console(plans)
    go_round(plans, EVENING)
    ruling(plans)
    return found


def starts(plans: Plans, moment: datetime, rounds: int = 3) -> bool:
    """Whether the group is started within some rounds."""
    before = len(plans.world.cloud.sent)
    for number in range(rounds):
        plans.run_at(moment + number * ROUND)
    return any(action is Action.START for _, action, _ in plans.world.cloud.sent[before:])


def _error(kind: type[CloudError]) -> CloudError:
    return kind(message="No.", request_id=None, upstream_status=None)


def test_a_stop_in_the_console_is_known_in_the_morning(plans: Plans, console: Console) -> None:
    console.start_and_stop()
    assert not starts(plans, START)


def test_a_start_waits_for_a_reading_that_fails(plans: Plans, console: Console) -> None:
    console.start_and_stop()
    console.error = _error(CloudUnreachable)
    assert not starts(plans, START)
    console.error = None
    assert not starts(plans, START + 2 * MINUTE)


def test_a_start_waits_for_a_reading_that_another_process_makes(
    plans: Plans, world: World, console: Console
) -> None:
    console.start_and_stop()
    plans.clock.time = START
    store = clocked_readings(world.engine, plans.clock)
    assert store.reserve("activities", fresh_seconds=60, hold_seconds=10)
    assert not starts(plans, START, 2)


def test_a_start_does_not_wait_for_long(plans: Plans, console: Console) -> None:
    console.error = _error(CloudUnreachable)
    assert not starts(plans, START)
    assert starts(plans, START + 5 * MINUTE)


def test_a_start_does_not_wait_for_what_the_key_may_not_read(
    plans: Plans, console: Console
) -> None:
    console.error = _error(CloudKeyRefused)
    assert starts(plans, START)


def test_a_size_that_somebody_keeps_of_a_boost_keeps_the_group_running(
    plans: Plans, world: World
) -> None:
    real_boosts(plans)
    plans.clock.time = EVENING - 60 * MINUTE
    made = boost(world, changed(world.config(), min_replicas=5, max_replicas=5), minutes=180)
    assert go_round(plans, EVENING) == []
    plans.clock.time = EVENING + 60 * MINUTE
    world.boosts.take_over(ALICE, PRIMARY_ID, made.reference)
    assert go_round(plans, EVENING + 61 * MINUTE) == []
    assert ruling(plans).ruling is Ruling.HELD


def test_a_boost_that_has_yet_to_go_back_decides_without_an_end(plans: Plans, world: World) -> None:
    real_boosts(plans)
    plans.clock.time = EVENING - 60 * MINUTE
    boost(world, changed(world.config(), min_replicas=5, max_replicas=5), minutes=30)
    plans.clock.time = EVENING - 31 * MINUTE
    assert ruling(plans) == Rule(Ruling.BOOST, EVENING - 30 * MINUTE)
    assert go_round(plans, EVENING) == []
    assert ruling(plans) == Rule(Ruling.BOOST)


class Died(BaseException):
    """The process has."""


def test_a_start_in_the_console_outlives_the_death_after_the_stop(
    plans: Plans, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(ChangeStore, "record_outcome", die)
        with pytest.raises(Died):
            plans.run_at(EVENING)
    world.show(ServiceState.RUNNING)
    at = EVENING + 7 * MINUTE
    plans.activities.entries = (Activity(at, "service_start", PRIMARY_ID, Actor.USER),)
    for number in range(30):
        plans.run_at(EVENING + 10 * MINUTE + number * 6 * ROUND)
        world.reconciler.reconcile_all()
    assert [action for _, action, _ in world.cloud.sent].count(Action.STOP) == 1
    assert ruling(plans).ruling is Ruling.HELD


def _freeze(plans: Plans, day: date) -> None:
    plans.set_calendar(OwnersCalendar(frozen_dates=(FrozenDates("Holiday", day, day),)))


def test_a_group_is_not_started_for_a_window_that_is_frozen(plans: Plans, world: World) -> None:
    plans.clock.time = utc("2026-03-06 12:00")
    plans.save(MIDNIGHT)
    go_round(plans, utc("2026-03-06 12:01"))
    _freeze(plans, date(2026, 3, 9))
    assert go_round(plans, utc("2026-03-08 22:50")) == []  # Sunday 23:50 in Berlin
    assert state_of(world) is ServiceState.STOPPED


def test_a_group_is_not_started_on_a_frozen_date_for_a_window_of_the_next(
    plans: Plans, world: World
) -> None:
    plans.clock.time = utc("2026-03-06 12:00")
    plans.save(MIDNIGHT)
    go_round(plans, utc("2026-03-06 12:01"))
    _freeze(plans, date(2026, 3, 8))
    assert go_round(plans, utc("2026-03-08 22:50")) == []  # Sunday 23:50 in Berlin
    assert "start" in go_round(plans, utc("2026-03-08 23:00"))
    assert state_of(world) is ServiceState.RUNNING


def test_what_comes_next_knows_of_a_frozen_date(plans: Plans) -> None:
    _freeze(plans, date(2026, 3, 5))
    go_round(plans, EVENING)
    following = plans.service.show(ALICE, PRIMARY_ID).standing.precedence.following
    assert following is not None
    assert following.ruling is Ruling.FREEZE


@pytest.mark.parametrize("state", [ServiceState.STARTING, ServiceState.AWAKING])
def test_the_base_size_waits_for_the_stop(plans: Plans, world: World, state: ServiceState) -> None:
    world.show(state)
    assert plans.run_at(EVENING) == 0
    world.show(ServiceState.RUNNING)
    assert go_round(plans, EVENING + MINUTE) == ["stop", "scale"]
