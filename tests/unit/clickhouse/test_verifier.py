"""What is sent, and what each answer means."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from pydantic import SecretStr
from responses import matchers

from app.clickhouse.login import ClickHouseLogin, VerifiedUser
from app.errors import CredentialRefusal, CredentialsRefused
from tests.unit.clickhouse.helpers import ENDPOINT_URL, PASSWORD, get_refusal

QUERY = (
    "SELECT currentUser() AS user, version() AS version,"
    " (SELECT groupArray(role_name) FROM system.enabled_roles) AS roles FORMAT JSONEachRow"
)
RIGHT = {"user": "alice", "version": "26.9.2.1", "roles": ["analyst", "ops"]}
NOT_CLICKHOUSE = CredentialRefusal.NOT_CLICKHOUSE


@pytest.fixture
def clickhouse() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield mock


def verify(user: str = "alice", password: str = PASSWORD, *, waking: bool = False) -> VerifiedUser:
    verifier = ClickHouseLogin()
    return verifier.verify(
        endpoint_url=ENDPOINT_URL, user=user, password=SecretStr(password), is_waking=waking
    )


def expect(clickhouse: responses.RequestsMock, **credentials: bytes) -> None:
    """Answer RIGHT to the one request that may be sent, with exactly these headers."""
    headers: dict[str, Any] = {
        "User-Agent": "clickhouse-compute-portal",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": str(len(QUERY)),
        **{name.replace("_", "-"): value for name, value in credentials.items()},
    }
    clickhouse.post(
        ENDPOINT_URL,
        body=json.dumps(RIGHT) + "\n",
        match=[
            matchers.header_matcher(headers, strict_match=True),
            matchers.query_param_matcher({}, strict_match=True),
            matchers.body_matcher(QUERY),
        ],
    )


# ASVS 6.2.5, 6.2.8, 6.2.9
@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("alice", "with spaces inside"),
        ("zoë", "пароль-密码-🔑"),
        ("team:frank", "colon:too"),
        ("o'hara", 'quo"ted'),
        ("\u00a0alice", "no-break space is not trimmed\u00a0"),
        ("a" * 256, "é" * 1024),
    ],
)
def test_name_and_password_travel_as_utf8_in_clickhouses_own_headers(
    clickhouse: responses.RequestsMock, user: str, password: str
) -> None:
    sent = {"X_ClickHouse_User": user.encode(), "X_ClickHouse_Key": password.encode()}
    expect(clickhouse, **sent)
    if user == RIGHT["user"]:
        verify(user, password)
    else:
        assert get_refusal(user=user, password=password) is NOT_CLICKHOUSE


# ASVS 6.2.8
@pytest.mark.parametrize(
    ("user", "password"),
    [("alice", " leading"), ("alice", "trailing\t"), ("alice", "\x0b\f:pässword"), (" alice", "x")],
)
def test_white_space_at_an_end_travels_as_basic(
    clickhouse: responses.RequestsMock, user: str, password: str
) -> None:
    expect(clickhouse, Authorization=b"Basic " + base64.b64encode(f"{user}:{password}".encode()))
    if user == RIGHT["user"]:
        verify(user, password)
    else:
        assert get_refusal(user=user, password=password) is NOT_CLICKHOUSE


@pytest.mark.parametrize(("is_waking", "read_seconds"), [(False, 10), (True, 120)])
def test_the_certificate_is_verified_and_both_timeouts_are_set(
    clickhouse: responses.RequestsMock, is_waking: bool, read_seconds: int
) -> None:
    arguments = {"verify": True, "timeout": (5, read_seconds), "stream": True}
    match = [matchers.request_kwargs_matcher(arguments)]
    clickhouse.post(ENDPOINT_URL, json=RIGHT, match=match)
    verify(waking=is_waking)


def test_one_right_row_tells_user_roles_and_version(clickhouse: responses.RequestsMock) -> None:
    clickhouse.post(ENDPOINT_URL, json=RIGHT)
    roles = frozenset({"analyst", "ops"})
    assert verify() == VerifiedUser(user="alice", roles=roles, version="26.9.2.1")


@pytest.mark.parametrize("name", ["o'hara", 'o"hara', "a/b\\c", "zoë-李-🔑"])
def test_names_come_back_unchanged_from_json(clickhouse: responses.RequestsMock, name: str) -> None:
    body = json.dumps({**RIGHT, "user": name, "roles": [name]}).replace("/", "\\/")
    clickhouse.post(ENDPOINT_URL, body=body)
    assert verify(name).roles == {name}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Ok.\n",
        "<html>Sign in to the network</html>",
        "[]",
        "[" * 60_000,
        json.dumps(RIGHT) * 2,
        json.dumps([RIGHT]),
        json.dumps({**RIGHT, "user": "default"}),
        json.dumps({**RIGHT, "user": "Alice"}),
        json.dumps({**RIGHT, "user": ["alice"]}),
        json.dumps({**RIGHT, "version": 26.9}),
        json.dumps({**RIGHT, "roles": None}),
        json.dumps({**RIGHT, "roles": "analyst"}),
        json.dumps({**RIGHT, "roles": ["analyst", 1]}),
        json.dumps({**RIGHT, "more": 1}),
        json.dumps({"user": "alice"}),
        json.dumps(RIGHT).encode("utf-16"),
        "Code: 60, e.displayText() = DB::Exception: broken off in the middle",
        json.dumps(RIGHT) + " " * 65_536,
    ],
)
def test_a_200_that_is_not_the_one_row_asked_for_proves_nothing(
    clickhouse: responses.RequestsMock, body: str | bytes
) -> None:
    clickhouse.post(ENDPOINT_URL, body=body)
    assert get_refusal() is NOT_CLICKHOUSE


@pytest.mark.parametrize(
    ("status", "code", "refusal"),
    [
        (403, 516, CredentialRefusal.WRONG_CREDENTIALS),
        (401, 194, CredentialRefusal.WRONG_CREDENTIALS),
        (200, 516, CredentialRefusal.WRONG_CREDENTIALS),
        (500, 201, CredentialRefusal.TOO_MANY_ATTEMPTS),
        (500, 202, CredentialRefusal.BUSY),
        (500, 241, CredentialRefusal.BUSY),
    ],
)
def test_the_code_in_the_header_decides(
    clickhouse: responses.RequestsMock, status: int, code: int, refusal: CredentialRefusal
) -> None:
    headers = {"X-ClickHouse-Exception-Code": str(code)}
    clickhouse.post(ENDPOINT_URL, status=status, headers=headers, json=RIGHT)
    assert get_refusal() is refusal


@pytest.mark.parametrize("code", [1, 62, 999, 65535])
def test_an_unknown_code_promises_nothing(clickhouse: responses.RequestsMock, code: int) -> None:
    headers = {"X-ClickHouse-Exception-Code": str(code)}
    body = f"Code: {code}. DB::Exception: Something else. (SOMETHING_ELSE)"
    clickhouse.post(ENDPOINT_URL, status=500, headers=headers, body=body)
    with pytest.raises(CredentialsRefused) as caught:
        verify()
    assert caught.value.refusal is CredentialRefusal.UNKNOWN_ERROR
    assert caught.value.exception_code == code


@pytest.mark.parametrize("headers", [{"X-ClickHouse-Exception-Code": "760"}, {}])
@pytest.mark.parametrize("status", [403, 500])
def test_a_second_factor_is_known_by_its_name(
    clickhouse: responses.RequestsMock, status: int, headers: dict[str, str]
) -> None:
    body = "Code: 760. DB::Exception: alice: second factor. (REQUIRED_SECOND_FACTOR) (version 26.9)"
    clickhouse.post(ENDPOINT_URL, status=status, headers=headers, body=body)
    assert get_refusal() is CredentialRefusal.SECOND_FACTOR


def test_the_name_of_a_second_factor_in_another_error_means_nothing(
    clickhouse: responses.RequestsMock,
) -> None:
    headers = {"X-ClickHouse-Exception-Code": "516"}
    body = "Code: 516. DB::Exception: (REQUIRED_SECOND_FACTOR): Authentication failed"
    clickhouse.post(ENDPOINT_URL, status=403, headers=headers, body=body)
    assert get_refusal() is CredentialRefusal.WRONG_CREDENTIALS


@pytest.mark.parametrize(("status", "code"), [(403, 497), (500, 497), (500, 164)])
def test_a_query_that_is_not_allowed_still_proves_the_password(
    clickhouse: responses.RequestsMock, status: int, code: int
) -> None:
    headers = {"X-ClickHouse-Exception-Code": str(code)}
    clickhouse.post(ENDPOINT_URL, status=status, headers=headers)
    assert verify() == VerifiedUser(user="alice", roles=frozenset(), version=None)


@pytest.mark.parametrize("code", [46, 60])
def test_an_old_server_that_does_not_know_the_query_proves_the_password(
    clickhouse: responses.RequestsMock, code: int
) -> None:
    clickhouse.post(ENDPOINT_URL, status=404, body=f"Code: {code}, e.displayText() = DB::Exc")
    assert verify() == VerifiedUser(user="alice", roles=frozenset(), version=None)


@pytest.mark.parametrize(
    ("status", "code", "refusal"),
    [
        (401, 192, CredentialRefusal.WRONG_CREDENTIALS),
        (401, 193, CredentialRefusal.WRONG_CREDENTIALS),
        (401, 194, CredentialRefusal.WRONG_CREDENTIALS),
        (500, 195, CredentialRefusal.WRONG_CREDENTIALS),
        (500, 201, CredentialRefusal.TOO_MANY_ATTEMPTS),
        (500, 202, CredentialRefusal.BUSY),
    ],
)
def test_an_old_servers_code_is_read_from_the_body(
    clickhouse: responses.RequestsMock, status: int, code: int, refusal: CredentialRefusal
) -> None:
    clickhouse.post(ENDPOINT_URL, status=status, body=f"Code: {code}, e.displayText() = DB::Exc")
    assert get_refusal() is refusal


@pytest.mark.parametrize("status", [201, 400, 401, 403, 404, 407, 429, 500, 502, 503])
@pytest.mark.parametrize("body", ["", "Forbidden", "Error Code: 516, seen", json.dumps(RIGHT)])
def test_an_answer_without_a_code_says_nothing_about_the_password(
    clickhouse: responses.RequestsMock, status: int, body: str
) -> None:
    clickhouse.post(ENDPOINT_URL, status=status, body=body)
    assert get_refusal() is NOT_CLICKHOUSE


@pytest.mark.parametrize("code", ["", "abc", "-497", "497, 516", "٤٩٧", "9" * 5000])
def test_a_code_that_is_no_number_is_no_code(clickhouse: responses.RequestsMock, code: str) -> None:
    headers = {"X-ClickHouse-Exception-Code": code}
    clickhouse.post(ENDPOINT_URL, status=500, headers=headers, body="Code: 60, old")
    assert get_refusal() is NOT_CLICKHOUSE


# ASVS 15.3.2, 13.2.5
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(clickhouse: responses.RequestsMock, status: int) -> None:
    headers = {"Location": "https://elsewhere.example.test/", "X-ClickHouse-Exception-Code": "60"}
    clickhouse.post(ENDPOINT_URL, status=status, headers=headers)
    assert get_refusal() is NOT_CLICKHOUSE
    assert len(clickhouse.calls) == 1
