"""The calls the portal makes: method, address, key, name and body, exactly."""

import json

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st
from responses.matchers import json_params_matcher, query_param_matcher

from app.cloud.client import Receipt
from app.domain.changes.actions import Action
from app.domain.load.samples import Activity, Sample
from app.errors import CloudAnswerLost, CloudError
from tests.support.cloud_json import ANY_JSON, FEW, MANY, odd_services
from tests.unit.builders import PRIMARY_ID, REPORTING_ID, VERTICAL, changed
from tests.unit.cloud.helpers import (
    REQUEST_ID,
    SCALING_URL,
    SERVICE_URL,
    SERVICES_URL,
    Unlimited,
    has_key_and_name,
    make_client,
    make_http,
    service_json,
    success,
)

STRICT = [has_key_and_name, query_param_matcher({}, strict_match=True)]


def test_listing_asks_once_for_all_services(mocked: responses.RequestsMock) -> None:
    other = service_json(id="0c000000-0000-4000-8000-000000000012", name="Reporting")
    mocked.get(SERVICES_URL, body=success([service_json(), other]), match=STRICT)
    services = make_client().list_services()
    assert [service.cloud_name for service in services] == ["Analytics primary", "Reporting"]
    assert len(mocked.calls) == 1


def test_one_service_is_read_from_the_share_kept_for_changes(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(SERVICE_URL, body=success(service_json()), match=STRICT)
    budget = Unlimited()
    service = make_client(make_http(budget=budget)).get_service(PRIMARY_ID)
    assert service.configured == VERTICAL
    assert budget.taken == [True]


def test_scaling_sends_the_patch_and_nothing_else(mocked: responses.RequestsMock) -> None:
    patch: dict[str, int | bool] = {"numReplicas": 5, "idleScaling": False}
    body = success(service_json(numReplicas=5, idleScaling=False))
    mocked.patch(
        SCALING_URL, body=body, match=[*STRICT, json_params_matcher(patch, strict_match=True)]
    )
    budget = Unlimited()
    receipt = make_client(make_http(budget=budget)).update(PRIMARY_ID, Action.SCALE, patch)
    assert receipt.request_id == REQUEST_ID
    assert receipt.service is not None
    assert receipt.service.configured == changed(
        VERTICAL, min_replicas=5, max_replicas=5, idle_scaling=False
    )
    sent = mocked.calls[0].request
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.body == b'{"numReplicas": 5, "idleScaling": false}'
    assert budget.taken == [True]


@pytest.mark.parametrize(
    "result",
    [
        {"id": "who knows"},
        {},
        {"id": PRIMARY_ID},
        service_json(state=None),
        service_json(id=REPORTING_ID),
        service_json(numReplicas=None),
        None,
        [],
    ],
)
def test_an_acceptance_that_does_not_show_the_service_is_one_all_the_same(
    mocked: responses.RequestsMock, result: object
) -> None:
    mocked.patch(SCALING_URL, body=success(result))
    receipt = make_client().update(PRIMARY_ID, Action.SCALE, {"numReplicas": 5})
    assert receipt == Receipt(None, REQUEST_ID)
    assert len(mocked.calls) == 1


@pytest.mark.parametrize(("status", "body"), [(200, "{}"), (202, ""), (202, "{}"), (204, "")])
def test_an_acceptance_may_be_empty(mocked: responses.RequestsMock, status: int, body: str) -> None:
    mocked.patch(SCALING_URL, status=status, body=body)
    receipt = make_client().update(PRIMARY_ID, Action.SCALE, {"numReplicas": 5})
    assert receipt == Receipt(None, None, status)


def check_any_acceptance(result: object, status: int) -> None:
    """Whatever stands in a success: accepted, shown or not, or its meaning is lost."""
    with responses.RequestsMock() as network:
        body = "" if status == 204 else json.dumps(result)
        network.patch(SCALING_URL, status=status, body=body)
        try:
            receipt = make_client().update(PRIMARY_ID, Action.SCALE, {"numReplicas": 5})
        except CloudAnswerLost:
            assert status != 204
            assert not isinstance(result, dict) or "error" in result
        else:
            assert receipt.service is None or receipt.service.service_id == PRIMARY_ID


ACCEPTANCES = ANY_JSON | st.fixed_dictionaries({"result": odd_services(service_json()) | ANY_JSON})
STATUSES = st.sampled_from([200, 201, 202, 204])


@given(result=ACCEPTANCES, status=STATUSES)
@FEW
def test_any_success_of_a_write_is_taken_in(result: object, status: int) -> None:
    check_any_acceptance(result, status)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(result=ACCEPTANCES, status=STATUSES)
@MANY
def test_any_success_of_a_write_is_taken_in_ten_thousand_times(result: object, status: int) -> None:
    check_any_acceptance(result, status)


def test_another_service_than_the_one_asked_for_is_no_answer(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(SERVICE_URL, body=success(service_json(id=REPORTING_ID)))
    with pytest.raises(CloudAnswerLost, match="makes no sense"):
        make_client().get_service(PRIMARY_ID)


def test_a_list_that_is_none_is_a_wrong_shape(mocked: responses.RequestsMock) -> None:
    mocked.get(SERVICES_URL, body=success({"services": []}))
    with pytest.raises(CloudAnswerLost, match="makes no sense"):
        make_client().list_services()


def test_the_load_is_asked_for_once_and_read_as_text(mocked: responses.RequestsMock) -> None:
    text = 'ClickHouse_ServiceInfo{clickhouse_cluster_status="idle"} 1\n'
    mocked.get(f"{SERVICE_URL}/prometheus?filtered_metrics=true", body=text)
    assert make_client().read_load(PRIMARY_ID) == Sample(Activity.IDLE)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_reading_of_the_load_that_failed_is_not_repeated(
    mocked: responses.RequestsMock, status: int
) -> None:
    mocked.get(f"{SERVICE_URL}/prometheus?filtered_metrics=true", status=status)
    with pytest.raises(CloudError):
        make_client().read_load(PRIMARY_ID)
    assert len(mocked.calls) == 1
