"""One client: its socket, what has arrived from it, and until when the rest must arrive."""

import socket
import time
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from app.server.answering import AnsweringSocket
from app.server.collector import RequestCollector
from app.server.limits import (
    ANSWER_SECONDS,
    HEAD_SECONDS,
    LINGER_SECONDS,
    RECEIVE_BYTES,
    REQUEST_SECONDS,
)

NEVER_QUEUED = "/healthz"
"""Is answered by a thread kept for it, so that it never waits for the others."""

GO_AHEAD = b"HTTP/1.1 100 Continue\r\n\r\n"


class Phase(Enum):
    """What is waited for."""

    IDLE = auto()  # the first byte of another request
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()  # that the client reads it
    LEAVING = auto()  # the client's end of the connection; what still comes is thrown away


class Connection:
    """One client. Moments are those of `time.monotonic()`.

    gunicorn reads `sock`, `client` and `server`: the socket and the addresses of both ends.
    `request` is gunicorn's, while a thread works on it. `is_kept` says whether another one may
    follow. `config` is gunicorn's.
    """

    def __init__(
        self,
        config: Any,  # noqa: ANN401 - gunicorn has no types
        sock: AnsweringSocket,
        client: object,
        server: object,
    ) -> None:
        self.sock, self.client, self.server = sock, client, server
        self.collector = RequestCollector(config, client)
        self.request: Any = None
        self.is_kept = True
        self.is_closed = False
        self.phase = Phase.HEAD
        self.deadline = 0.0
        self._began_at = 0.0
        self._seconds = {
            Phase.IDLE: float(config.keepalive),
            Phase.HEAD: float(HEAD_SECONDS),
            Phase.BODY: float(REQUEST_SECONDS),
            Phase.ANSWER: float(ANSWER_SECONDS),
            Phase.LEAVING: float(LINGER_SECONDS),
        }

    @property
    def is_silent(self) -> bool:
        """Nothing of a request has come, and no answer is on its way."""
        is_open = self.phase in {Phase.IDLE, Phase.HEAD}
        return is_open and self.collector.is_empty

    @property
    def is_never_queued(self) -> bool:
        """The request, which must be complete, is one that is not to wait for other requests."""
        return self.request.path == NEVER_QUEUED and self.request.method in {"GET", "HEAD"}

    def begin(self, phase: Phase) -> None:
        """Wait for something from now on."""
        self._began_at = time.monotonic()
        self._enter(phase)

    def receive(self) -> bool:
        """Take what has arrived; false at the end of what the client sends. Raises OSError."""
        try:
            data = self.sock.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return True
        if data and self.phase is not Phase.LEAVING:
            self.collector.feed(data)
            if self.phase is Phase.IDLE:
                self.begin(Phase.HEAD)
        return bool(data)

    def take_request(self) -> bool:
        """Whether a request is complete; it is `request` then. Raises ParseException, OSError."""
        self.request = self.collector.take()
        if self.request is None and self.phase is Phase.HEAD and self.collector.has_head:
            self._enter(Phase.BODY)
            if self.collector.take_go_ahead():
                self.sock.send(GO_AHEAD)
        return self.request is not None

    def say_goodbye(self) -> None:
        """End this side of the connection only.

        Closed at once, an answer might be lost with what the client still sends.
        """
        with suppress(OSError):  # there may be no client any more
            self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Give the socket back. What the client has not read yet may be lost."""
        self.is_closed = True
        self.sock.close()

    def _enter(self, phase: Phase) -> None:
        """Wait for something else, within the time that began to run earlier."""
        self.phase = phase
        self.deadline = self._began_at + self._seconds[phase]
