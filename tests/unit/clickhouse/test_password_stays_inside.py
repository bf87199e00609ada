"""Where a password could leak to: exceptions, logs, the environment's proxies, a second request.

Python cannot wipe memory: after a check the password is unreferenced, not erased. And an
unforeseen exception (a bug) would leave with its frames; what is proven here is the foreseen.
"""

import base64
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from socket import socket

import pytest
from pydantic import SecretStr

from app.clickhouse.login import ClickHouseLogin
from app.errors import CredentialsRefused
from tests.unit.clickhouse.helpers import PASSWORD, get_refusal
from tests.unit.clickhouse.raw_server import (
    Behaviour,
    answer_with,
    drip,
    raw_server,
    read_request,
    reset,
)

BASIC = base64.b64encode(f"alice: {PASSWORD}".encode()).decode()
OK_HEAD = b"HTTP/1.1 200 OK\r\n"
HURRIED = ClickHouseLogin(read_timeout_seconds=0.1)


def walk(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def catch(endpoint_url: str, password: str) -> CredentialsRefused:
    with pytest.raises(CredentialsRefused) as caught:
        HURRIED.verify(endpoint_url=endpoint_url, user="alice", password=SecretStr(password))
    return caught.value


@pytest.mark.parametrize("password", [PASSWORD, f" {PASSWORD}", f"{PASSWORD}\n"])
@pytest.mark.parametrize(
    "behave",
    [
        reset,
        read_request,
        drip(b"", b"", pause_seconds=1),
        drip(OK_HEAD + b"\r\n", b" ", pause_seconds=0.01),
        answer_with(b"not http\r\n"),
        answer_with(OK_HEAD + b"Content-Length: 9\r\n\r\n"),
        answer_with(OK_HEAD + b"\r\nnot json"),
        answer_with(b"HTTP/1.1 401 No\r\n\r\nCode: 193, Wrong password"),
    ],
    ids=["reset", "close", "silent", "drip", "no-http", "cut", "no-json", "wrong"],
)
def test_a_refusal_carries_no_trace_of_the_password(behave: Behaviour, password: str) -> None:
    with raw_server(behave) as server:
        error = catch(server.url, password)
    assert list(walk(error)) == [error]  # no exception of requests, which holds the request
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    this_file = [frame for frame in report.stack if frame.filename == __file__]
    text = "".join(
        [repr(error), str(vars(error))]
        + [str(frame.locals) for frame in report.stack if frame not in this_file]
    )
    assert "is_waking" in text  # the frames of the verifier are in it
    assert PASSWORD not in text
    assert BASIC not in text


def test_a_refused_address_carries_no_trace_of_the_password() -> None:
    with pytest.raises(ValueError, match="address") as caught:
        HURRIED.verify(
            endpoint_url=f"https://alice:{PASSWORD}@group.example.test/",
            user="alice",
            password=SecretStr(PASSWORD),
        )
    assert PASSWORD not in str(caught.value)
    assert list(walk(caught.value)) == [caught.value]


@pytest.mark.parametrize("password", [PASSWORD, f" {PASSWORD}"])
def test_nothing_is_logged_that_holds_the_password(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], password: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with raw_server(answer_with(b"HTTP/1.1 500 No\r\n\r\n")) as server:
        catch(server.url, password)
    assert "POST / HTTP/1.1" in caplog.text  # urllib3 does log
    written = caplog.text + "".join(capfd.readouterr())
    assert PASSWORD not in written
    assert BASIC not in written


def test_the_verifier_keeps_nothing_of_a_check() -> None:
    verifier = ClickHouseLogin()
    before = dict(vars(verifier))
    with raw_server(answer_with(b"HTTP/1.1 500 No\r\nSet-Cookie: a=1\r\n\r\n")) as server:
        get_refusal(endpoint_url=server.url, verifier=verifier)
    assert vars(verifier) == before


def test_two_checks_share_no_connection_and_no_cookie() -> None:
    received: list[bytes] = []

    def behave(connection: socket) -> None:
        received.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 500 No\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n")

    verifier = ClickHouseLogin()
    with raw_server(behave) as server:
        for _ in range(2):
            get_refusal(endpoint_url=server.url, verifier=verifier)
    assert server.connections == 2
    assert not any(b"cookie" in request.lower() for request in received)


def test_proxies_and_netrc_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    received: list[bytes] = []
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\ndefault login a password b")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def behave(connection: socket) -> None:
        received.append(read_request(connection))

    with raw_server(reset) as proxy, raw_server(behave) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        get_refusal(endpoint_url=server.url)
    assert proxy.connections == 0
    assert received[0].startswith(b"POST / HTTP/1.1\r\n")
    assert b"authorization" not in received[0].lower()
