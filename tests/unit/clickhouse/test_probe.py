"""Whether ClickHouse answers at an endpoint, without a user."""

import socket

import pytest

from app.clickhouse.probe import find_obstacle
from app.errors import CredentialRefusal
from tests.support.ports import find_free_port
from tests.unit.clickhouse.raw_server import Behaviour, raw_server, reset


def answer(status: int, body: bytes) -> Behaviour:
    """Answer whatever is asked first."""
    head = f"HTTP/1.1 {status} Some\r\nContent-Length: {len(body)}\r\n\r\n".encode()

    def behave(connection: socket.socket) -> None:
        assert connection.recv(65536).startswith(b"GET /ping HTTP/1.1\r\n")
        connection.sendall(head + body)

    return behave


def test_the_answer_of_clickhouse_is_known() -> None:
    with raw_server(answer(200, b"Ok.\n")) as server:
        assert find_obstacle(server.url.rstrip("/")) is None


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (302, b""), (503, b"Ok.\n")])
def test_anything_else_is_not_clickhouse(status: int, body: bytes) -> None:
    with raw_server(answer(status, body)) as server:
        found = find_obstacle(server.url.rstrip("/"))
    assert found is CredentialRefusal.NOT_CLICKHOUSE


def test_a_connection_that_is_cut_off_is_the_access_list() -> None:
    with raw_server(reset) as server:
        found = find_obstacle(server.url.rstrip("/"))
    assert found is CredentialRefusal.NOT_ON_ACCESS_LIST


def test_a_server_without_tls_is_told_apart() -> None:
    with raw_server(lambda connection: connection.sendall(b"HTTP/1.1 400 No\r\n\r\n")) as server:
        found = find_obstacle(server.tls_url.rstrip("/"))
    assert found is CredentialRefusal.NOT_TLS


def test_nobody_listening_is_unreachable() -> None:
    url = f"http://127.0.0.1:{find_free_port()}"
    assert find_obstacle(url) is CredentialRefusal.UNREACHABLE


def test_nothing_is_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        find_obstacle("http://clickhouse.example.com:8443")
