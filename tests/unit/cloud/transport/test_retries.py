"""Which calls are tried again, how long for, and which never are."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses

from app.cloud.transport import sending
from app.context import RequestContext, set_context
from app.errors import (
    CloudAnswerLost,
    CloudDown,
    CloudError,
    CloudKeyRefused,
    CloudNotAsked,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
)
from app.metrics import Metrics
from tests.unit.cloud.helpers import (
    REQUEST_ID,
    URL,
    Naps,
    Unlimited,
    failure,
    has_key_and_name,
    make_http,
    success,
)

PATH = "/v1/things"
TOO_BUSY = {"status": 429, "body": '{"error": "TOO_MANY_REQUESTS"}'}
LOST: list[dict[str, Any]] = [
    {"status": 500, "body": failure(500, "INTERNAL")},
    {"status": 502, "body": "Bad Gateway\n"},
    {"status": 200, "body": "<html></html>"},
    {"status": 200, "body": '["status"]'},
    {"status": 200, "body": "{" * 50_000},
    {"body": requests.ConnectionError("Connection aborted.", ConnectionResetError(104, "reset"))},
    {"body": requests.ReadTimeout()},
    {"body": requests.exceptions.ChunkedEncodingError()},
]
REFUSED: list[tuple[int, type[CloudError]]] = [
    (400, CloudRejected),
    (401, CloudKeyRefused),
    (403, CloudKeyRefused),
    (404, CloudNotFound),
    (409, CloudRejected),
    (424, CloudRejected),
]


def options_of(request: requests.PreparedRequest) -> dict[str, Any]:
    """With what the request was sent; `responses` keeps it there."""
    options: dict[str, Any] = vars(request)["req_kwargs"]
    return options


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_read_is_tried_again_and_then_right(
    mocked: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    mocked.get(URL + PATH, **fault, match=[has_key_and_name])
    mocked.get(URL + PATH, **fault, match=[has_key_and_name])
    mocked.get(URL + PATH, body=success("found"), match=[has_key_and_name])
    naps, budget = Naps(), Unlimited()
    answer = make_http(naps=naps, budget=budget).get(PATH)
    assert (answer.result, answer.request_id) == ("found", REQUEST_ID)
    assert budget.taken == [False, False, False]  # every try counts against Cloud's limit
    first, second = naps.seconds
    assert 0.1 <= first <= 0.3
    assert 0.4 <= second <= 1.2


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_read_is_tried_three_times_at_most(
    mocked: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    mocked.get(URL + PATH, **fault)
    with pytest.raises(CloudAnswerLost):
        make_http().get(PATH)
    assert len(mocked.calls) == 3


@pytest.mark.parametrize(("status", "kind"), REFUSED)
def test_a_refusal_is_the_answer_and_is_not_asked_for_again(
    mocked: responses.RequestsMock, status: int, kind: type[CloudError]
) -> None:
    mocked.get(URL + PATH, status=status, body=failure(status, "NO"))
    with pytest.raises(kind) as caught:
        make_http().get(PATH)
    assert caught.value.request_id == REQUEST_ID
    assert len(mocked.calls) == 1


# ASVS 13.2.6
@pytest.mark.parametrize(
    "fault", [*LOST, TOO_BUSY, {"status": 409, "body": failure(409, "NO")}], ids=str
)
def test_a_change_is_sent_once_whatever_comes_back(
    mocked: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    mocked.patch(URL + PATH, **fault)
    naps = Naps()
    with pytest.raises(CloudError):
        make_http(naps=naps).patch(PATH, {"numReplicas": 5})
    assert len(mocked.calls) == 1
    assert naps.seconds == []


@pytest.mark.parametrize("fault", LOST, ids=str)
def test_a_change_without_a_clear_answer_has_an_unknown_outcome(
    mocked: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    mocked.patch(URL + PATH, **fault)
    with pytest.raises(CloudAnswerLost):
        make_http().patch(PATH, {"numReplicas": 5})


@pytest.mark.parametrize("fault", [*LOST, TOO_BUSY], ids=str)
def test_the_read_before_a_change_is_not_tried_again(
    mocked: responses.RequestsMock, fault: dict[str, Any]
) -> None:
    mocked.get(URL + PATH, **fault)
    budget = Unlimited()
    with pytest.raises(CloudError):
        make_http(budget=budget).get_once(PATH)
    assert budget.taken == [True]


# ASVS 13.2.5, 15.3.2
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_by_anything(
    mocked: responses.RequestsMock, status: int
) -> None:
    headers = {"Location": "https://elsewhere.example.test/"}
    mocked.get(URL + PATH, status=status, headers=headers)
    mocked.patch(URL + PATH, status=status, headers=headers)
    http = make_http()
    calls: list[Callable[[], object]] = [
        lambda: http.get_once(PATH),
        lambda: http.patch(PATH, {"numReplicas": 5}),
    ]
    for call in calls:
        with pytest.raises(CloudAnswerLost, match="points elsewhere"):
            call()
    assert [call.request.url for call in mocked.calls] == [URL + PATH] * 2


def test_a_read_waits_as_long_as_cloud_says_and_a_second_more(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(URL + PATH, **TOO_BUSY, headers={"X-RateLimit-Reset": "2.5"})
    mocked.get(URL + PATH, body=success("found"))
    naps = Naps()
    assert make_http(naps=naps).get(PATH).result == "found"
    assert naps.seconds == [3.5]


@pytest.mark.parametrize("reset", ["7.5", "59", "nan"])
def test_a_wait_that_does_not_fit_in_the_time_is_not_begun(
    mocked: responses.RequestsMock, reset: str
) -> None:
    mocked.get(URL + PATH, **TOO_BUSY, headers={"X-RateLimit-Reset": reset})
    naps = Naps()
    with pytest.raises(CloudTooBusy):
        make_http(naps=naps).get(PATH)
    assert len(mocked.calls) == 1
    assert naps.seconds == []


def test_a_later_try_has_only_the_time_that_is_left(
    mocked: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    given: list[tuple[float, float]] = []

    def hang(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        nonlocal seconds
        given.append(options_of(request)["timeout"])
        seconds += 5.0
        raise requests.ReadTimeout

    mocked.add_callback(responses.GET, URL + PATH, callback=hang)
    with pytest.raises(CloudAnswerLost):
        make_http().get(PATH)
    assert given == [(3, 5), (3, 3.0)]  # 8 s in all, so there is no third


def test_a_change_may_take_longer_than_a_read(mocked: responses.RequestsMock) -> None:
    mocked.get(URL + PATH, body=success(1))
    mocked.patch(URL + PATH, body=success(1))
    http = make_http()
    http.get(PATH)
    http.patch(PATH, {"numReplicas": 5})
    options = [options_of(call.request) for call in mocked.calls]
    assert [item["timeout"] for item in options] == [(3, 5), (3, pytest.approx(8, abs=0.5))]
    assert all(item["verify"] is True for item in options)  # ASVS 12.3.2


def test_an_endless_answer_is_cut_off(
    mocked: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LARGEST_ANSWER_BYTES", 100_000)
    mocked.get(URL + PATH, body=success("x" * 200_000))
    with pytest.raises(CloudAnswerLost, match="too large"):
        make_http().get_once(PATH)


def test_a_large_answer_within_the_bound_is_read(mocked: responses.RequestsMock) -> None:
    mocked.get(URL + PATH, body=success("x" * 3_000_000))
    assert len(make_http().get(PATH).result) == 3_000_000


def test_no_connection_means_nothing_was_carried_out(mocked: responses.RequestsMock) -> None:
    mocked.patch(URL + PATH, body=requests.ConnectTimeout())
    with pytest.raises(CloudUnreachable) as caught:
        make_http().patch(PATH, {"numReplicas": 5})
    assert caught.value.remedy


# ASVS 13.3.1
@pytest.mark.parametrize("fault", [*LOST, TOO_BUSY, {"body": requests.ConnectTimeout()}], ids=str)
def test_no_error_carries_the_key(mocked: responses.RequestsMock, fault: dict[str, Any]) -> None:
    mocked.get(URL + PATH, **fault)
    with pytest.raises(CloudError) as caught:
        make_http().get_once(PATH)
    error = caught.value
    told = json.dumps([str(error), repr(error), error.message, error.remedy, str(vars(error))])
    assert "canary" not in told
    assert error.__suppress_context__ or error.__context__ is None


# ASVS 13.1.3
def test_a_call_has_only_what_the_page_has_left(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(URL + PATH, body=success(1))
    mocked.patch(URL + PATH, body=success(1))
    set_context(RequestContext(deadline=time.monotonic() + 2.8))
    http = make_http()
    http.get(PATH)
    http.patch(PATH, {"numReplicas": 5})
    for call in mocked.calls:
        connect_seconds, read_seconds = options_of(call.request)["timeout"]
        assert connect_seconds <= 1.4
        assert read_seconds <= 2.8


def test_without_time_left_nothing_goes_out(
    mocked: responses.RequestsMock,
) -> None:
    set_context(RequestContext(deadline=time.monotonic()))
    http = make_http()
    with pytest.raises(CloudUnreachable):
        http.get(PATH)
    with pytest.raises(CloudNotAsked, match="no time was left"):
        http.patch(PATH, {"numReplicas": 5})
    assert len(mocked.calls) == 0


def test_a_cloud_that_stays_away_is_not_asked_by_every_page(
    mocked: responses.RequestsMock,
) -> None:
    mocked.get(URL + PATH, status=500, body=failure(500, "NO"))
    http = make_http()
    for _ in range(10):
        with pytest.raises(CloudError):
            http.get(PATH)
    assert len(mocked.calls) == 5
    with pytest.raises(CloudDown):
        http.patch(PATH, {"numReplicas": 5})


def test_calls_are_counted_by_kind_and_outcome(mocked: responses.RequestsMock) -> None:
    service = f"{URL}/v1/organizations/{REQUEST_ID}/services/{REQUEST_ID}"
    mocked.get(service, body=success(1))
    mocked.patch(f"{service}/state", status=400, body=failure(400, "NO"))
    metrics = Metrics()
    http = make_http(metrics=metrics)
    http.get_once(service.removeprefix(URL))
    with pytest.raises(CloudRejected):
        http.patch(f"{service.removeprefix(URL)}/state", {"command": "awake"})
    told = metrics.render().decode()
    assert 'portal_cloud_calls_total{kind="GET services/*",outcome="ok"} 1.0' in told
    assert 'portal_cloud_calls_total{kind="PATCH state",outcome="cloud_rejected"} 1.0' in told


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 27 Nov 99999999999 10:00:00 GMT",
        "Fri, 27 Nov 2026 99999999999999999999:00:00 GMT",
        "Fri, 27 Nov 2026 10:00:00 +99999999999999",
        "soon",
    ],
)
def test_a_date_that_makes_no_sense_costs_no_answer(
    mocked: responses.RequestsMock, date: str
) -> None:
    mocked.patch(URL + PATH, body=success("done"), headers={"Date": date})
    http = make_http()
    assert http.patch(PATH, {}).result == "done"
    assert http.answered_at is None
