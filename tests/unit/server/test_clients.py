"""What becomes of clients, over connections inside this process."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gunicorn import util

from app.server import clients, connection, waiting
from app.server.answering import AnsweringSocket
from app.server.clients import Clients
from app.server.connection import Connection
from tests.unit.server.incoming import GET, post, server_config

MOST = 6
SHORT_SECONDS = 0.1


class World:
    """Clients without threads: `requests` are the connections whose request is complete."""

    def __init__(self) -> None:
        self.poller = selectors.DefaultSelector()
        self.requests: list[Connection] = []
        self.errors: list[Exception] = []
        config = server_config(keepalive=1)
        self.clients = Clients(
            config,
            self.poller,
            MOST,
            self.requests.append,
            lambda _, error: self.errors.append(error),
        )
        self.ends: list[socket.socket] = []

    def come(self, *sent: bytes) -> socket.socket:
        """A client that has sent this; its end of the connection."""
        ours, theirs = socket.socketpair()
        theirs.settimeout(2)
        self.ends.append(theirs)
        self.clients.welcome(ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
        for data in sent:
            theirs.sendall(data)
            self.turn()
        return theirs

    def turn(self) -> None:
        """Everything that can happen now."""
        while events := self.poller.select(0):
            for key, _ in events:
                key.data(key.fileobj)
            if any(key.events == selectors.EVENT_WRITE for key, _ in events):
                return
        self.clients.sweep()

    def answer(self, conn: Connection, data: bytes = b"done", *, is_kept: bool = True) -> None:
        """What a thread and the worker do with a request."""
        self.requests.remove(conn)
        conn.sock.sendall(data)
        conn.is_kept = is_kept
        self.clients.go_on_after_answer(conn)
        self.turn()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Nobody is there yet."""
    monkeypatch.setattr(clients, "SWEEP_SECONDS", 0)

    def write_error(sock: Any, status: int, reason: str, _: str) -> None:  # noqa: ANN401
        sock.sendall(f"{status} {reason}".encode())

    monkeypatch.setattr(util, "write_error", write_error)
    made = World()
    yield made
    made.clients.drop_all()
    for conn in made.requests:
        conn.close()
    made.poller.close()
    for end in made.ends:
        end.close()


@pytest.fixture
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients have little time."""
    for name in ("HEAD_SECONDS", "REQUEST_SECONDS", "ANSWER_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(connection, name, SHORT_SECONDS)


def later(world: World, is_so: Callable[[], bool]) -> None:
    """Go on until it is so."""
    gives_up_at = time.monotonic() + 3
    while not is_so():
        assert time.monotonic() < gives_up_at
        world.turn()
        time.sleep(0.01)


def test_nothing_is_handed_over_before_it_is_complete(world: World) -> None:
    client = world.come(GET[:20], GET[20:-1])
    assert world.requests == []
    client.sendall(GET[-1:])
    world.turn()
    assert [conn.request.path for conn in world.requests] == ["/groups"]


def test_requests_sent_ahead_are_answered_in_turn(world: World) -> None:
    client = world.come(GET + GET)
    assert len(world.requests) == 1
    world.answer(world.requests[0], b"one")
    world.answer(world.requests[0], b"two")
    assert client.recv(100) == b"onetwo"


def test_a_client_that_has_ended_its_side_is_answered(world: World) -> None:
    client = world.come()
    client.sendall(GET + GET)
    client.shutdown(socket.SHUT_WR)
    world.turn()
    world.answer(world.requests[0], b"one")
    world.answer(world.requests[0], b"two")
    assert (client.recv(100), client.recv(100)) == (b"onetwo", b"")
    assert world.clients.count == 0


def test_a_client_that_ends_amid_the_body_is_refused(world: World) -> None:
    client = world.come(post(b"Content-Length: 9", b"half"))
    client.shutdown(socket.SHUT_WR)
    world.turn()
    assert (client.recv(100), client.recv(100)) == (b"400 Bad Request", b"")
    assert world.clients.count == 0


def test_the_body_is_asked_for(world: World) -> None:
    client = world.come(post(b"Content-Length: 3\r\nExpect: 100-continue"))
    assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_after_an_error_the_connection_is_closed(world: World) -> None:
    client = world.come(b"nonsense\r\n\r\n")
    assert len(world.errors) == 1
    assert client.recv(100) == b""
    client.close()
    world.turn()
    assert world.clients.count == 0


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", b""),
        (GET[:9], b"408 Request Timeout"),
        (post(b"Content-Length: 9", b"half"), b"408 Request Timeout"),
    ],
)
def test_who_is_late_is_dropped(
    short_deadlines: None, world: World, sent: bytes, told: bytes
) -> None:
    client = world.come(sent)
    later(world, lambda: world.clients.count == 0)
    assert client.recv(100) == told
    assert world.requests == []


def test_dripping_buys_no_time(short_deadlines: None, world: World) -> None:
    client = world.come(GET[:9])

    def drip() -> bool:
        if world.clients.count:
            client.send(b"x")
        return world.clients.count == 0

    later(world, drip)


def test_an_idle_client_is_dropped_and_one_that_is_worked_for_is_not(
    short_deadlines: None, world: World
) -> None:
    world.come(GET)
    time.sleep(2 * SHORT_SECONDS)
    world.turn()
    assert world.clients.count == 1
    world.answer(world.requests[0])
    later(world, lambda: world.clients.count == 0)


def test_when_there_are_too_many_the_oldest_incomplete_one_is_dropped(world: World) -> None:
    world.come(GET)
    first, *_ = [world.come() for _ in range(MOST - 1)]
    assert first.recv(100) == b""
    assert world.clients.count == MOST - 1
    assert len(world.requests) == 1


def test_more_requests_than_half_of_the_connections_are_not_queued(world: World) -> None:
    *_, last = [world.come(GET) for _ in range(MOST - 1)]
    assert last.recv(100) == b"503 Service Unavailable"
    world.come(GET.replace(b"/groups", b"/healthz"))
    assert world.requests[-1].request.path == "/healthz"


def test_an_answer_that_is_not_read_is_sent_without_a_thread(world: World) -> None:
    client = world.come(GET)
    answer = b"x" * 900_000
    world.answer(world.requests[0], answer, is_kept=False)
    received = b""
    while part := client.recv(65536):
        received += part
        world.turn()
    assert received == answer


def test_a_client_that_never_reads_is_dropped(short_deadlines: None, world: World) -> None:
    world.come(GET)
    world.answer(world.requests[0], b"x" * 900_000)
    assert world.clients.count == 1
    later(world, lambda: world.clients.count == 0)


def test_what_is_kept_for_all_clients_is_bounded(
    monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    monkeypatch.setattr(waiting, "ALL_UNREAD_BYTES", 1_000_000)
    for _ in range(2):
        world.come(GET)
        world.answer(world.requests[0], b"x" * 900_000)
    world.turn()
    assert world.clients.count == 1


def test_at_the_end_silent_clients_are_dropped_first(world: World) -> None:
    world.come()
    world.come(GET[:9])
    world.clients.hurry(time.monotonic())
    world.turn()
    assert world.clients.count == 1
    world.clients.drop_all()
    assert world.clients.count == 0


def test_a_thread_waits_for_the_reader_of_a_very_long_answer_only_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.server.answering.ANSWER_SECONDS", SHORT_SECONDS)
    ours, theirs = socket.socketpair()
    with AnsweringSocket.take_over(ours) as sock, theirs, pytest.raises(TimeoutError):
        sock.sendall(b"x" * 3_000_000)
