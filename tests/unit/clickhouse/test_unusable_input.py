"""What is refused before anything is sent. `responses` would complain about any request."""

import pytest
import responses
from pydantic import SecretStr

from app.clickhouse.login import ClickHouseLogin
from app.errors import CredentialRefusal
from tests.unit.clickhouse.helpers import get_refusal


# ASVS 1.3.3, 4.2.5
@pytest.mark.parametrize(
    ("user", "password"),
    [
        ("", "x"),
        ("alice", ""),
        ("a" * 257, "x"),
        ("alice", "x" * 1025),
        *[(f"ali{char}ce", "x") for char in "\r\n\0"],
        *[("alice", f"x{char}y") for char in "\r\n\0"],
        ("alice", "x\n"),
        ("alice\r\nX-ClickHouse-User: default", "x"),
        ("ali\ud800ce", "x"),
        ("alice", "x\udfff"),
        (" team:frank", "x"),
        ("team:frank", "x "),
    ],
)
@responses.activate
def test_what_cannot_travel_unchanged_is_never_sent(user: str, password: str) -> None:
    refusal = get_refusal(user=user, password=password)
    assert refusal is CredentialRefusal.UNUSABLE_INPUT


# ASVS 12.2.1, 12.3.1
@pytest.mark.parametrize(
    "endpoint_url",
    [
        "",
        "group.example.test:8443",
        "http://group.example.test:8123/",
        "http://localhost.example.test/",
        "http://127.0.0.1.example.test/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://127.0.0.1@example.test/",
        "http://127.0.0.1\\@example.test/",
        "ftp://localhost/",
        "https://",
        "https:///path",
        "https://group.example.test:99999/",
        "https://alice:pw@group.example.test/",
        "https://group.example.test/proxy/",
        "https://group.example.test/?database=x",
        "https://group.example.test/#x",
    ],
)
@responses.activate
def test_passwords_are_sent_over_tls_or_to_this_machine_only(endpoint_url: str) -> None:
    with pytest.raises(ValueError, match=r"^The endpoint's address "):
        ClickHouseLogin().verify(endpoint_url=endpoint_url, user="alice", password=SecretStr("x"))


@pytest.mark.parametrize(
    "endpoint_url",
    [
        "https://group.example.test",
        "HTTPS://GROUP.example.test:8443/",
        "http://localhost:8900",
        "http://127.0.0.2:8900/",
        "http://[::1]:8900/",
    ],
)
def test_tls_and_loopback_addresses_are_asked(endpoint_url: str) -> None:
    with responses.RequestsMock() as clickhouse:
        clickhouse.post(endpoint_url, status=403, headers={"X-ClickHouse-Exception-Code": "516"})
        refusal = get_refusal(endpoint_url=endpoint_url)
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS
