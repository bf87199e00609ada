"""What an open page does when the server closes its connection under a poll."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.bench.open_page import UNREACHABLE, OpenPage

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Rude:
    """Reads a request of each connection and closes it; so many of the first without an answer."""

    def __init__(self, silent: int) -> None:
        self.silent, self.served = silent, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Until the listener is shut down."""
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with sock:
                sock.recv(4096)
                self.served += 1
                if self.served > self.silent:
                    sock.sendall(ANSWER)


@pytest.fixture
def rude(request: pytest.FixtureRequest) -> Iterator[Rude]:
    """A server in a thread, with the number of silent connections as its parameter."""
    server = Rude(request.param)
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield server
    server.listener.shutdown(socket.SHUT_RDWR)
    server.listener.close()
    thread.join()


@pytest.mark.parametrize(
    ("rude", "status"), [(0, 200), (1, 200), (2, UNREACHABLE)], indirect=["rude"]
)
def test_a_poll_is_repeated_once_on_another_connection(rude: Rude, status: int) -> None:
    with selectors.DefaultSelector() as selector:
        page = OpenPage(selector, rude.port, "/groups", "", 0)
        page.ask(time.perf_counter())
        found: int | None = None
        while found is None:
            for _, events in selector.select(5):
                found = page.on_event(events)
        page.close()
    assert found == status
    assert page.connections == min(2, rude.silent + 1)
    assert page.is_open == (status == 200)
    assert not page.is_waiting
