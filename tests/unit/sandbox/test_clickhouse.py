"""The stand-ins of the services: passwords, codes, waking, and closed doors."""

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from app.sandbox.world import ANALYTICS_ID, USERS, User
from tests.unit.sandbox.client import LOGIN_QUERY, TIMEOUT_SECONDS, Client

CUT_OFF = r"reset by peer|Broken pipe"  # the latter when still sending


def post(client: Client, **options: Any) -> requests.Response:  # noqa: ANN401 -- passed on to requests
    url = client.endpoint("primary")
    return requests.post(url, data=LOGIN_QUERY, timeout=TIMEOUT_SECONDS, **options)


def code(response: requests.Response) -> tuple[int, str | None]:
    return response.status_code, response.headers.get("X-ClickHouse-Exception-Code")


def raw_connect(client: Client, name: str, source: str = "127.0.0.1") -> socket.socket:
    host, port = client.endpoint(name).removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), TIMEOUT_SECONDS, (source, 0))


@pytest.mark.parametrize("path", ["/", "/ping"])
def test_the_ping_needs_no_password(client: Client, path: str) -> None:
    answer = requests.get(client.endpoint("primary") + path, timeout=TIMEOUT_SECONDS)
    assert (answer.status_code, answer.text) == (200, "Ok.\n")


@pytest.mark.parametrize(
    ("name", "user", "roles"),
    [
        ("primary", "alice", ["analytics_operator"]),
        ("archive", "bob", ["analytics_viewer"]),
        ("reporting", "charlie", ["other"]),
        ("primary", "norah", []),
        ("campaigns", "dana", ["marketing_operator"]),
    ],
)
def test_a_right_password_works_at_every_service_of_its_warehouse(
    client: Client, name: str, user: str, roles: list[str]
) -> None:
    answer = client.log_in(name, user, f"{user}-sandbox-1")
    assert code(answer) == (200, None)
    assert answer.json() == {"user": user, "version": "26.9.2.1187", "roles": roles}


@pytest.mark.parametrize(
    ("name", "user", "password", "expected"),
    [
        ("primary", "alice", "wrong", (403, "516")),
        ("primary", "alice", "", (403, "516")),
        ("primary", "nobody", "alice-sandbox-1", (403, "516")),
        ("primary", "ALICE", "alice-sandbox-1", (403, "516")),
        ("campaigns", "alice", "alice-sandbox-1", (403, "516")),
        ("primary", "dana", "dana-sandbox-1", (403, "516")),
        ("primary", "default", "wrong", (401, "194")),
        ("campaigns", "default", "default-analytics-1", (401, "194")),
        ("primary", "default", "default-analytics-1", (200, None)),
    ],
)
def test_refusals_carry_clickhouse_codes(
    client: Client, name: str, user: str, password: str, expected: tuple[int, str | None]
) -> None:
    assert code(client.log_in(name, user, password)) == expected


def test_a_refusal_does_not_tell_whether_the_user_exists(client: Client) -> None:
    wrong, unknown = client.log_in("primary", "alice", "x"), client.log_in("primary", "zoe", "x")
    assert wrong.text.replace("alice", "?") == unknown.text.replace("zoe", "?")


def test_too_many_failed_logins_lock_a_user_with_a_quota_for_an_hour(client: Client) -> None:
    for _ in range(3):
        assert code(client.log_in("primary", "quinn", "wrong")) == (403, "516")
    assert code(client.log_in("archive", "quinn", "quinn-sandbox-1")) == (500, "201")
    assert code(client.log_in("primary", "alice", "alice-sandbox-1")) == (200, None)
    client.advance(3_601)
    assert code(client.log_in("primary", "quinn", "quinn-sandbox-1")) == (200, None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1", (400, "62")),
        ("", (400, "62")),
        ("SELECT currentUser() FROM system.grants", (403, "497")),
    ],
)
def test_other_queries_are_refused_after_the_password(
    client: Client, query: str, expected: tuple[int, str]
) -> None:
    assert code(client.log_in("primary", "alice", "alice-sandbox-1", query)) == expected
    assert code(client.log_in("primary", "alice", "wrong", query)) == (403, "516")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"auth": ("alice", "alice-sandbox-1")}, (200, None)),
        ({"params": {"user": "alice", "password": "alice-sandbox-1"}}, (200, None)),
        ({}, (401, "194")),
        ({"headers": {"Authorization": "Basic ???"}}, (401, "194")),
        ({"headers": {"Authorization": "Bearer abc"}}, (403, "516")),
        (
            {"auth": ("alice", "alice-sandbox-1"), "headers": {"X-ClickHouse-User": "alice"}},
            (403, "516"),
        ),
    ],
)
def test_credentials_come_by_basic_or_query_too_but_not_mixed(
    client: Client, options: dict[str, Any], expected: tuple[int, str | None]
) -> None:
    assert code(post(client, **options)) == expected


@pytest.mark.parametrize("password", ["пароль", "Å à ", "a:b:c", "'\";--", "x" * 256])
def test_any_password_arrives_as_it_was_sent(
    client: Client, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    users = (User("zoë", password, ("r",)),)
    monkeypatch.setitem(USERS, ANALYTICS_ID, users)
    expected = 200 if password.strip() == password else 403  # HTTP trims header values
    assert client.log_in("primary", "zoë", password).status_code == expected
    basic = requests.auth.HTTPBasicAuth("zoë".encode(), password.encode())
    assert post(client, auth=basic).json()["user"] == "zoë"


def test_any_connection_wakes_an_idle_service_and_is_held_until_it_runs(client: Client) -> None:
    client.control("POST", "/settings", {"speed": 100})
    answer = requests.get(client.endpoint("ad hoc") + "/ping", timeout=TIMEOUT_SECONDS)
    assert answer.text == "Ok.\n"
    client.control("POST", "/settings", {"speed": 0})
    assert client.service("ad hoc")["state"] == "running"


def test_a_connection_to_an_idle_service_is_seen_even_without_a_request(client: Client) -> None:
    assert client.connections("ad hoc") == 0
    with raw_connect(client, "ad hoc"):
        wait_until(lambda: client.connections("ad hoc") == 1)
    assert client.service("ad hoc")["state"] == "awaking"
    assert client.control("GET", "/requests")["requests"] != []


def test_reading_the_cloud_api_touches_no_service(client: Client) -> None:
    for path in ("services", f"services/{client.service_id('ad hoc')}/prometheus", "activities"):
        assert client.api("GET", path).status_code == 200
    assert set(client.control("GET", "/requests")["connections"].values()) == {0}
    assert client.service("ad hoc")["state"] == "idle"


@pytest.mark.parametrize("forced", ["stopped", "stopping", "starting", "failed", "hibernating"])
def test_a_service_that_is_not_up_resets_connections(client: Client, forced: str) -> None:
    client.force("reporting", state=forced)
    with pytest.raises(requests.ConnectionError, match=CUT_OFF):
        client.log_in("reporting", "alice", "alice-sandbox-1")
    assert client.connections("reporting") == 1


@pytest.mark.parametrize("forced", ["running", "partially_running", "degraded"])
def test_a_service_with_replicas_up_answers(client: Client, forced: str) -> None:
    client.force("reporting", state=forced)
    assert client.log_in("reporting", "alice", "alice-sandbox-1").status_code == 200


def test_an_address_not_on_the_list_is_reset_before_any_answer_and_wakes_nothing(
    client: Client,
) -> None:
    with raw_connect(client, "ad hoc", source="127.0.0.2") as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert client.service("ad hoc")["state"] == "idle"
    assert client.connections("ad hoc") == 1


@pytest.mark.parametrize(
    ("entries", "is_open"),
    [
        ([{"source": "127.0.0.1"}], True),
        ([{"source": "127.0.0.0/8"}], True),
        ([{"source": "0.0.0.0/0"}], True),
        ([{"source": "127.0.0.2/32"}], False),
        ([{"source": "nonsense"}, {}], False),
        ([], False),
        ("everybody", False),
    ],
)
def test_the_access_list_knows_addresses_and_ranges(
    client: Client, entries: object, is_open: bool
) -> None:
    client.force("primary", ipAccessList=entries)
    if is_open:
        assert client.log_in("primary", "alice", "alice-sandbox-1").status_code == 200
    else:
        with pytest.raises(requests.ConnectionError, match=CUT_OFF):
            client.log_in("primary", "alice", "alice-sandbox-1")


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.005)
