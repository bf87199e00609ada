"""gunicorn's worker: whom it accepts, and how it ends."""

import selectors
import socket
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.sock import TCPSocket

from app.server.worker import CollectingWorker


def listen() -> TCPSocket:
    """A socket as gunicorn gives it to its workers."""
    listener = TCPSocket.__new__(TCPSocket)
    listener.sock = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    return listener


@pytest.mark.parametrize("asked", [(True, False), (False, False)])
def test_the_end_may_come_while_gunicorn_asks_whether_to_accept(asked: tuple[bool, bool]) -> None:
    listener = listen()
    address, welcomed = listener.getsockname(), list[tuple[Any, ...]]()
    worker = CollectingWorker.__new__(CollectingWorker)
    worker.alive, worker._accepting, worker.sockets = False, False, [listener]
    clients = SimpleNamespace(count=0, welcome=lambda *given: welcomed.append(given))
    worker._clients = clients  # type: ignore[assignment] # what is asked of them here
    with selectors.DefaultSelector() as worker.poller, socket.create_connection(address) as client:
        for enabled in asked:
            worker.set_accept_enabled(enabled)
        ((accepted, who, _),) = welcomed
        assert who == client.getsockname()
        accepted.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


@pytest.mark.parametrize(
    ("processes", "connections", "accepted", "seconds"),
    [
        (1, 0, 3, []),
        (2, 0, 1, [0.0]),
        (2, 5, 1, [0.001]),
        (2, 64, 1, [0.002]),
        (2, 65, 3, []),
    ],
)
def test_of_several_processes_the_one_with_fewer_connections_is_first(
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
    connections: int,
    accepted: int,
    seconds: list[float],
) -> None:
    listener, welcomed, waits = listen(), list[socket.socket](), list[float]()
    worker = CollectingWorker.__new__(CollectingWorker)
    worker.cfg = SimpleNamespace(workers=processes)
    clients = SimpleNamespace(count=connections, welcome=lambda sock, *_: welcomed.append(sock))
    worker._clients = clients  # type: ignore[assignment] # what is asked of them here
    monkeypatch.setattr("app.server.worker.time.sleep", waits.append)
    people = [socket.create_connection(listener.getsockname()) for _ in range(3)]
    worker.accept(listener)
    assert len(welcomed) == accepted
    assert waits == pytest.approx(seconds)
    for sock in (*people, *welcomed, listener):
        sock.close()
