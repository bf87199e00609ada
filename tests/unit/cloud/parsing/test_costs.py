"""Cloud's cost report: exact amounts, and one odd row never takes others with it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st
from responses.matchers import query_param_matcher

from app.cloud.parsing.costs import parse_costs
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.domain.spend.costs import NOTHING, CostRow, EntityKind
from app.errors import CloudAnswerLost, CloudKeyRefused, CloudNotAsked
from tests.support.cloud_json import ANY_JSON
from tests.unit.builders import PRIMARY_ID
from tests.unit.cloud.helpers import ORGANIZATION_ID, URL, make_client, make_http, success

WAREHOUSE_ID = "0b000000-0000-4000-8000-000000000001"
PIPE_ID = "0e000000-0000-4000-8000-000000000001"
COSTS_URL = f"{URL}/v1/organizations/{ORGANIZATION_ID}/usageCost"
DAYS = date(2026, 11, 1), date(2026, 11, 26)


def row(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """A row of a service as Cloud writes it."""
    return {
        "dataWarehouseId": WAREHOUSE_ID,
        "serviceId": PRIMARY_ID,
        "date": "2026-11-25",
        "entityType": "service",
        "entityId": PRIMARY_ID,
        "entityName": "Analytics primary",
        "metrics": {"computeCHC": 14.4321, "publicDataTransferCHC": 0.2},
        "totalCHC": 14.6321,
        "locked": True,
    } | fields


def warehouse_row(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """A row of a warehouse, which has no service."""
    own = {"serviceId": None, "entityType": "datawarehouse", "entityId": WAREHOUSE_ID}
    metrics = {"storageCHC": 2.5, "backupCHC": 0.75}
    return row(**own, metrics=metrics, totalCHC=3.25) | fields


def parse(*rows: object) -> tuple[CostRow, ...]:
    """What is read of a report with these rows."""
    return parse_costs({"grandTotalCHC": 0, "costs": list(rows)})


def test_a_row_of_a_service_has_its_compute_exactly_and_the_rest_apart() -> None:
    (found,) = parse(row())
    assert found == CostRow(
        day=date(2026, 11, 25),
        entity_id=PRIMARY_ID,
        kind=EntityKind.SERVICE,
        service_id=PRIMARY_ID,
        warehouse_id=WAREHOUSE_ID,
        compute=Decimal("14.4321"),
        other=Decimal("0.2"),
        is_locked=True,
    )


def test_storage_and_backup_belong_to_the_warehouse() -> None:
    (found,) = parse(warehouse_row())
    assert (found.service_id, found.warehouse_id) == ("", WAREHOUSE_ID)
    assert (found.compute, found.storage, found.backup) == (
        NOTHING,
        Decimal("2.5"),
        Decimal("0.75"),
    )


def test_a_pipe_is_no_compute_of_the_group() -> None:
    metrics = {"dataTransferCHC": 1, "initialLoadCHC": 2}
    (found,) = parse(row(entityType="clickpipe", entityId=PIPE_ID, metrics=metrics, totalCHC=3))
    assert (found.kind, found.compute, found.other) == (EntityKind.PIPE, NOTHING, Decimal(3))


def test_a_single_row_may_stand_in_place_of_the_list() -> None:
    assert len(parse_costs({"costs": row()})) == 1


def test_what_is_not_said_to_be_locked_may_change() -> None:
    assert [it.is_locked for it in parse(row(locked=False), row(locked="yes"))] == [False]


def test_the_last_of_two_rows_for_a_day_counts() -> None:
    (found,) = parse(row(), row(metrics={"computeCHC": 1}, totalCHC=1))
    assert found.compute == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"date": "soon"},
        {"date": None},
        {"date": "0001-01-01"},
        {"entityType": "moon"},
        {"entityType": []},
        {"entityId": "x"},
        {"metrics": None},
        {"metrics": {"computeCHC": "14"}},
        {"metrics": {"computeCHC": -1}},
        {"metrics": {"computeCHC": True}},
        {"metrics": {"computeCHC": float("inf")}},
        {"totalCHC": float("nan")},
        {"totalCHC": 10**12},
    ],
)
def test_an_odd_row_is_left_out(fields: dict[str, Any]) -> None:
    assert parse(row(**fields)) == ()


@given(st.lists(ANY_JSON, max_size=4), st.dictionaries(st.sampled_from(list(row())), ANY_JSON))
def test_an_odd_row_never_takes_others_with_it(odd: list[Any], fields: dict[str, Any]) -> None:
    found = parse(*odd, row(**fields), warehouse_row())
    assert parse(warehouse_row())[0] in found


@pytest.mark.parametrize("report", [None, [], 7, {}, {"costs": None}, {"costs": "none"}])
def test_what_is_no_report_is_an_answer_lost(report: object) -> None:
    with pytest.raises(CloudAnswerLost):
        parse_costs(report)


def test_the_days_are_asked_for_in_one_call(mocked: responses.RequestsMock) -> None:
    query = {"from_date": "2026-11-01", "to_date": "2026-11-26"}
    match = [query_param_matcher(query, strict_match=True)]
    mocked.get(COSTS_URL, body=success({"costs": [row()]}), match=match)
    assert len(make_client().read_costs(*DAYS)) == 1


def test_a_key_without_the_permission_still_reads_everything_else(
    mocked: responses.RequestsMock,
) -> None:
    refusal = json.dumps({"status": 403, "error": "FORBIDDEN: no"})
    mocked.get(COSTS_URL, body=refusal, status=403)
    mocked.get(f"{URL}/v1/organizations", body=success([]))
    client = make_client()
    with pytest.raises(CloudKeyRefused):
        client.read_costs(*DAYS)
    assert client.list_organization_ids() == ()


def test_none_is_asked_for_with_fewer_than_four_requests_left(
    mocked: responses.RequestsMock,
) -> None:
    budget = RequestBudget(UsageOfOneProcess())
    for _ in range(7):
        budget.take(for_write=False)
    with pytest.raises(CloudNotAsked):
        make_client(make_http(budget=budget)).read_costs(*DAYS)
    assert len(mocked.calls) == 0
