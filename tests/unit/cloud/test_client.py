"""The calls the portal makes: method, address, key, name and body, exactly."""

import pytest
import responses
from responses.matchers import json_params_matcher, query_param_matcher

from app.domain.changes.actions import Action
from app.errors import CloudAnswerLost
from tests.unit.builders import PRIMARY_ID, VERTICAL, changed
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
    assert receipt.service.configured == changed(
        VERTICAL, min_replicas=5, max_replicas=5, idle_scaling=False
    )
    sent = mocked.calls[0].request
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.body == b'{"numReplicas": 5, "idleScaling": false}'
    assert budget.taken == [True]


def test_a_change_accepted_in_a_wrong_shape_has_an_unknown_outcome(
    mocked: responses.RequestsMock,
) -> None:
    mocked.patch(SCALING_URL, body=success({"id": "who knows"}))
    with pytest.raises(CloudAnswerLost):
        make_client().update(PRIMARY_ID, Action.SCALE, {"numReplicas": 5})
    assert len(mocked.calls) == 1


def test_a_list_that_is_none_is_a_wrong_shape(mocked: responses.RequestsMock) -> None:
    mocked.get(SERVICES_URL, body=success({"services": []}))
    with pytest.raises(CloudAnswerLost, match="makes no sense"):
        make_client().list_services()
