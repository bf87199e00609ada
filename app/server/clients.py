"""What becomes of every client, from the accepted connection to its end.

Runs in the one thread that waits for them all, and never blocks it.
"""

import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn import util

from app.server.answering import AnsweringSocket
from app.server.connection import Connection, Phase
from app.server.waiting import WaitingConnections

SWEEP_SECONDS = 0.25


class Clients:
    """All connections, of which there are at most so many.

    `hand_over` has a complete request answered, and leads to `go_on_after_answer`. `answer_error`
    tells a client what is wrong with its request. `config` is gunicorn's.
    """

    def __init__(
        self,
        config: Any,  # noqa: ANN401 - gunicorn has no types
        poller: selectors.BaseSelector,
        most: int,
        hand_over: Callable[[Connection], None],
        answer_error: Callable[[Connection, Exception], None],
    ) -> None:
        self.count = 0
        self._config, self._most = config, most
        self._hand_over, self._answer_error = hand_over, answer_error
        self._waiting = WaitingConnections(poller, self._on_event)
        self._next_sweep_at = 0.0

    @property
    def are_waited_for(self) -> bool:
        """There is somebody who may become late."""
        return bool(self._waiting)

    def welcome(self, accepted: socket.socket, client: object, server: object) -> None:
        """Wait for the requests of somebody who has connected."""
        sock = AnsweringSocket.take_over(accepted)
        self.count += 1
        self._wait_for(Connection(self._config, sock, client, server), Phase.HEAD)

    def go_on_after_answer(self, conn: Connection) -> None:
        """Wait until the client has read it, then for what it sends next."""
        if conn.sock.unsent:
            self._wait_for(conn, Phase.ANSWER)
        elif not conn.is_kept:
            conn.say_goodbye()
            self._wait_for(conn, Phase.LEAVING)
        elif conn.collector.is_empty:
            self._wait_for(conn, Phase.IDLE)
        else:
            self._wait_for(conn, Phase.HEAD)
            self._on_event(conn)  # what was sent ahead is here, and makes no event any more

    def sweep(self) -> None:
        """Drop whoever is late, and who does not read while much is kept for others as well."""
        if time.monotonic() < self._next_sweep_at:
            return
        self._next_sweep_at = time.monotonic() + SWEEP_SECONDS
        for conn in self._waiting.list_hoarders():
            self._drop(conn)
        for conn in self._waiting.list_late():
            self._end_late(conn)

    def hurry(self, deadline: float) -> None:
        """The process ends: wait no longer than this for those of whom nothing has come yet."""
        self._waiting.hurry(deadline)

    def drop_all(self) -> None:
        """Close every connection that no thread works for."""
        for conn in self._waiting.list_all():
            self._drop(conn)

    def _wait_for(self, conn: Connection, phase: Phase) -> None:
        try:
            self._waiting.add(conn, phase)
        except (OSError, ValueError, KeyError):  # it was closed while a thread worked for it
            self._drop(conn)
        if self.count >= self._most and self._waiting:
            self._drop(self._waiting.oldest())

    def _on_event(self, conn: Connection) -> None:
        """A connection has sent something, or can take more of its answer."""
        try:
            if conn.phase is Phase.ANSWER:
                self._send_on(conn)
            else:
                self._receive(conn)
        except OSError:
            self._drop(conn)

    def _send_on(self, conn: Connection) -> None:
        if conn.sock.flush():
            self._waiting.remove(conn)
            self.go_on_after_answer(conn)

    def _receive(self, conn: Connection) -> None:
        is_open = conn.receive()
        if conn.phase is not Phase.LEAVING:
            self._advance(conn)
        if not is_open and conn in self._waiting:
            self._end_unfinished(conn)

    def _advance(self, conn: Connection) -> None:
        """Pass a request on if it is complete, and refuse it if it is none. Raises OSError."""
        try:
            is_complete = conn.take_request()
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - gunicorn answers it
            self._waiting.remove(conn)
            self._answer_error(conn, error)
            conn.is_kept = False
            self.go_on_after_answer(conn)
        else:
            if is_complete:
                self._pass_on(conn)

    def _pass_on(self, conn: Connection) -> None:
        at_work = self.count - len(self._waiting)
        if at_work > self._most // 2 and not conn.is_never_queued:
            self._refuse(conn, 503, "Service Unavailable")
        else:
            self._waiting.remove(conn)
            self._hand_over(conn)

    def _end_unfinished(self, conn: Connection) -> None:
        """The client sends no more."""
        if conn.phase is Phase.BODY:
            self._refuse(conn, 400, "Bad Request")
        else:
            self._drop(conn)

    def _end_late(self, conn: Connection) -> None:
        if conn.phase in {Phase.HEAD, Phase.BODY} and not conn.is_silent:
            self._refuse(conn, 408, "Request Timeout")
        else:
            self._drop(conn)

    def _refuse(self, conn: Connection, status: int, reason: str) -> None:
        self._waiting.remove(conn)
        with suppress(OSError):  # noticed when the rest is sent
            util.write_error(conn.sock, status, reason, "")
        conn.is_kept = False
        self.go_on_after_answer(conn)

    def _drop(self, conn: Connection) -> None:
        self._waiting.remove(conn)
        if not conn.is_closed:
            self.count -= 1
            conn.close()
