"""gunicorn's worker as it ends."""

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
