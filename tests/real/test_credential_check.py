"""The credential check against a real server.

Debian's 18.16 cannot run the query, and so cannot tell roles and version: the answer
"unknown function or table" is what proves the password there.
"""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from app.clickhouse.login import ClickHouseLogin, VerifiedUser
from app.errors import CredentialRefusal, CredentialsRefused
from tests.support.clickhouse_server import (
    FAR_PASSWORD,
    FAR_USER,
    TIRED_PASSWORD,
    TIRED_USER,
    USERS,
    ClickHouseServer,
)

pytestmark = pytest.mark.real

Alteration = Callable[[str], str]


def verify(server: ClickHouseServer, user: str, password: str) -> VerifiedUser:
    return ClickHouseLogin().verify(
        endpoint_url=server.url, user=user, password=SecretStr(password)
    )


def get_refusal(server: ClickHouseServer, user: str, password: str) -> CredentialRefusal:
    with pytest.raises(CredentialsRefused) as caught:
        verify(server, user, password)
    return caught.value.refusal


@pytest.mark.parametrize("user", USERS)
def test_the_right_password_proves_the_user(clickhouse_server: ClickHouseServer, user: str) -> None:
    verified = verify(clickhouse_server, user, USERS[user])
    assert verified == VerifiedUser(user=user, roles=frozenset(), version=None)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("alter", [str.swapcase, lambda text: text + "x", lambda text: text[:-1]])
def test_a_nearly_right_password_is_wrong(
    clickhouse_server: ClickHouseServer, user: str, alter: Alteration
) -> None:
    refusal = get_refusal(clickhouse_server, user, alter(USERS[user]))
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS


def test_spaces_at_the_ends_belong_to_the_password(clickhouse_server: ClickHouseServer) -> None:
    stripped = USERS["charlie"].strip()
    added = f" {USERS['alice']} "
    wrong = CredentialRefusal.WRONG_CREDENTIALS
    assert get_refusal(clickhouse_server, "charlie", stripped) is wrong
    assert get_refusal(clickhouse_server, "alice", added) is wrong


def test_an_unknown_user_looks_like_a_wrong_password(clickhouse_server: ClickHouseServer) -> None:
    refusal = get_refusal(clickhouse_server, "mallory", "wonderland")
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS


@pytest.mark.parametrize(("user", "password"), [("alice", ""), ("", "wonderland"), ("", "")])
def test_an_empty_name_or_password_never_reaches_the_server(
    clickhouse_server: ClickHouseServer, user: str, password: str
) -> None:
    log_before = clickhouse_server.read_log()
    refusal = get_refusal(clickhouse_server, user, password)
    assert refusal is CredentialRefusal.UNUSABLE_INPUT
    assert "HTTP Request" not in clickhouse_server.read_log()[len(log_before) :]


@pytest.mark.parametrize("user", ["o'hara", 'o"hara', "no:body", "Renée-Łukasz-李", " spaced out "])
def test_any_name_reaches_the_server_exactly(
    clickhouse_server: ClickHouseServer, user: str
) -> None:
    # Users of 18.16 are XML elements: names with quotes or spaces cannot exist there.
    refusal = get_refusal(clickhouse_server, user, "anything")
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS
    assert f"DB::Exception: Unknown user {user}, e.what()" in clickhouse_server.read_log()


def test_the_default_user_needs_its_password_too(clickhouse_server: ClickHouseServer) -> None:
    refusal = get_refusal(clickhouse_server, "default", "guess")
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS


def test_a_user_of_another_network_looks_like_a_wrong_password(
    clickhouse_server: ClickHouseServer,
) -> None:
    refusal = get_refusal(clickhouse_server, FAR_USER, FAR_PASSWORD)
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS


def test_a_used_up_quota_is_said_to_be_too_many_attempts(
    clickhouse_server: ClickHouseServer,
) -> None:
    for _ in range(2):  # each counts as one failed query: this server cannot run it
        verify(clickhouse_server, TIRED_USER, TIRED_PASSWORD)
    refusal = get_refusal(clickhouse_server, TIRED_USER, TIRED_PASSWORD)
    assert refusal is CredentialRefusal.TOO_MANY_ATTEMPTS


def test_the_servers_log_holds_no_password(clickhouse_server: ClickHouseServer) -> None:
    for user, password in USERS.items():
        verify(clickhouse_server, user, password)
    log = clickhouse_server.read_log()
    assert [user for user, password in USERS.items() if password in log] == []
