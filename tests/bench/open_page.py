"""One open page: its connection, the edition that it shows, and when it asks again."""

import errno
import selectors
import socket
import time
from contextlib import suppress

from tests.bench.pacing import FIRST_SECONDS, LONGEST_SECONDS, pause_after
from tests.bench.wire import Answer, AnswerReader, edition_in, request_bytes

RECEIVE_BYTES = 256 * 1024
UNREACHABLE = 0
"""In place of a status: the connection was closed twice without an answer."""


class OpenPage:
    """Asks for the page first, and from then on for its fragment. Never blocks.

    `is_open`: the page was answered. `is_waiting`: a poll is not. `pause_seconds`: until the next.
    `connections` is how many it has made.
    """

    def __init__(
        self, selector: selectors.BaseSelector, port: int, path: str, cookie: str, number: int
    ) -> None:
        self.number, self.is_open, self.is_waiting = number, False, False
        self.asked_at, self.pause_seconds = 0.0, FIRST_SECONDS
        self._selector, self._port, self._path, self._cookie = selector, port, path, cookie
        self._sock: socket.socket | None = None
        self._has_repeated, self.connections = False, 0
        self._request = request_bytes(port, path, cookie)

    def ask(self, now: float) -> None:
        """Send what is to be asked next, on a new connection if need be."""
        self.asked_at, self.is_waiting, self._has_repeated = now, True, False
        if self._sock is None:
            self._connect()
        else:
            self._send()

    def on_event(self, events: int) -> int | None:
        """Something has happened on the connection; the status of an answer that is complete."""
        if events & selectors.EVENT_WRITE:
            self._send()
            return None
        data = self._receive()
        if not data:
            return self._on_closed()
        answer = self._reader.feed(data)
        return None if answer is None else self._on_answer(answer)

    def close(self) -> None:
        """End the connection, if there is one."""
        if self._sock is None:
            return
        self._selector.unregister(self._sock)
        self._sock.close()
        self._sock = None

    def _on_answer(self, answer: Answer) -> int:
        self.is_waiting = False
        if not answer.is_kept:
            self.close()
        is_well = answer.status in {200, 204}
        edition = answer.edition if self.is_open else edition_in(answer.body)
        if is_well and (edition or not self.is_open):
            self._request = request_bytes(self._port, f"{self._path}/live", self._cookie, edition)
        self.is_open = self.is_open or is_well
        self._plan(is_well=is_well)
        return answer.status

    def _on_closed(self) -> int | None:
        self.close()
        if not self.is_waiting:
            return None
        if not self._has_repeated:
            self._has_repeated = True
            self._connect()
            return None
        self.is_waiting = False
        self._plan(is_well=False)
        return UNREACHABLE

    def _plan(self, *, is_well: bool) -> None:
        elapsed = time.perf_counter() - self.asked_at
        twice = min(LONGEST_SECONDS, 2 * self.pause_seconds)
        self.pause_seconds = pause_after(elapsed) if is_well else twice

    def _connect(self) -> None:
        self._reader = AnswerReader()
        self.connections += 1
        self._sock = socket.socket()
        self._sock.setblocking(False)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = self._sock.connect_ex(("127.0.0.1", self._port))
        assert code in {0, errno.EINPROGRESS}, errno.errorcode[code]
        self._selector.register(self._sock, selectors.EVENT_WRITE, self)

    def _send(self) -> None:
        assert self._sock is not None
        with suppress(OSError):  # it was closed, which reading will show
            self._sock.send(self._request)
        self._selector.modify(self._sock, selectors.EVENT_READ, self)

    def _receive(self) -> bytes:
        assert self._sock is not None
        try:
            return self._sock.recv(RECEIVE_BYTES)
        except OSError:
            return b""
