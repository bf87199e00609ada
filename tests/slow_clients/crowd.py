"""Slow clients, all at once: whoever is thrown out comes back at once."""

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

LOOK_SECONDS = 0.1
DRIP_SECONDS = 1.0
HEAD = b"GET /groups HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nuser=alice"
CHUNKED = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"1\r\na\r\n" * 2000


@dataclass(frozen=True)
class Kind:
    """What a client sends at once, and what it then sends every second."""

    name: str
    sent: bytes
    drip: bytes = b""


SILENT = Kind("silent", b"")
HALF_HEAD = Kind("half a head", HEAD)
HALF_BODY = Kind("half a body", BODY)
DRIPPING_HEAD = Kind("a dripping head", HEAD, b"x")
DRIPPING_BODY = Kind("a dripping body", BODY, b"x")
TINY_CHUNKS = Kind("tiny chunks", CHUNKED, CHUNKS)


@dataclass
class Client:
    """One of them, and its connection of the moment."""

    kind: Kind
    port: int
    drips_at: float = 0.0
    connection: socket.socket = field(default_factory=socket.socket)

    def come(self) -> None:
        """Connect anew, and send what it has."""
        self.connection.close()
        self.connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        self.connection.setblocking(False)
        self.connection.send(self.kind.sent)

    def go_on(self, now: float) -> bool:
        """Send more if it is time to; false if the server has closed the connection."""
        try:
            if self.kind.drip and now >= self.drips_at:
                self.drips_at = now + DRIP_SECONDS
                self.connection.send(self.kind.drip)
            return bool(self.connection.recv(4096))
        except BlockingIOError:
            return True
        except OSError:
            return False


class Crowd:
    """So many clients of each kind, there from the beginning of the `with` block to its end."""

    def __init__(self, port: int, numbers: dict[Kind, int]) -> None:
        self.clients = [
            Client(kind, port) for kind, number in numbers.items() for _ in range(number)
        ]
        self.thrown_out: Counter[str] = Counter()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._keep_up)

    def __enter__(self) -> Self:
        """Connect everybody, then keep it so."""
        for client in self.clients:
            client.come()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Send everybody home."""
        self._is_over.set()
        self._thread.join()
        for client in self.clients:
            client.connection.close()

    def _keep_up(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            for client in self.clients:
                if not client.go_on(time.monotonic()):
                    self.thrown_out[client.kind.name] += 1
                    with suppress(OSError):  # it tries again with the next look
                        client.come()
