"""Listening sockets, the quiet HTTP server, and the filter in front of a simulated service."""

import contextlib
import select
import socket
import threading
import time
from typing import TYPE_CHECKING

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.service.commands import UP
from app.sandbox.control.dropping import reset_connection

if TYPE_CHECKING:  # these types exist for type checkers only
    from _typeshed.wsgi import WSGIApplication

WAKE_SECONDS = 30.0
POLL_SECONDS = 0.02
FIRST_BYTE_SECONDS = 1.0


class PortTaken(Exception):
    """Another program listens on `port`."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


def open_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """Listen on `count` ports from `port` on, or on any free ones for 0. Raises PortTaken."""
    opened: list[socket.socket] = []
    for number in range(count):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        opened.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        wanted = port + number if port else 0
        try:
            listener.bind((host, wanted))
            listener.listen(128)
        except (OSError, OverflowError):
            for each in opened:
                each.close()
            raise PortTaken(wanted) from None
    return opened


class ConnectionFilter:
    """Decides on a bare connection to a service, before a byte of HTTP is read."""

    def __init__(self, cloud: Cloud, service_id: str) -> None:
        self._cloud, self._service_id = cloud, service_id

    def admit(self, address: str, is_stopping: threading.Event) -> bool:
        """Count the connection, wake an idle service, and hold until it is up.

        Returns False when the connection is to be reset: an address that is not on the access
        list, a service that is neither up nor waking, or one not up within 30 real seconds.
        """
        if not self._cloud.connect(self._service_id, address):
            return False
        deadline = time.monotonic() + WAKE_SECONDS
        while (state := self._cloud.state_of(self._service_id)) not in UP:
            if state != "awaking" or time.monotonic() > deadline or is_stopping.wait(POLL_SECONDS):
                return False
        return True


class Handler(WSGIRequestHandler):
    """Writes no log; holds connections at the filter."""

    server: "Server"

    def handle(self) -> None:
        """Answer one connection once the filter is open, or reset it without an answer."""
        connection_filter = self.server.connection_filter
        if connection_filter is None or connection_filter.admit(
            self.client_address[0], self.server.is_stopping
        ):
            super().handle()
            return
        # Like the edge in front of a real service, which cuts off after the first TLS message:
        # the client has connected and sees a reset, not a refusal to connect.
        select.select([self.connection], [], [], FIRST_BYTE_SECONDS)
        self.server.is_stopping.wait(POLL_SECONDS)  # it may still be sending; let it finish
        reset_connection(self.connection)

    def connection_dropped(self, *_: object) -> None:
        """End the connection: without this the server would look for a next request on it."""
        self.close_connection = True

    def log(self, *_: object) -> None:
        """Stay quiet: the record of requests is the log."""


class Server(ThreadedWSGIServer):
    """A server on a socket that is open already, knowing its connections so that it can end."""

    def __init__(
        self,
        opened: socket.socket,
        app: "WSGIApplication",
        connection_filter: ConnectionFilter | None = None,
    ) -> None:
        host, port = opened.getsockname()
        super().__init__(host, port, app, handler=Handler, fd=opened.fileno())
        opened.close()  # the server works on a duplicate
        self.connection_filter = connection_filter
        self.is_stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()

    def process_request_thread(  # type: ignore[override] # TCP only
        self, request: socket.socket, client_address: tuple[str, int]
    ) -> None:
        """Answer a connection, keeping count of it."""
        with self._changed:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._changed:
                self._open.discard(request)
                self._changed.notify_all()

    def finish(self, deadline: float) -> None:
        """Wait for open connections until `deadline` (monotonic), then close what is left."""
        with self._changed:
            self._shut(socket.SHUT_RD)  # ends those that wait for a request
            self._changed.wait_for(lambda: not self._open, max(0.0, deadline - time.monotonic()))
            self._shut(socket.SHUT_RDWR)
        self.server_close()

    def _shut(self, how: int) -> None:
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(how)
