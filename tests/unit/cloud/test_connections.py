"""Connections that fail, drip or are not what they seem, over real sockets."""

import os
import re
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from socket import socket

import pytest

from app.cloud.transport import retries as cloud_http
from app.cloud.transport import sending
from app.cloud.transport.sending import CallTimeouts
from app.context import RequestContext, in_context
from app.errors import CloudAnswerLost, CloudUnreachable
from tests.support.requirements import require_program
from tests.unit.clickhouse.raw_server import Behaviour, raw_server, reset
from tests.unit.cloud.helpers import BASIC, KEY_SECRET, make_http, success

PATCH: dict[str, int | bool | str] = {"numReplicas": 5}
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """All timeouts shortened: 0.3 s for one wait, 0.4 s for everything."""
    short = CallTimeouts(read_seconds=0.3, total_seconds=0.4, tries=1)
    monkeypatch.setattr(cloud_http, "READ", short)
    monkeypatch.setattr(cloud_http, "WRITE", short)
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.3)


def read_request(connection: socket) -> bytes:
    """Read one whole request, or what came of it before the other side closed.

    The body travels apart from the headers: closing with it unread would be a reset.
    """
    received = b""
    while not is_whole(received) and (chunk := connection.recv(65536)):
        received += chunk
    return received


def is_whole(received: bytes) -> bool:
    """Whether headers and as much body as they announce are there."""
    head, end, body = received.partition(b"\r\n\r\n")
    announced = re.search(rb"\r\ncontent-length: (\d+)", head, re.I)
    return bool(end) and len(body) >= (int(announced[1]) if announced else 0)


def reset_after_the_request(connection: socket) -> None:
    read_request(connection)
    reset(connection)


def close_after_the_request(connection: socket) -> None:
    read_request(connection)


def say(answer: bytes) -> Behaviour:
    """Read the request, then send these bytes and close."""

    def behave(connection: socket) -> None:
        read_request(connection)
        connection.sendall(answer)

    return behave


def drip(first: bytes, drop: bytes) -> Behaviour:
    """Read the request, send `first`, then drop after drop until the other side has gone."""

    def behave(connection: socket) -> None:
        read_request(connection)
        connection.sendall(first)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return behave


def test_a_refused_connection_carried_nothing_out() -> None:
    with raw_server(reset) as server:
        pass  # so that the port is free again
    for url in (server.url, server.tls_url):
        with pytest.raises(CloudUnreachable):
            make_http(url).patch("/x", PATCH)


def test_a_name_that_does_not_exist_carried_nothing_out() -> None:
    with pytest.raises(CloudUnreachable):
        make_http("https://api.invalid").patch("/x", PATCH)


@pytest.mark.parametrize(
    "behave",
    [
        reset_after_the_request,
        close_after_the_request,
        say(b""),
        say(b"SSH-2.0-OpenSSH_9.2\r\n"),
        say(OK + b"Content-Length: 99\r\n\r\n{}"),
        say(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{"),
        say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{"),
        say(OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
    ],
)
def test_whatever_breaks_off_after_the_request_may_have_been_carried_out(
    behave: Behaviour,
) -> None:
    with raw_server(behave) as server, pytest.raises(CloudAnswerLost):
        make_http(server.url).patch("/x", PATCH)
    assert server.connections == 1  # sent once


def test_a_read_gets_three_connections_at_most() -> None:
    with raw_server(reset_after_the_request) as server, pytest.raises(CloudAnswerLost):
        make_http(server.url).get("/x")
    assert server.connections == 3


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (OK + b"Content-Length: 60000\r\n\r\n", b" "),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (OK + b"\r\n", b" "),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", b" "),
        (b"HTTP/1.1 400 No\r\nContent-Length: 60000\r\n\r\n", b" "),
    ],
    ids=["length", "chunked", "endless", "redirect", "refusal"],
)
# ASVS 13.1.3
def test_a_slow_drip_ends_when_the_time_is_up(first: bytes, drop: bytes) -> None:
    with raw_server(drip(first, drop)) as server:
        started = time.monotonic()
        with pytest.raises(CloudAnswerLost):
            make_http(server.url).patch("/x", PATCH)
        assert time.monotonic() - started < 1.5  # 0.4 s, and room for a busy machine


@pytest.mark.usefixtures("hurried")
def test_silence_after_the_request_may_hide_a_change() -> None:
    over = threading.Event()

    def hold(connection: socket) -> None:
        read_request(connection)
        over.wait(5)

    with raw_server(hold) as server:
        with pytest.raises(CloudAnswerLost, match="in time"):
            make_http(server.url).patch("/x", PATCH)
        over.set()


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with key.pem and certificate.pem, which nobody trusts."""
    openssl = require_program("openssl", install="apt-get install openssl")
    folder = tmp_path_factory.mktemp("certificate")
    files = ["-keyout", "key.pem", "-out", "certificate.pem"]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [openssl, "req", *kind, *name, *files]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    return folder


def over_tls(folder: Path, received: list[bytes], answer: Callable[[socket], None]) -> Behaviour:
    """Shake hands, read the request, then let `answer` write on the bare connection or TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")

    def behave(connection: socket) -> None:
        with context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        ) as secured:
            secured.do_handshake()
            received.append(read_request(secured))
            answer(secured)

    return behave


def trust(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Trust the certificate, in new connections."""
    bundle = str(folder / "certificate.pem")
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", bundle)


# ASVS 12.3.2
def test_an_untrusted_certificate_is_sent_no_key(self_signed: Path) -> None:
    received: list[bytes] = []
    answer = success([]).encode()
    behave = over_tls(self_signed, received, lambda tls: tls.sendall(answer))
    with raw_server(behave) as server, pytest.raises(CloudUnreachable):
        make_http(server.tls_url).patch("/x", PATCH)
    assert b"".join(received) == b""


def test_a_trusted_certificate_is_sent_the_key(
    self_signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []
    body = success("done").encode()
    answer = OK + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
    trust(monkeypatch, self_signed)
    with raw_server(over_tls(self_signed, received, lambda tls: tls.sendall(answer))) as server:
        assert make_http(server.tls_url).patch("/x", PATCH).result == "done"
    assert f"Authorization: {BASIC}".encode() in received[0]


def test_tls_that_breaks_after_the_request_may_hide_a_change(
    self_signed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []

    def garbage(secured: socket) -> None:
        with socket(fileno=os.dup(secured.fileno())) as bare:  # under the TLS
            bare.sendall(b"this is no TLS record at all, and never will be one")

    trust(monkeypatch, self_signed)
    behave = over_tls(self_signed, received, garbage)
    with raw_server(behave) as server, pytest.raises(CloudAnswerLost):
        make_http(server.tls_url).patch("/x", PATCH)
    assert received[0].startswith(b"PATCH /x")


# ASVS 13.2.4
def test_proxies_and_passwords_of_the_environment_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[bytes] = []
    body = success("done").encode()

    def answer(connection: socket) -> None:
        received.append(read_request(connection))
        connection.sendall(OK + b"Connection: close\r\n\r\n" + body)

    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password other\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with raw_server(answer) as server:
        http = make_http(server.url)
        assert http.get("/x").result == "done"
        assert http.patch("/x", PATCH).result == "done"
    for request in received:
        assert f"Authorization: {BASIC}".encode() in request


def test_a_change_goes_out_on_a_connection_of_its_own() -> None:
    body = success("done").encode()
    answer = OK + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    def keep_alive(connection: socket) -> None:
        while read_request(connection):
            connection.sendall(answer)

    with raw_server(keep_alive) as server:
        http = make_http(server.url)
        http.patch("/x", PATCH)
        http.patch("/x", PATCH)
    assert server.connections == 2


def test_the_key_is_not_in_what_a_client_shows_of_itself() -> None:
    http = make_http()
    assert KEY_SECRET not in repr(vars(http))


def hold(connection: socket) -> None:
    """Read the request and never answer it."""
    read_request(connection)
    connection.recv(1)


@pytest.mark.parametrize(("left_seconds", "is_cut_short"), [(0.2, True), (60, False)])
def test_a_request_with_little_time_left_does_not_blame_cloud(
    monkeypatch: pytest.MonkeyPatch, left_seconds: float, is_cut_short: bool
) -> None:
    short = CallTimeouts(read_seconds=0.5, total_seconds=0.5, tries=1)
    monkeypatch.setattr(cloud_http, "READ", short)
    monkeypatch.setattr(sending, "CONNECT_SECONDS", 0.3)
    deadline = time.monotonic() + left_seconds
    with (
        raw_server(hold) as server,
        in_context(RequestContext(deadline=deadline)),
        pytest.raises(CloudAnswerLost) as caught,
    ):
        make_http(server.url).get("/x")
    assert caught.value.is_cut_short is is_cut_short
