"""Figures of the groups: what was read, and nothing for what is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.cloud.snapshot import View
from app.domain.groups.catalog import Catalog
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState
from app.domain.spend.budget import BudgetUse, Period
from app.metrics import GroupFigures, SizeFigures
from app.services.monitoring.group_figures import figures_of
from tests.unit.builders import (
    CAMPAIGNS_ID,
    HORIZONTAL,
    NOW,
    PRIMARY,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
    make_definition,
    make_service,
)


def view_of(*services: Service) -> View:
    """A view that shows these."""
    return View({item.service_id: item for item in services}, NOW)


def test_a_group_has_its_state_both_sizes_and_what_is_in_progress() -> None:
    bigger = changed(VERTICAL, max_memory_gb=64)
    service = make_service(configured=bigger, effective=VERTICAL)
    primary, *_ = figures_of(make_catalog(), view_of(service), {PRIMARY_ID})
    assert primary == GroupFigures(
        "analytics",
        PRIMARY,
        "running",
        SizeFigures((16, 64), (3, 3)),
        SizeFigures((16, 32), (3, 3)),
        has_change_in_flight=True,
        is_resizing=True,
    )


def test_every_configured_group_has_figures_and_one_that_is_not_shown_has_no_size() -> None:
    view = view_of(make_service(REPORTING_ID, state=ServiceState.IDLE, configured=HORIZONTAL))
    figures = list(figures_of(make_catalog(), view, {CAMPAIGNS_ID}))
    assert [item.state for item in figures] == ["not_shown", "idle", "not_shown"]
    assert [item.configured is None for item in figures] == [True, False, True]
    assert [item.has_change_in_flight for item in figures] == [False, False, True]


def test_a_size_that_cloud_does_not_tell_has_no_figure() -> None:
    service = make_service(effective=None)
    primary, *_ = figures_of(make_catalog(), view_of(service), ())
    assert primary.effective is None
    assert primary.configured is not None


def test_the_share_of_a_budget_that_is_used_is_told_by_period() -> None:
    use = BudgetUse(Period.DAY, "2026-11-26", Decimal(3), Decimal(4), date(2026, 11, 27))
    found = figures_of(make_catalog(), view_of(make_service()), (), {PRIMARY_ID: (use,)})
    primary, other, _ = found
    assert (primary.budgets_used, other.budgets_used) == ({"day": 0.75}, {})


def test_nothing_is_said_of_groups_while_cloud_was_never_read() -> None:
    assert list(figures_of(make_catalog(), View(), {PRIMARY_ID})) == []


def test_groups_of_a_warehouse_with_one_name_have_figures_apart() -> None:
    marketing = make_catalog().warehouses[1]
    groups = (
        make_definition(warehouse="marketing"),
        make_definition(REPORTING_ID, PRIMARY, "marketing"),
        *marketing.groups,
    )
    catalog = Catalog((replace(marketing, groups=groups),))
    names = [item.name for item in figures_of(catalog, view_of(), ())]
    assert names == [f"{PRIMARY} ({PRIMARY_ID})", f"{PRIMARY} ({REPORTING_ID})", groups[2].name]
