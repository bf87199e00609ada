"""What a report tells of a warehouse to somebody who sees only some of its groups."""

from dataclasses import replace
from decimal import Decimal

from app.domain.access.permissions import Permission
from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.spend.costs import CostRow, EntityKind
from app.domain.spend.reading import Span
from app.services.spend.reports import SpendReports, WarehouseSpend
from tests.unit.builders import (
    ALICE,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    giving,
    make_definition,
)
from tests.unit.services.world import World
from tests.unit.store.test_spend import WAREHOUSE_ID

OTHERS = giving(Permission.VIEW, roles=("others",))


def report(world: World, *groups: GroupDefinition) -> WarehouseSpend:
    """What Alice sees of a warehouse with a bound of 20 replicas."""
    warehouse = WarehouseDefinition("analytics", "Analytics", groups, None, 20)
    world.set_policy(Catalog((warehouse,)))
    reports = SpendReports(world.groups, world.budgets.store, world.clock)
    (found,) = reports.show_all(ALICE).warehouses
    return found


def test_replicas_of_groups_that_one_does_not_see_are_not_counted(world: World) -> None:
    known = world.cloud.services
    known[REPORTING_ID] = replace(known[PRIMARY_ID], service_id=REPORTING_ID)
    hidden = make_definition(REPORTING_ID, "Reporting", rules=(OTHERS,))
    found = report(world, make_definition(), hidden)
    assert (found.replicas, found.bound) == (VERTICAL.max_replicas, None)


def test_storage_of_a_warehouse_is_told_where_its_groups_have_no_rows(world: World) -> None:
    known, today = world.cloud.services, world.clock().date()
    there = replace(known[PRIMARY_ID].particulars, warehouse_id=WAREHOUSE_ID)
    known[PRIMARY_ID] = replace(known[PRIMARY_ID], particulars=there)
    kind = EntityKind.WAREHOUSE
    row = CostRow(today, WAREHOUSE_ID, kind, "", WAREHOUSE_ID, storage=Decimal(40))
    assert not report(world, make_definition()).cost.is_told
    world.budgets.store.record_report((Span.LATEST,), today, today, [row], world.clock())
    cost = report(world, make_definition()).cost
    assert (cost.storage, cost.is_told) == (Decimal(40), True)


def test_who_sees_all_groups_sees_their_bound(world: World) -> None:
    found = report(world, make_definition())
    assert (found.replicas, found.bound) == (VERTICAL.max_replicas, 20)
