"""Looking: everybody sees their own groups, and what is hidden looks like what does not exist."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.cloud.snapshot import View
from app.domain.access import Identity, Permission
from app.domain.changes import ChangeState
from app.domain.states import ServiceState
from app.errors import CloudUnreachable, NotAllowed, NotFound
from app.services.groups import RECENT_CHANGES, Groups
from app.services.readiness import Readiness
from app.store.changes import ChangeStore
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
    make_change,
    make_service,
)
from tests.unit.services.fakes import Clock, FakeSnapshot

DOWN = CloudUnreachable(message="ClickHouse Cloud cannot be reached.")


@pytest.fixture
def snapshot() -> FakeSnapshot:
    """Cloud shows all groups but one."""
    return FakeSnapshot(make_service(PRIMARY_ID), make_service(CAMPAIGNS_ID))


@pytest.fixture
def groups(engine: Engine, clock: Clock, snapshot: FakeSnapshot) -> Groups:
    """What is tested."""
    return Groups(make_catalog(), "the data team", snapshot, ChangeStore(engine), clock)


@pytest.mark.parametrize(
    ("person", "ids"),
    [
        (ALICE, {"Analytics": [PRIMARY_ID, REPORTING_ID]}),
        (BOB, {"Analytics": [PRIMARY_ID, REPORTING_ID]}),
        (CHARLIE, {}),
        (DANA, {"Marketing": [CAMPAIGNS_ID]}),
    ],
)
def test_everybody_sees_their_own_groups_by_warehouse(
    groups: Groups, person: Identity, ids: dict[str, list[str]]
) -> None:
    overview = groups.list_groups(person)
    assert {
        warehouse.name: [group.service_id for group in shown]
        for warehouse, shown in overview.by_warehouse
    } == ids


def test_a_group_that_cloud_does_not_show_is_listed_all_the_same(groups: Groups) -> None:
    group, _ = groups.get_group(ALICE, REPORTING_ID, Permission.VIEW)
    assert group.service is None
    assert group.state is ServiceState.UNKNOWN


# ASVS 8.2.2
@pytest.mark.parametrize("permission", Permission)
def test_what_is_hidden_looks_like_what_does_not_exist(
    groups: Groups, permission: Permission
) -> None:
    told = []
    for person, service_id in [
        (ALICE, FOREIGN_ID),
        (ALICE, CAMPAIGNS_ID),
        (CHARLIE, PRIMARY_ID),
        (DANA, PRIMARY_ID),
    ]:
        with pytest.raises(NotFound) as caught:
            groups.get_group(person, service_id, permission)
        told.append((caught.value.message, caught.value.remedy, caught.value.status))
    assert len(set(told)) == 1


def test_who_may_only_look_is_told_what_to_ask_for_and_whom(groups: Groups) -> None:
    group, _ = groups.get_group(BOB, PRIMARY_ID, Permission.VIEW)
    assert not group.may(Permission.SCALE)
    with pytest.raises(NotAllowed) as caught:
        groups.get_group(BOB, PRIMARY_ID, Permission.SCALE)
    assert "“Analytics primary”" in caught.value.message
    assert "the data team" in caught.value.remedy
    assert "“scale”" in caught.value.remedy


def test_the_age_and_the_cause_of_an_old_view_are_told(
    groups: Groups, snapshot: FakeSnapshot, clock: Clock
) -> None:
    snapshot.shown = View(snapshot.shown.services, NOW, DOWN)
    clock.advance(42)
    freshness = groups.list_groups(ALICE).freshness
    assert (freshness.taken_at, freshness.age_seconds, freshness.error) == (NOW, 42, DOWN)


def test_changes_of_a_group_are_told_to_those_who_see_it(groups: Groups) -> None:
    references = []
    for number in range(RECENT_CHANGES + 2):
        made = groups.changes.create_draft(make_change(service_id=PRIMARY_ID))
        at = NOW + timedelta(seconds=number)
        assert groups.changes.claim(made.reference, at)
        references.append(made.reference)
        if number <= RECENT_CHANGES:
            groups.changes.release(made.reference)
    assert [item.reference for item in groups.list_recent_changes(BOB, PRIMARY_ID)] == [
        references[-1]
    ]
    in_flight = groups.find_change_in_flight(BOB, PRIMARY_ID)
    assert in_flight is not None
    assert in_flight.state is ChangeState.APPLYING
    for person in (CHARLIE, DANA):
        with pytest.raises(NotFound):
            groups.list_recent_changes(person, PRIMARY_ID)
        with pytest.raises(NotFound):
            groups.find_change_in_flight(person, PRIMARY_ID)


def test_the_portal_is_ready_with_a_store_and_a_recent_view(
    engine: Engine, snapshot: FakeSnapshot, clock: Clock
) -> None:
    readiness = Readiness(engine, snapshot, clock)
    clock.advance(60)
    assert readiness.list_faults() == ()
    clock.advance(1)
    assert len(readiness.list_faults()) == 1
    snapshot.shown = View(error=DOWN)
    assert readiness.list_faults() == (
        "Nothing recent is known from ClickHouse Cloud. ClickHouse Cloud cannot be reached.",
    )


def test_the_portal_is_not_ready_without_its_tables(
    engine: Engine, snapshot: FakeSnapshot, clock: Clock
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE changes")
    (fault,) = Readiness(engine, snapshot, clock).list_faults()
    assert "records" in fault
