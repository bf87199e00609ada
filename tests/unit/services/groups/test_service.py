"""Looking: everybody sees their own groups, and what is hidden looks like what does not exist."""

from dataclasses import replace

import pytest

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.domain.readings import Freshness
from app.errors import (
    CloudDown,
    CloudError,
    CloudKeyRefused,
    CloudUnreachable,
    NotAllowed,
    NotFound,
)
from tests.unit.builders import (
    ALICE,
    BOB,
    CAMPAIGNS_ID,
    CHARLIE,
    DANA,
    FOREIGN_ID,
    NOW,
    PRIMARY_ID,
    REPORTING_ID,
    make_catalog,
    replicas,
)
from tests.unit.services.fakes import Clock
from tests.unit.services.world import World

DOWN = CloudUnreachable(message="ClickHouse Cloud cannot be reached.")


@pytest.mark.parametrize(
    ("person", "ids"),
    [
        (ALICE, {"Analytics": [PRIMARY_ID, REPORTING_ID]}),
        (BOB, {"Analytics": [PRIMARY_ID, REPORTING_ID]}),
        (CHARLIE, {}),
        (DANA, {"Marketing": [CAMPAIGNS_ID]}),
        (replace(ALICE, warehouse="marketing"), {}),
    ],
)
def test_everybody_sees_their_own_groups_by_warehouse(
    world: World, person: Identity, ids: dict[str, list[str]]
) -> None:
    assert {
        warehouse.name: [group.service_id for group in shown]
        for warehouse, shown in world.groups.list_groups(person).by_warehouse
    } == ids


def test_a_group_that_cloud_does_not_show_is_listed_all_the_same(world: World) -> None:
    group, _ = world.groups.get_group(DANA, CAMPAIGNS_ID, Permission.VIEW)
    assert group.service is None
    assert group.state is ServiceState.UNKNOWN


# ASVS 8.2.2
@pytest.mark.parametrize("permission", Permission)
def test_what_is_hidden_looks_like_what_does_not_exist(
    world: World, permission: Permission
) -> None:
    told = set()
    for person, service_id in [
        (ALICE, FOREIGN_ID),
        (ALICE, CAMPAIGNS_ID),
        (CHARLIE, PRIMARY_ID),
        (DANA, PRIMARY_ID),
    ]:
        with pytest.raises(NotFound) as caught:
            world.groups.get_group(person, service_id, permission)
        told.add((caught.value.message, caught.value.remedy, caught.value.status))
        assert not world.access.has_permission(person, service_id, permission)
    assert len(told) == 1


@pytest.mark.parametrize("permission", [item for item in Permission if item != Permission.VIEW])
def test_who_may_only_read_is_told_what_to_ask_for_and_whom(
    world: World, permission: Permission
) -> None:
    group, _ = world.groups.get_group(BOB, PRIMARY_ID, Permission.VIEW)
    assert not group.may(permission)
    with pytest.raises(NotAllowed) as caught:
        world.groups.get_group(BOB, PRIMARY_ID, permission)
    assert caught.value.message == (
        f"You can view “Analytics primary”, but this needs the permission “{permission.label}”."
    )
    assert "the data team" in caught.value.remedy


def test_every_permission_is_decided_by_the_rules_in_force_at_that_moment(world: World) -> None:
    assert world.access.has_permission(ALICE, PRIMARY_ID, Permission.POWER)
    world.set_policy(make_catalog(rules=()))
    assert not world.access.has_permission(ALICE, PRIMARY_ID, Permission.POWER)


def test_the_age_and_the_cause_of_an_old_view_are_told(world: World, clock: Clock) -> None:
    world.groups.list_groups(ALICE)
    world.cloud.errors["list_services"] = DOWN
    clock.advance(42)
    freshness = world.groups.list_groups(ALICE).freshness
    assert (freshness.taken_at, freshness.age_seconds) == (NOW, 42)
    assert repr(freshness.error) == repr(DOWN)


@pytest.mark.parametrize(
    ("error", "age_seconds", "is_recent"),
    [
        (None, 3, True),
        (DOWN, 30, True),
        (DOWN, 31, False),
        (DOWN, None, False),
        (CloudDown(message="Left alone.", retry_after_seconds=1), 6, False),
        (CloudKeyRefused(message="No.", request_id=None, upstream_status=401), 6, False),
    ],
)
def test_on_what_is_too_old_nothing_can_be_changed(
    error: CloudError | None, age_seconds: float | None, *, is_recent: bool
) -> None:
    freshness = Freshness(NOW, age_seconds, error)
    assert freshness.is_recent is is_recent
    assert (freshness.disabled_reason is None) is is_recent
    if error and not is_recent:
        assert error.message in str(freshness.disabled_reason)
        with pytest.raises(type(error)):
            freshness.check_recent()


def test_nothing_is_proposed_on_a_view_that_is_too_old(world: World, clock: Clock) -> None:
    world.groups.list_groups(ALICE)
    world.cloud.errors["list_services"] = DOWN
    clock.advance(31)
    with pytest.raises(CloudUnreachable):
        world.command(Action.STOP, ALICE, PRIMARY_ID)
    with pytest.raises(CloudUnreachable):
        world.ask(world.config(), replicas(5), ALICE, PRIMARY_ID)
