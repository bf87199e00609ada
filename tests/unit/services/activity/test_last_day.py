"""The last day of a group: from the ledger and what Cloud says now, for whoever sees the group."""

from datetime import datetime, timedelta
from typing import cast

import pytest

from app.cloud.client import CloudClient
from app.domain.access.permissions import Identity
from app.domain.activity.activities import Activity, Actor
from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.errors import CloudUnreachable, NotFound
from app.services.activity.last_day import DAY, LastDay
from tests.unit.builders import ALICE, CHARLIE, PRIMARY_ID, VERTICAL, changed
from tests.unit.services.world import World

MINUTES = 60


class TellingCloud:
    """A Cloud that tells these activities, or fails without any."""

    def __init__(self, activities: list[Activity] | None) -> None:
        self._activities = activities

    def list_activities(self, since: datetime) -> tuple[Activity, ...]:  # noqa: ARG002 - as real
        if self._activities is None:
            raise CloudUnreachable(message="No connection.")
        return tuple(self._activities)


def find_day(
    world: World, activities: list[Activity] | None = None, person: Identity = ALICE
) -> LastDay | None:
    """The day, given these activities of Cloud's or without its record."""
    log = world.activity_log(cast("CloudClient", TellingCloud(activities)))
    return world.pages_over(log).show(person, PRIMARY_ID).day


def last_day(world: World, activities: list[Activity] | None = None) -> LastDay:
    """Alice's view of it."""
    found = find_day(world, activities)
    assert found is not None
    assert found.until - found.since == DAY
    return found


def test_a_day_without_changes_is_not_known(world: World) -> None:
    day = last_day(world)
    assert [item.value for item in day.sizes] == [None]
    assert [item.value for item in day.states] == [None]


def test_a_change_divides_the_day(world: World) -> None:
    world.apply(world.draft())
    world.clock.advance(30 * MINUTES)
    assert [item.value for item in last_day(world).sizes] == [None, (80, 160)]


def test_a_change_of_an_earlier_day_tells_how_the_day_began(world: World) -> None:
    world.apply(world.draft())
    world.clock.advance(30 * 60 * MINUTES)
    assert [item.value for item in last_day(world).sizes] == [(80, 160)]


@pytest.mark.parametrize(("may_idle", "expected"), [(True, None), (False, ServiceState.RUNNING)])
def test_a_group_that_may_idle_is_not_said_to_have_run_unseen(
    world: World, expected: ServiceState | None, *, may_idle: bool
) -> None:
    world.cloud.put(PRIMARY_ID, configured=changed(VERTICAL, idle_scaling=may_idle))
    world.show(ServiceState.STOPPED)
    change = world.apply(world.draft_command(Action.START))
    world.show(ServiceState.RUNNING)
    world.reconciler.note_effect(change)
    world.clock.advance(60 * MINUTES)
    states = [item.value for item in last_day(world).states]
    assert states[-1] == expected


def test_whoever_does_not_see_the_group_does_not_see_its_day(world: World) -> None:
    with pytest.raises(NotFound):
        find_day(world, person=CHARLIE)


def happened(world: World, kind: str, hours_ago: float) -> Activity:
    """An activity of Cloud itself, or of somebody in its console."""
    at = world.clock() - timedelta(hours=hours_ago)
    return Activity(at, kind, PRIMARY_ID, Actor.USER)


def test_where_clouds_record_is_empty_nothing_happened(world: World) -> None:
    day = last_day(world, [])
    assert [item.value for item in day.sizes] == [(48, 96)]
    assert [item.value for item in day.states] == [ServiceState.RUNNING]


def test_clouds_record_tells_when_a_group_slept(world: World) -> None:
    slept, woke = happened(world, "service_idle", 6), happened(world, "service_awaken", 2)
    day = last_day(world, [woke, slept])
    assert [(item.value, item.end) for item in day.states] == [
        (ServiceState.RUNNING, slept.at),
        (ServiceState.IDLE, woke.at),
        (ServiceState.RUNNING, day.until),
    ]


def test_what_was_configured_before_somebody_changed_it_elsewhere_is_not_known(
    world: World,
) -> None:
    change = happened(world, "service_update_autoscaling_memory", 3)
    day = last_day(world, [change])
    assert [(item.value, item.end) for item in day.sizes] == [
        (None, change.at),
        ((48, 96), day.until),
    ]


def test_an_own_change_tells_the_size_before_it_back_to_the_last_foreign_one(world: World) -> None:
    foreign = happened(world, "service_update_autoscaling_replicas", 3)
    world.apply(world.draft())
    world.clock.advance(30 * MINUTES)
    assert [item.value for item in last_day(world, [foreign]).sizes] == [None, (48, 96), (80, 160)]
