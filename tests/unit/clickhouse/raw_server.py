"""A server of a few lines, for what no HTTP library would do."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket], None]


class RawServer:
    """Accepts connections one after the other; keeps what `behave` recorded in `received`."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.port = int(listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"
        self.tls_url = f"https://127.0.0.1:{self.port}/"
        self.connections = 0

    def serve(self, behave: Behaviour) -> None:
        with suppress(OSError):  # the listener was closed, at the end of the test
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                with connection, suppress(OSError):  # the other side hung up
                    behave(connection)


@contextmanager
def raw_server(behave: Behaviour) -> Iterator[RawServer]:
    """Serve on a free loopback port while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = RawServer(listener)
        thread = threading.Thread(target=server.serve, args=(behave,), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which close() would not
    thread.join(timeout=5)
    assert not thread.is_alive()


def reset(connection: socket.socket) -> None:
    """Close so that the other side gets a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_request(connection: socket.socket) -> bytes:
    """Return headers and body of one request with a Content-Length."""
    received = b""
    while b"FORMAT JSONEachRow" not in received:
        chunk = connection.recv(65536)
        if not chunk:
            break
        received += chunk
    return received


def answer_with(answer: bytes) -> Behaviour:
    """Read the request, then send these bytes and close."""

    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)

    return behave


def drip(first: bytes, drops: bytes, *, pause_seconds: float) -> Behaviour:
    """Read the request, send `first`, then drops, if any, until the other side has gone."""

    def behave(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(first)
        connection.settimeout(pause_seconds)
        while True:
            try:
                if connection.recv(1) == b"":
                    return
            except TimeoutError:
                connection.sendall(drops)

    return behave
