"""The Cloud API's door: the key, the request limit, unknown things, and odd bodies."""

import uuid
from typing import Any

import pytest
import requests

from tests.unit.sandbox.client import TIMEOUT_SECONDS, Client

UNKNOWN = "00000000-0000-4000-8000-00000000ffff"


def send(
    client: Client,
    method: str,
    path: str,
    **options: Any,  # noqa: ANN401 -- passed on to requests
) -> requests.Response:
    options = {"auth": client.key, "timeout": TIMEOUT_SECONDS, **options}
    return requests.request(method, client.world["url"] + path, **options)  # noqa: S113 -- in options


def check_error(response: requests.Response, status: int, name: str) -> None:
    body = response.json()
    assert response.status_code == body["status"] == status
    assert body["error"].startswith(f"{name}: ")
    assert uuid.UUID(body["requestId"]).version == 4


@pytest.mark.parametrize(
    "options",
    [
        {"auth": None},
        {"auth": ("SandboxKey0000000001", "wrong")},
        {"auth": ("wrong", "wrong")},
        {"auth": None, "headers": {"Authorization": "Basic ???"}},
        {"auth": None, "headers": {"Authorization": "Bearer abc"}},
        {"auth": (b"\xff\xfe", b"\xff")},
    ],
)
def test_without_the_key_everything_is_401(client: Client, options: dict[str, Any]) -> None:
    for path in ("/v1/organizations", "/v1/nonsense", f"{client.organization}/services"):
        check_error(send(client, "GET", path, **options), 401, "UNAUTHORIZED")


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/organizations/{UNKNOWN}",
        f"/v1/organizations/{UNKNOWN}/services",
        "/v1/organizations/not-an-id/services",
        "ORG/services/not-an-id",
        f"ORG/services/{UNKNOWN}",
        f"ORG/services/{UNKNOWN}/prometheus",
        f"ORG/services/{UNKNOWN}/scalingSchedule",
        "ORG/services/%00%ff/prometheus",
        f"ORG/keys/{UNKNOWN}",
        "ORG/services//",
        "/v2/organizations",
        "/",
    ],
)
def test_what_is_unknown_or_malformed_is_404(client: Client, path: str) -> None:
    response = send(client, "GET", path.replace("ORG", client.organization))
    check_error(response, 404, "NOT_FOUND")


@pytest.mark.parametrize("path", ["replicaScaling", "state"])
def test_an_unknown_service_is_404_whatever_the_body(client: Client, path: str) -> None:
    url = f"{client.organization}/services/{UNKNOWN}/{path}"
    check_error(send(client, "PATCH", url, data=b"{"), 404, "NOT_FOUND")


def test_a_wrong_method_is_405(client: Client) -> None:
    check_error(send(client, "DELETE", "/v1/organizations"), 405, "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"numReplicas"',
        b"\xff\xfe\x00",
        b'{"numReplicas": NaN}',
        b'{"numReplicas": Infinity}',
        b'{"numReplicas": 1e999}',
        b'{"numReplicas": ' + b"9" * 5_000 + b"}",
        b'{"numReplicas": 4, "numReplicas": 5}',
        b'{"\\ud800": 1}',
        b'{"numReplicas": "\\ud800"}',
        b'{"a": ' + b"[" * 700 + b"]" * 700 + b"}",
        b"[" * 100_000,
        b'{"numReplicas": {"a": [1, 2]}}',
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "replicaScaling"), ("PATCH", "state"), ("POST", "scalingSchedule")],
)
def test_an_odd_body_is_400_and_changes_nothing(
    client: Client, method: str, path: str, body: bytes
) -> None:
    before = client.service("primary")
    url = f"{client.organization}/services/{client.service_id('primary')}/{path}"
    response = send(client, method, url, data=body, headers={"Content-Type": "application/json"})
    check_error(response, 400, "BAD_REQUEST")
    assert client.service("primary") == before
    client.control("GET", "/requests")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "ü/;=;"],
)
def test_an_odd_content_type_is_400(client: Client, content_type: str) -> None:
    url = f"{client.organization}/services/{client.service_id('primary')}/replicaScaling"
    headers = {"Content-Type": content_type.encode()}
    response = send(client, "PATCH", url, data=b'{"numReplicas": 4}', headers=headers)
    check_error(response, 400, "BAD_REQUEST")


def test_parameters_of_the_content_type_do_no_harm(client: Client) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert client.scale("primary", {"numReplicas": 4}, headers=headers).status_code == 200


def test_a_body_of_more_than_a_megabyte_is_413(client: Client) -> None:
    url = f"{client.organization}/services/{client.service_id('primary')}/replicaScaling"
    assert send(client, "PATCH", url, data=b"x" * 1_000_001).status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?from_date=2026-01-01",
        "?from_date=x&to_date=2026-01-02",
        "?from_date=2026-01-02&to_date=2026-01-01",
        "?from_date=2026-01-01&to_date=2026-02-01",
    ],
)
def test_a_cost_report_needs_two_dates_at_most_31_days_apart(client: Client, query: str) -> None:
    check_error(client.api("GET", f"usageCost{query}"), 400, "BAD_REQUEST")


def test_a_cost_report_has_a_row_for_each_day_and_entity(client: Client) -> None:
    report = client.api("GET", "usageCost?from_date=2026-01-01&to_date=2026-01-31").json()["result"]
    assert len(report["costs"]) == 31 * (2 + 6)
    total = sum(row["totalCHC"] for row in report["costs"])
    assert report["grandTotalCHC"] == pytest.approx(total)


def test_activities_can_be_asked_for_by_time(client: Client) -> None:
    client.command("ad hoc", "awake")
    at = client.api("GET", "activities").json()["result"][0]["createdAt"]
    since = client.api("GET", "activities", params={"from_date": at}).json()["result"]
    assert [a["type"] for a in since] == ["service_awaken"]
    before = client.api("GET", "activities", params={"to_date": "2025-12-31"}).json()["result"]
    assert len(before) == 6
    assert client.api("GET", "activities?from_date=soon").status_code == 400


def test_an_idle_service_gives_its_state_and_no_other_metric(client: Client) -> None:
    idle = client.api("GET", f"services/{client.service_id('ad hoc')}/prometheus").text
    assert 'clickhouse_cluster_status="idle"' in idle
    assert "CGroupMemory" not in idle
    path = f"services/{client.service_id('primary')}/prometheus?filtered_metrics=true"
    running = client.api("GET", path).text
    assert running.count("ClickHouseAsyncMetrics_CGroupMemoryUsed{") == 3
    assert "ClickHouseMetrics_Query{" in running
