"""What happened to a group, by whomever, told as one, and to each as much as they may know."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.activity.activities import Activity, Actor
from app.domain.changes.actions import Action
from app.domain.changes.change import STATE_LAG
from app.domain.groups.states import ServiceState
from app.errors import CloudKeyRefused, CloudRejected, NotFound
from app.services.activity.history import GroupHistory, HistoryEntry
from app.services.pages.groups import GroupPages
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    NOW,
    PRIMARY_ID,
    REPORTING_ID,
    giving,
    make_catalog,
    replicas,
)
from tests.unit.services.fakes import FakeCloud
from tests.unit.services.world import World

AUDITOR = Identity("analytics", "zoe", frozenset({"auditor"}))
RULES = (
    giving(*BUNDLES["operator"], Permission.POWER, roles=("analytics_operator",)),
    giving(Permission.VIEW, roles=("analytics_viewer",)),
    giving(Permission.VIEW, Permission.AUDIT, roles=("auditor",)),
)
OURS = "clickhouse-compute-portal/1.0 (user=alice; request=1)"
MEMORY, REPLICAS = "service_update_autoscaling_memory", "service_update_autoscaling_replicas"
ReadHistory = Callable[..., GroupHistory]


def activity(kind: str, at: datetime = NOW, **fields: object) -> Activity:
    """Something that our key did, unless said otherwise."""
    return replace(
        Activity(at, kind, PRIMARY_ID, Actor.API, "Portal key", OURS),
        **fields,  # type: ignore[arg-type] # fields of an activity
    )


CONSOLE = activity(MEMORY, actor=Actor.USER, actor_name="eve@example.test", user_agent="Mozilla")
TERRAFORM = activity(MEMORY, actor_name="Terraform key", user_agent="terraform/1.9")


class Told(FakeCloud):
    """A Cloud that tells these activities."""

    told: tuple[Activity, ...] = ()

    def list_activities(self, since: datetime) -> tuple[Activity, ...]:  # noqa: ARG002 - as real
        """What was said."""
        self._may_fail("list_activities")
        return self.told


@pytest.fixture(autouse=True)
def rules(world: World) -> None:
    """Alice may scale, Bob may read_history, Zoe may audit."""
    world.set_policy(make_catalog(rules=RULES))


@pytest.fixture
def read_history(world: World) -> ReadHistory:
    """What a person reads, given what Cloud tells."""

    def tell(
        *told: Activity, person: Identity = ALICE, error: CloudRejected | None = None
    ) -> GroupHistory:
        cloud = Told([])
        cloud.told = told
        if error:
            cloud.errors["list_activities"] = error
        return world.pages_over(world.activity_log(cloud)).show(person, PRIMARY_ID).history

    return tell


def test_ours_is_told_once_however_many_lines_cloud_writes(
    world: World, read_history: ReadHistory
) -> None:
    change = world.apply(world.draft())
    (told,) = read_history(activity(MEMORY), activity(REPLICAS)).entries
    assert told == HistoryEntry(NOW, "Scale", "alice", change=change, is_open=True)


@pytest.mark.parametrize(
    "other",
    [
        CONSOLE,
        TERRAFORM,
        activity("service_stop"),  # another action
        activity(MEMORY, NOW - timedelta(minutes=3)),  # another time
    ],
    ids=["console", "terraform", "action", "time"],
)
def test_what_is_not_ours_stands_beside_it(
    world: World, read_history: ReadHistory, other: Activity
) -> None:
    world.apply(world.draft())
    told = read_history(activity(REPLICAS), other).entries
    assert len(told) == 2
    assert {item.what for item in told} == {"Scale", other.words}


def test_a_change_that_cloud_refused_explains_nothing(
    world: World, read_history: ReadHistory
) -> None:
    world.cloud.errors["update"] = CloudRejected(message="", request_id=None, upstream_status=400)
    world.apply(world.draft())
    assert len(read_history(activity(REPLICAS)).entries) == 2


def test_every_action_is_recognised(world: World, read_history: ReadHistory) -> None:
    for state, action, kind in [
        (ServiceState.IDLE, Action.WAKE, "service_awaken"),
        (ServiceState.STOPPED, Action.START, "service_start"),
    ]:
        world.show(state)
        world.apply(world.draft_command(action))
        told = read_history(activity(kind, world.clock())).entries
        assert [item.what for item in told if item.change is None] == []
        world.show(ServiceState.RUNNING)


@pytest.mark.parametrize(
    ("told", "is_foreign"),
    [
        (CONSOLE, True),
        (TERRAFORM, True),
        (activity(MEMORY), False),  # ours, though its change is not in the ledger any more
        (activity("service_idle", actor=Actor.SYSTEM), False),
        (activity("service_stop", actor=Actor.USER), False),
    ],
)
def test_configuration_that_changed_without_us_is_marked(
    read_history: ReadHistory, told: Activity, *, is_foreign: bool
) -> None:
    (entry,) = read_history(told).entries
    assert entry.is_foreign is is_foreign


@pytest.mark.parametrize(
    ("person", "who"),
    [
        (BOB, "somebody in the ClickHouse Cloud console"),
        (AUDITOR, "eve@example.test, somebody in the ClickHouse Cloud console"),
    ],
)
def test_names_from_the_console_are_for_holders_of_audit(
    read_history: ReadHistory, person: Identity, who: str
) -> None:
    assert [item.who for item in read_history(CONSOLE, person=person).entries] == [who]


# ASVS 8.2.2
def test_others_see_that_something_happened_and_not_by_whom(
    world: World, read_history: ReadHistory
) -> None:
    change = world.apply(world.draft())
    (seen,) = read_history(activity(REPLICAS), person=BOB).entries
    assert (seen.who, seen.is_open) == ("somebody else, through this portal", False)
    (seen,) = read_history(activity(REPLICAS), person=AUDITOR).entries
    assert (seen.who, seen.change, seen.is_open) == ("alice", change, True)


def test_other_groups_have_their_own_history(read_history: ReadHistory) -> None:
    assert read_history(replace(CONSOLE, service_id=REPORTING_ID)).entries == ()
    with pytest.raises(NotFound):
        read_history(person=CHARLIE)


def test_without_clouds_part_ours_is_told_with_the_cause(
    world: World, read_history: ReadHistory
) -> None:
    world.apply(world.draft())
    refused = CloudKeyRefused(message="Refused.", request_id=None, upstream_status=403)
    told = read_history(error=refused)
    assert (len(told.entries), repr(told.error)) == (1, repr(refused))


def test_a_configuration_that_is_not_the_last_one_set_here_is_told(
    world: World, read_history: ReadHistory
) -> None:
    assert not read_history().has_drifted
    world.apply(world.draft())
    assert not read_history().has_drifted
    world.cloud.put(PRIMARY_ID, configured=replicas(3))  # Cloud may still show what was before
    world.clock.advance(6)
    assert not read_history().has_drifted
    world.clock.advance(STATE_LAG.total_seconds())
    assert read_history().has_drifted
    world.cloud.put(PRIMARY_ID, configured=replicas(7))
    world.clock.advance(6)
    assert read_history().has_drifted
    world.apply(world.draft(replicas(4)))
    assert not read_history().has_drifted


def test_a_change_made_outside_since_ours_is_named_with_who_made_it(
    world: World, read_history: ReadHistory
) -> None:
    world.apply(world.draft())
    made = world.clock()
    before, after = (
        Activity(
            made + apart, "service_update_autoscaling_memory", PRIMARY_ID, Actor.USER, "zoe@x.com"
        )
        for apart in (-timedelta(minutes=5), timedelta(minutes=5))
    )
    assert read_history(before).drifted_by is None
    named = read_history(before, after).drifted_by
    assert named is not None
    assert (named.at, named.what) == (after.at, "Memory changed")


class Counted(Told):
    """The same, and how often it was asked."""

    asked = 0

    def list_activities(self, since: datetime) -> tuple[Activity, ...]:
        """What was said."""
        self.asked += 1
        return super().list_activities(since)


def poll(world: World, pages: GroupPages) -> GroupHistory:
    """A poll some seconds later, which reads the list of Cloud again."""
    world.clock.advance(6)
    return pages.show(ALICE, PRIMARY_ID).history


def test_a_change_made_outside_is_named_in_the_same_poll_that_shows_it(world: World) -> None:
    cloud = Counted([])
    pages = world.pages_over(world.activity_log(cloud))
    for _ in range(3):  # well within the minute for which activities are kept
        assert poll(world, pages).entries == ()
    assert cloud.asked == 1

    world.cloud.put(PRIMARY_ID, configured=replicas(9))
    cloud.told = (replace(CONSOLE, at=world.clock()),)
    for _ in range(3):
        told = poll(world, pages)
        assert [item.who for item in told.entries] == ["somebody in the ClickHouse Cloud console"]
    assert cloud.asked == 2  # once more, however often the page is looked at


def test_a_change_that_cloud_does_not_explain_is_asked_about_once(world: World) -> None:
    world.apply(world.draft())
    cloud = Counted([])
    pages = world.pages_over(world.activity_log(cloud))
    world.clock.advance(STATE_LAG.total_seconds() * 2)
    world.cloud.put(PRIMARY_ID, configured=replicas(9))
    for _ in range(4):
        assert poll(world, pages).has_drifted
    assert cloud.asked == 1  # the first look at all: nothing is older than what it shows


def test_our_own_change_costs_no_further_call(world: World) -> None:
    cloud = Counted([])
    pages = world.pages_over(world.activity_log(cloud))
    poll(world, pages)
    world.apply(world.draft())
    for _ in range(3):
        poll(world, pages)
    assert cloud.asked == 1
