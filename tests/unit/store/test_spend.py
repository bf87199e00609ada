"""What is kept of costs: exactly, replaced until it is locked, and forgotten in time."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.spend.costs import CostRow, EntityKind
from app.domain.spend.days import Estimate, Figures, Reported
from app.domain.spend.reading import ReadingMark, Span
from app.store import spend as module
from app.store.spend import SpendStore
from tests.unit.builders import NOW, PRIMARY_ID, REPORTING_ID

DAY = date(2026, 3, 3)
WAREHOUSE_ID = "0b000000-0000-4000-8000-000000000001"


@pytest.fixture
def store(engine: Engine) -> SpendStore:
    """With nothing in it."""
    return SpendStore(engine)


def row(compute: str = "1", entity_id: str = PRIMARY_ID, **fields: Any) -> CostRow:  # noqa: ANN401
    """What a service cost on DAY."""
    values = {"day": DAY, "service_id": entity_id, "warehouse_id": WAREHOUSE_ID, **fields}
    kind = values.pop("kind", EntityKind.SERVICE)
    return CostRow(entity_id=entity_id, kind=kind, compute=Decimal(compute), **values)


def record(store: SpendStore, *rows: CostRow) -> None:
    """A reading of DAY and the next."""
    store.record_report((Span.LATEST,), DAY, DAY + timedelta(days=1), rows, NOW)


def computed(store: SpendStore, service_id: str = PRIMARY_ID) -> dict[date, Reported]:
    """What Cloud is known to say."""
    return dict(store.map_figures([service_id], DAY)[service_id].reported)


def test_amounts_are_kept_to_the_last_place(store: SpendStore) -> None:
    record(store, row("14.432100001"))
    assert computed(store) == {DAY: Reported(Decimal("14.432100001"), is_locked=False)}


def test_nothing_is_written_as_0(store: SpendStore) -> None:
    record(store, row("0"))
    assert str(computed(store)[DAY].compute) == "0"
    assert str(store.find_warehouse_cost([PRIMARY_ID], (), DAY, DAY).other) == "0"


def test_a_row_is_replaced_until_it_is_locked_and_then_stays(store: SpendStore) -> None:
    record(store, row("1"), row("5", REPORTING_ID))
    record(store, row("2", is_locked=True))
    assert computed(store)[DAY].compute == 2
    assert computed(store, REPORTING_ID) == {}
    record(store, row("3"))
    assert computed(store)[DAY] == Reported(Decimal(2), is_locked=True)


def test_a_day_is_whole_once_it_was_read_after_it_was_over(store: SpendStore) -> None:
    days = DAY - timedelta(days=1), DAY
    at_ten = NOW.replace(day=DAY.day, hour=10)
    store.record_report((Span.LATEST,), *days, [row("4")], at_ten)
    store.note_failure(Span.LATEST, at_ten + timedelta(days=1), "no")
    assert computed(store) == {DAY: Reported(Decimal(4), is_locked=False, is_whole=False)}
    store.record_report((Span.LATEST,), *days, [row("4", is_locked=True)], at_ten)
    assert computed(store)[DAY].is_whole
    store.record_report((Span.LATEST,), *days, [row("9")], at_ten + timedelta(hours=14))
    assert computed(store)[DAY].is_whole


def test_days_that_were_not_asked_for_are_left_alone(store: SpendStore) -> None:
    record(store, row("1"))
    later = DAY + timedelta(days=2)
    store.record_report((Span.LATEST,), later, later, [row("9")], NOW)
    assert computed(store)[DAY].compute == 1


def test_a_pipe_is_no_compute_of_its_group(store: SpendStore) -> None:
    pipe = row("7", "0e000000-0000-4000-8000-000000000001", kind=EntityKind.PIPE)
    record(store, row("1"), CostRow(**{**vars(pipe), "service_id": PRIMARY_ID}))
    assert computed(store)[DAY].compute == 1


def test_every_group_is_told_of_and_which_days_are_known(store: SpendStore) -> None:
    record(store, row("1"))
    found = store.map_figures([PRIMARY_ID, REPORTING_ID], DAY)
    assert found[REPORTING_ID] == Figures(reported_days=frozenset({DAY}))


def test_storage_or_a_pipe_alone_makes_no_day_known(store: SpendStore) -> None:
    of = {"kind": EntityKind.WAREHOUSE, "service_id": ""}
    pipe = row("1", "0e000000-0000-4000-8000-000000000001", kind=EntityKind.PIPE)
    record(store, row("0", WAREHOUSE_ID, storage=Decimal(2), **of), pipe)
    assert store.map_figures([PRIMARY_ID], DAY)[PRIMARY_ID] == Figures()


def test_storage_and_backup_are_those_of_the_warehouses_of_these_groups(store: SpendStore) -> None:
    of = {"kind": EntityKind.WAREHOUSE, "service_id": ""}
    own = row("0", WAREHOUSE_ID, storage=Decimal("2.5"), backup=Decimal("0.75"), **of)
    foreign = row("0", "x", storage=Decimal(9), **{**of, "warehouse_id": "x"})
    record(store, row("1", other=Decimal("0.5")), own, foreign)
    cost = store.find_warehouse_cost([PRIMARY_ID], (), DAY, DAY)
    assert (cost.storage, cost.backup, cost.other, cost.is_told) == (
        Decimal("2.5"),
        Decimal("0.75"),
        Decimal("0.5"),
        True,
    )
    assert store.find_warehouse_cost([], (WAREHOUSE_ID,), DAY, DAY) == cost
    assert store.find_warehouse_cost([PRIMARY_ID], (WAREHOUSE_ID,), DAY, DAY) == cost
    nothing = store.find_warehouse_cost([REPORTING_ID], (), DAY, DAY)
    assert (nothing.storage, nothing.is_told) == (Decimal(0), False)


def test_compute_of_a_pipe_is_part_of_the_rest_and_storage_alone_tells_the_warehouse(
    store: SpendStore,
) -> None:
    pipe = row("7", "0e000000-0000-4000-8000-000000000001", kind=EntityKind.PIPE, other=Decimal(1))
    record(store, row("3"), pipe)
    cost = store.find_warehouse_cost([PRIMARY_ID], (), DAY, DAY)
    assert (cost.other, cost.is_told) == (Decimal(8), False)


def test_how_the_readings_stand(store: SpendStore) -> None:
    assert store.map_marks() == {}
    record(store)
    later = NOW + timedelta(hours=1)
    store.note_failure(Span.LATEST, later, "no")
    store.note_failure(Span.MONTH, later, "no")
    assert store.map_marks() == {
        Span.LATEST: ReadingMark(later, NOW, "no"),
        Span.MONTH: ReadingMark(later, None, "no"),
    }


def test_own_figures_are_replaced_day_by_day(store: SpendStore) -> None:
    one, other = Estimate(1, 2, 3), Estimate(4, 5, 6)
    store.record_estimates(PRIMARY_ID, {DAY: one, DAY + timedelta(days=1): one}, NOW)
    store.record_estimates(PRIMARY_ID, {DAY: other}, NOW + timedelta(minutes=5))
    store.record_estimates(REPORTING_ID, {}, NOW)
    found = store.map_figures([PRIMARY_ID], DAY)[PRIMARY_ID].estimates
    assert found == {DAY: other, DAY + timedelta(days=1): one}
    assert store.map_estimated() == {
        PRIMARY_ID: (DAY + timedelta(days=1), NOW + timedelta(minutes=5))
    }


def test_old_rows_are_forgotten(store: SpendStore, monkeypatch: pytest.MonkeyPatch) -> None:
    record(store, row("1"))
    store.record_estimates(PRIMARY_ID, {DAY: Estimate(1)}, NOW)
    assert store.prune(DAY + timedelta(days=module.KEPT_DAYS)) == 0
    assert store.prune(DAY + timedelta(days=module.KEPT_DAYS + 1)) == 1
    assert store.map_estimated() == {}
    monkeypatch.setattr(module, "MOST_ROWS", 20)
    record(store, row("1"), row("1", REPORTING_ID))
    assert store.prune(DAY + timedelta(days=10)) == 0
    assert store.prune(DAY + timedelta(days=11)) == 2
