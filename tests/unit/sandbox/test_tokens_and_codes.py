"""Logging in with a token of an identity provider, and with a second factor."""

import json
from typing import Any

import pytest
import requests

from tests.unit.sandbox.client import LOGIN_QUERY, TIMEOUT_SECONDS, Client

PASSWORD = "alice-sandbox-1"


def log_in(client: Client, name: str, token: str, **headers: str) -> requests.Response:
    sent = {"Authorization": f"Bearer {token}", **headers}
    url = client.endpoint(name)
    return requests.post(url, data=LOGIN_QUERY, headers=sent, timeout=TIMEOUT_SECONDS)


def outcome(answer: requests.Response) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("X-ClickHouse-Exception-Code")


def add_factor(client: Client, name: str, **order: object) -> None:
    client.control("POST", f"/users/{name}/second_factor", order)


@pytest.fixture
def tokens(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.world["tokens"]
    return found


def test_a_published_token_logs_in_at_every_service_of_its_warehouse(
    client: Client, tokens: list[dict[str, Any]]
) -> None:
    erin = tokens[0]
    for name in ("primary", "archive"):
        found = log_in(client, name, erin["token"]).json()
        assert found["user"] == erin["name"]
        assert found["roles"] == erin["roles"] == ["analytics_operator"]
    assert erin["name"].startswith("JWT::erin@sandbox.example::")
    assert len(erin["name"].split("::")) == 3
    assert outcome(log_in(client, "campaigns", erin["token"])) == (403, "516")


def test_another_token_of_a_person_with_other_roles_is_another_user(
    client: Client, tokens: list[dict[str, Any]]
) -> None:
    operator, viewer = (log_in(client, "primary", t["token"]).json() for t in tokens[:2])
    assert operator["user"] != viewer["user"]
    assert operator["user"].rpartition("::")[0] == viewer["user"].rpartition("::")[0]
    assert viewer["roles"] == ["analytics_viewer"]


def test_a_token_is_three_parts_that_can_be_read_and_stays_the_same(
    client: Client, tokens: list[dict[str, Any]]
) -> None:
    assert client.control("GET", "/world")["tokens"] == tokens
    assert {t["token"].count(".") for t in tokens} == {2}
    assert len({t["token"] for t in tokens}) == len(tokens)


def test_a_token_that_is_expired_unknown_or_with_a_name_is_refused(
    client: Client, tokens: list[dict[str, Any]]
) -> None:
    (expired,) = (t for t in tokens if t["expires_at"] < 1_700_000_000)
    good = tokens[0]["token"]
    refused = [
        log_in(client, "primary", expired["token"]),
        log_in(client, "primary", good + "x"),
        log_in(client, "primary", ""),
        log_in(client, "primary", good, **{"X-ClickHouse-User": "alice"}),
        log_in(client, "primary", good, **{"X-ClickHouse-User": "alice", "X-ClickHouse-Key": "x"}),
    ]
    assert {outcome(answer) for answer in refused} == {(403, "516")}
    assert log_in(client, "primary", good).status_code == 200


def test_the_record_holds_no_token(client: Client, tokens: list[dict[str, Any]]) -> None:
    token = tokens[0]["token"]
    log_in(client, "primary", token)
    url = client.endpoint("primary")
    requests.post(url, params={"q": token}, json={"x": token}, timeout=TIMEOUT_SECONDS)
    assert token not in json.dumps(client.control("GET", "/requests"))


def test_a_second_factor_is_asked_for_by_name_and_a_code_works_once(client: Client) -> None:
    add_factor(client, "alice", codes=["123456", "654321"])
    asked = client.log_in("primary", "alice", PASSWORD)
    assert outcome(asked) == (403, "780")
    assert "(REQUIRED_SECOND_FACTOR)" in asked.text
    assert client.log_in("primary", "alice", f"{PASSWORD}+123456").json()["user"] == "alice"
    assert outcome(client.log_in("archive", "alice", f"{PASSWORD}+123456")) == (403, "516")
    assert client.log_in("archive", "alice", f"{PASSWORD}+654321").status_code == 200


@pytest.mark.parametrize(
    "password",
    ["wrong", "wrong+123456", f"{PASSWORD}+000000", f"{PASSWORD}+", f"{PASSWORD}123456", "", "+"],
)
def test_without_password_and_code_nobody_learns_of_the_second_factor(
    client: Client, password: str
) -> None:
    add_factor(client, "alice", codes=["123456"])
    answer = client.log_in("primary", "alice", password)
    assert outcome(answer) == (403, "516")
    assert "SECOND_FACTOR" not in answer.text


def test_status_and_code_of_a_missing_factor_can_be_chosen(client: Client) -> None:
    add_factor(client, "alice", codes=[], status=500, error_code=12_345)
    assert outcome(client.log_in("primary", "alice", PASSWORD)) == (500, "12345")


def test_asking_for_a_code_does_not_count_as_a_failed_login(client: Client) -> None:
    add_factor(client, "quinn", codes=["123456"])
    for _ in range(5):
        assert outcome(client.log_in("primary", "quinn", "quinn-sandbox-1")) == (403, "780")
    assert client.log_in("primary", "quinn", "quinn-sandbox-1+123456").status_code == 200
    for _ in range(3):
        client.log_in("primary", "quinn", "quinn-sandbox-1+123456")
    assert outcome(client.log_in("primary", "quinn", "quinn-sandbox-1")) == (500, "201")


def test_a_second_factor_is_one_user_s_and_can_be_ended(client: Client) -> None:
    marketing = client.world["warehouses"][1]["id"]
    add_factor(client, "default", codes=[], warehouse_id=marketing)
    assert client.log_in("primary", "default", "default-analytics-1").status_code == 200
    asked = client.log_in("campaigns", "default", "default-marketing-1")
    assert "REQUIRED_SECOND_FACTOR" in asked.text
    client.control("DELETE", "/users/default/second_factor")
    assert client.log_in("campaigns", "default", "default-marketing-1").status_code == 200


@pytest.mark.parametrize(
    ("name", "warehouse_id"),
    [("nobody", None), ("dana", "0b000000-0000-4000-8000-000000000001"), ("alice", "x")],
)
def test_a_second_factor_of_nobody_is_404(
    client: Client, name: str, warehouse_id: str | None
) -> None:
    url = f"{client.world['url']}/_sandbox/users/{name}/second_factor"
    body: dict[str, object] = {"codes": [], "warehouse_id": warehouse_id}
    assert requests.post(url, json=body, timeout=TIMEOUT_SECONDS).status_code == 404
