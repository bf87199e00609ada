"""Connections that fail, and servers that drip or flood."""

import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket

import pytest
import requests
import responses
import urllib3.exceptions
from pydantic import SecretStr

from app.clickhouse.login import ClickHouseLogin
from app.context import RequestContext, in_context
from app.errors import CredentialRefusal
from tests.support.requirements import require_program
from tests.unit.clickhouse.helpers import ENDPOINT_URL, PASSWORD, get_refusal
from tests.unit.clickhouse.raw_server import (
    Behaviour,
    answer_with,
    drip,
    raw_server,
    read_request,
    reset,
)

HURRIED = ClickHouseLogin(
    connect_timeout_seconds=0.3, read_timeout_seconds=0.3, waking_timeout_seconds=0.3
)
OK_HEAD = b"HTTP/1.1 200 OK\r\n"


def reset_after_the_request(connection: socket) -> None:
    read_request(connection)
    reset(connection)


def reset_in_the_handshake(connection: socket) -> None:
    connection.recv(1)
    reset(connection)


def close_in_the_handshake(connection: socket) -> None:
    connection.recv(65536)


@pytest.mark.parametrize("behave", [reset, reset_after_the_request, read_request, answer_with(b"")])
def test_a_cut_without_an_answer_points_at_the_access_list(behave: Behaviour) -> None:
    with raw_server(behave) as server:
        refusal = get_refusal(endpoint_url=server.url)
    assert refusal is CredentialRefusal.NOT_ON_ACCESS_LIST
    assert server.connections == 1  # and the request is not sent again


@pytest.mark.parametrize("behave", [reset_in_the_handshake, close_in_the_handshake])
def test_a_cut_in_the_tls_handshake_points_at_the_access_list(behave: Behaviour) -> None:
    with raw_server(behave) as server:
        refusal = get_refusal(endpoint_url=server.tls_url)
    assert refusal is CredentialRefusal.NOT_ON_ACCESS_LIST


@responses.activate
def test_a_reset_as_early_as_in_connect_points_at_the_access_list() -> None:
    connection = urllib3.connection.HTTPSConnection("group.example.test")
    error = urllib3.exceptions.NewConnectionError(connection, "Failed to establish a connection")
    error.__cause__ = ConnectionResetError(104, "Connection reset by peer")
    pool = urllib3.HTTPSConnectionPool("group.example.test")
    wrapped = urllib3.exceptions.MaxRetryError(pool, "/", error)
    responses.post(ENDPOINT_URL, body=requests.ConnectionError(wrapped))
    assert get_refusal() is CredentialRefusal.NOT_ON_ACCESS_LIST


def test_a_refused_connection_is_unreachable() -> None:
    with raw_server(reset) as server:
        pass
    assert get_refusal(endpoint_url=server.url) is CredentialRefusal.UNREACHABLE
    assert get_refusal(endpoint_url=server.tls_url) is CredentialRefusal.UNREACHABLE


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectTimeout("connect timeout"),
        requests.ConnectionError(
            urllib3.exceptions.MaxRetryError(
                urllib3.HTTPSConnectionPool("group.example.test"),
                "/",
                urllib3.exceptions.NameResolutionError(
                    "group.example.test",
                    urllib3.connection.HTTPConnection("group.example.test"),
                    OSError("no such host"),  # type: ignore[arg-type]
                ),
            )
        ),
        urllib3.exceptions.LocationParseError("label too long"),
    ],
)
@responses.activate
def test_no_connection_is_unreachable_even_while_waking(error: Exception) -> None:
    responses.post(ENDPOINT_URL, body=error)
    assert get_refusal(is_waking=True) is CredentialRefusal.UNREACHABLE


def test_tls_to_a_server_without_tls_is_named(caplog: pytest.LogCaptureFixture) -> None:
    def answer_the_handshake(connection: socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with raw_server(answer_the_handshake) as server:
        assert get_refusal(endpoint_url=server.tls_url) is CredentialRefusal.NOT_TLS
    assert f"no TLS with {server.tls_url}" in caplog.text
    assert PASSWORD not in caplog.text


def test_an_answer_that_is_not_http_is_not_clickhouse() -> None:
    with raw_server(answer_with(b"SSH-2.0-OpenSSH_9.2\r\n")) as server:
        assert get_refusal(endpoint_url=server.url) is CredentialRefusal.NOT_CLICKHOUSE


@pytest.mark.parametrize(
    "tail", [b"Content-Length: 99\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"]
)
def test_an_answer_that_breaks_off_is_unreachable(tail: bytes) -> None:
    with raw_server(answer_with(OK_HEAD + tail)) as server:
        assert get_refusal(endpoint_url=server.url) is CredentialRefusal.UNREACHABLE


def test_the_header_is_enough_when_the_body_never_comes() -> None:
    head = b"HTTP/1.1 403 Forbidden\r\nX-ClickHouse-Exception-Code: 516\r\n\r\n"
    with raw_server(drip(head, b"", pause_seconds=0.02)) as server:
        refusal = get_refusal(endpoint_url=server.url)
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS


@pytest.mark.parametrize(
    ("is_waking", "refusal"),
    [(False, CredentialRefusal.UNREACHABLE), (True, CredentialRefusal.STILL_WAKING)],
)
@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (OK_HEAD, b"X-Drop: 1\r\n"),
        (OK_HEAD + b"Content-Length: 60000\r\n\r\n", b" "),
        (OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (OK_HEAD + b"\r\n", b" "),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b" "),
    ],
    ids=["silent", "status", "continue", "headers", "length", "chunked", "endless", "redirect"],
)
def test_a_slow_drip_ends_at_the_read_timeout(
    first: bytes, drop: bytes, is_waking: bool, refusal: CredentialRefusal
) -> None:
    with raw_server(drip(first, drop, pause_seconds=0.02)) as server:
        started = time.monotonic()
        found = get_refusal(endpoint_url=server.url, verifier=HURRIED, is_waking=is_waking)
        elapsed_seconds = time.monotonic() - started
    assert found is refusal
    assert elapsed_seconds < 1.5  # the timeout of 0.3 s, and room for a busy machine


@pytest.mark.parametrize("status", [b"200 OK", b"302 Found\r\nLocation: /", b"500 Oops"])
def test_a_flood_is_cut_off_after_64_kib(status: bytes) -> None:
    sent_bytes: list[int] = []
    drained = threading.Event()

    def flood(connection: socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n\r\n")
        try:
            while not drained.is_set():
                sent_bytes.append(connection.send(b"x" * 65536))
        finally:
            drained.set()

    with raw_server(flood) as server:
        refusal = get_refusal(endpoint_url=server.url)
        assert drained.wait(5)  # the connection was closed on the server
    assert refusal is CredentialRefusal.NOT_CLICKHOUSE
    assert sum(sent_bytes) < 20 * 1024 * 1024  # what the kernel's buffers take in


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    openssl = require_program("openssl", install="apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", *kind, *name, *files]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


def record_over_tls(context: ssl.SSLContext, received: list[bytes]) -> Callable[[socket], None]:
    def behave(connection: socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            received.append(read_request(secured))
            secured.sendall(b"HTTP/1.1 403 No\r\nX-ClickHouse-Exception-Code: 516\r\n\r\n")

    return behave


# ASVS 12.3.2
def test_an_untrusted_certificate_gets_no_password_and_is_named(
    self_signed: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    received: list[bytes] = []
    with raw_server(record_over_tls(self_signed, received)) as server:
        refusal = get_refusal(endpoint_url=server.tls_url)
    assert refusal is CredentialRefusal.UNTRUSTED_CERTIFICATE
    assert "is not trusted: self-signed certificate" in caplog.text.replace(
        "self signed", "self-signed"
    )
    assert PASSWORD not in caplog.text
    assert b"".join(received) == b""
    assert server.connections == 1


def test_a_trusted_certificate_gets_the_request(
    self_signed: ssl.SSLContext,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    received: list[bytes] = []
    bundle = next(Path(tmp_path_factory.getbasetemp()).glob("certificate*/certificate.pem"))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(bundle))
    with raw_server(record_over_tls(self_signed, received)) as server:
        refusal = get_refusal(endpoint_url=server.tls_url)
    assert refusal is CredentialRefusal.WRONG_CREDENTIALS
    assert b"X-ClickHouse-User: alice\r\n" in received[0]


def test_clickhouse_is_given_its_own_time_whatever_the_request_has_left() -> None:
    def behave(connection: socket) -> None:
        read_request(connection)
        time.sleep(0.3)
        body = b'{"user":"alice","version":"26.9","roles":[]}\n'
        connection.sendall(OK_HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    login = ClickHouseLogin(read_timeout_seconds=5)
    with raw_server(behave) as server, in_context(RequestContext(deadline=time.monotonic() + 0.1)):
        found = login.verify(endpoint_url=server.url, user="alice", password=SecretStr("x"))
    assert found.user == "alice"
