"""Requests that never reach the API, written byte by byte: each gets one problem for an answer."""

import json
import socket
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support.openapi import PROBLEM, validate
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

GET = b"GET /api/v1/groups HTTP/1.1\r\nHost: %b\r\n"
POST = b"POST /scaling HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\n"
SECRET = b"kept-out-of-logs"
HEADERS = (
    b"Cache-Control: no-store",
    b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    b"Referrer-Policy: no-referrer",
    b"X-Content-Type-Options: nosniff",
    b"X-Frame-Options: DENY",
    b"Cross-Origin-Opener-Policy: same-origin",
    b"Cross-Origin-Resource-Policy: same-origin",
    b"Cross-Origin-Embedder-Policy: require-corp",
    b"Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
)
INNER = b"GET /service/state HTTP/1.1\r\nHost: %b\r\n\r\n"


def send(portal: PortalProcess, raw: bytes) -> bytes:
    """Everything that comes back until the connection is closed."""
    address = urlsplit(portal.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as one:
        one.sendall(raw.replace(b"%b", address.netloc.encode()))
        one.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: one.recv(65536), b""))


def read_problem(answer: bytes) -> dict[str, Any]:
    """The body of the one answer that there must be."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert b"\r\nContent-Type: application/problem+json" in head, answer
    assert [line for line in HEADERS if line not in head.split(b"\r\n")] == []
    problem: dict[str, Any] = json.loads(body)
    validate(problem, PROBLEM)
    assert head.startswith(b"HTTP/1.1 %d " % problem["status"])
    return problem


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET /service/state?password=" + SECRET * 200 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /api/v1/groups\r\n\r\n", 400),
        (b"GET  /api/v1/groups HTTP/1.1\r\n\r\n", 400),
        (b"GET /api/v1/groups HTTP/9.9\r\n\r\n", 400),
        (GET + b"No colon here\r\n\r\n", 400),
        (GET + b"X-Two Words: 1\r\n\r\n", 400),
        (GET + b"X-Folded: 1\r\n 2\r\n\r\n", 400),
        (GET + b"X-Long: " + SECRET * 600 + b"\r\n\r\n", 431),
        (GET + b"X-Many: 1\r\n" * 60 + b"\r\n", 431),
        (POST + b"Transfer-Encoding: xchunked\r\n\r\n", 501),
    ],
    ids=lambda item: repr(item)[:50],
)
def test_what_cannot_be_read_is_answered_as_a_problem(
    portal: PortalProcess, raw: bytes, status: int
) -> None:
    problem = read_problem(send(portal, raw))
    assert (problem["status"], problem["code"]) == (status, "unreadable_request")
    assert problem["title"] == HTTPStatus(status).phrase
    assert SECRET.decode() not in portal.read_log()


def test_only_behind_tls_a_refusal_says_that_tls_is_needed(portal: PortalProcess) -> None:
    assert b"Strict-Transport-Security" not in send(portal, b"GET /api/v1/groups\r\n\r\n")


def test_a_request_of_today_names_its_host(portal: PortalProcess) -> None:
    closed = b"Connection: close\r\n\r\n"
    for path in (b"/api/v1/groups", b"/healthz", b"/sign-in"):
        answer = send(portal, b"GET " + path + b" HTTP/1.1\r\n" + closed)
        assert answer.startswith(b"HTTP/1.1 400 "), path
    assert b" 200 OK\r\n" in send(portal, b"GET /healthz HTTP/1.0\r\n\r\n")


def test_a_request_that_does_not_arrive_in_time_is_answered_as_a_problem(
    portal: PortalProcess,
) -> None:
    with socket.create_connection(("127.0.0.1", portal.port), timeout=10) as client:
        client.sendall(b"GET /api/v1/groups HTTP/1.1\r\n")
        problem = read_problem(b"".join(iter(lambda: client.recv(65536), b"")))
    assert (problem["status"], problem["code"]) == (408, "late_request")


# ASVS 4.2.1
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length: 0x4\r\n",
        b"Content-Length: 4 0\r\n",
        b"Content-Length: -1\r\n",
    ],
)
def test_a_second_request_cannot_be_hidden_in_the_body_of_a_first(
    portal: PortalProcess, sandbox: RunningSandbox, head: bytes
) -> None:
    answer = send(portal, POST + head + b"\r\n0\r\n\r\n" + INNER)
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), answer
    assert b"\r\nConnection: close\r\n" in answer
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize("path", [b"/scaling", b"/sign-in"])
@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhel",
        b"5\r\nhelloXX\r\n0\r\n\r\n",
        b"5;a=b\r\nhello\n0\r\n\r\n",
        b"0\r\nNo colon here\r\n\r\n",
        b"FFFFFFFFFFFFFFFFFF\r\nhello",
    ],
)
def test_broken_chunks_are_the_senders_fault_and_end_the_connection(
    portal: PortalProcess, path: bytes, chunks: bytes
) -> None:
    head = POST.replace(b"/scaling", path) + b"Transfer-Encoding: chunked\r\n\r\n"
    answer = send(portal, head + chunks + INNER)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert answer.count(b"HTTP/1.1 ") == 1, answer
