"""The connections that no thread works for, in the order in which their waiting began."""

import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from app.server.connection import Connection, Phase
from app.server.limits import ALL_UNREAD_BYTES


class WaitingConnections:
    """Who is waited for. The poller calls `on_event` with a connection that something is true of:
    it has sent something, or can take more of its answer.
    """

    def __init__(
        self, poller: selectors.BaseSelector, on_event: Callable[[Connection], None]
    ) -> None:
        self._poller, self._on_event = poller, on_event
        self._connections: dict[Connection, None] = {}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._connections)

    def __contains__(self, conn: Connection) -> bool:
        """Whether this one is among them."""
        return conn in self._connections

    def add(self, conn: Connection, phase: Phase) -> None:
        """Wait for this. Raises ValueError if the connection is closed already."""
        conn.begin(phase)
        event = selectors.EVENT_WRITE if phase is Phase.ANSWER else selectors.EVENT_READ
        self._poller.register(conn.sock, event, partial(self._tell, conn))
        self._connections[conn] = None

    def remove(self, conn: Connection) -> None:
        """Wait for it no longer, if it is waited for."""
        if conn in self._connections:
            del self._connections[conn]
            with suppress(KeyError, ValueError):  # it was closed meanwhile
                self._poller.unregister(conn.sock)

    def oldest(self) -> Connection:
        """Who has been waited for longest, for whatever. Raises StopIteration if nobody is."""
        return next(iter(self._connections))

    def list_all(self) -> list[Connection]:
        """Everybody, oldest first."""
        return list(self._connections)

    def list_late(self) -> list[Connection]:
        """Those whose time is over."""
        now = time.monotonic()
        return [conn for conn in self._connections if conn.deadline <= now]

    def list_hoarders(self) -> list[Connection]:
        """The oldest of those who do not read their answers, if too much is kept for them all."""
        found = []
        kept = [(conn, len(conn.sock.unsent)) for conn in self._connections if conn.sock.unsent]
        excess = sum(size for _, size in kept) - ALL_UNREAD_BYTES
        for conn, size in kept:
            if excess > 0:
                found.append(conn)
                excess -= size
        return found

    def hurry(self, deadline: float) -> None:
        """Wait no longer than this for those of whom nothing has come yet."""
        for conn in self._connections:
            if conn.is_silent:
                conn.deadline = min(conn.deadline, deadline)

    def _tell(self, conn: Connection, _: object) -> None:
        if conn in self._connections:  # otherwise it was dropped in this same turn
            self._on_event(conn)
