"""HTTP whose whole answer, headers included, must arrive within the read timeout.

A read timeout of `requests` bounds the wait for the next bytes only: a server that drips one
byte at a time could hold a thread for ever. Here the clock starts when the request has been
sent and is never wound back, so that headers and body share one read timeout.

A request may make several calls one after the other. Its own deadline, set when it arrives, bounds
them all together: a call gets what the earlier ones have left, and none is begun without any.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from requests import ConnectTimeout, PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from app.context import current_context, in_context, set_context

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # exists for type checkers only


REQUEST_SECONDS = 7.5
"""What the calls of one request may take together; with the portal's own work a page takes 8 s."""

LEAST_SECONDS = 0.05
"""With less than this left no call is begun."""


def remaining_seconds() -> float:
    """What is left of the request's time; infinite outside of a request."""
    return current_context().deadline - time.monotonic()


@contextmanager
def beside_the_deadline(seconds: float) -> Iterator[None]:
    """For what may take longer than a request: it has this long, and takes none of its time.

    What comes after it has as much time left as there was before.
    """
    began_at = time.monotonic()
    deadline = current_context().deadline
    try:
        with in_context(replace(current_context(), deadline=began_at + seconds)):
            yield
    finally:
        took_seconds = time.monotonic() - began_at
        set_context(replace(current_context(), deadline=deadline + took_seconds))


class _DeadlineReader(io.RawIOBase):
    """Reads from the socket until the socket's own timeout, counted from now, has run out."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = time.monotonic() + min(sock.gettimeout() or 0, remaining_seconds())

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        remaining_seconds = self._deadline - time.monotonic()
        if remaining_seconds <= 0:
            raise TimeoutError("The answer took too long in total.")
        self._sock.settimeout(remaining_seconds)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_DeadlineReader(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _DeadlineResponse


class _TlsConnection(HTTPSConnection):
    response_class = _DeadlineResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class DeadlineAdapter(HTTPAdapter):
    """Sends each request once: used without a session it adds no retry, redirect, cookie,
    `.netrc` or proxy. A read timeout is required; it bounds the whole answer.
    """

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: object = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """Send within what is left of the request's time. Raises ConnectTimeout if nothing is."""
        if not isinstance(timeout, tuple):
            raise TypeError("give (connect, read) timeouts")
        left = remaining_seconds()
        if left < LEAST_SECONDS:
            raise ConnectTimeout("no time is left")
        connect_seconds, read_seconds = timeout
        # Half of it, since a name often has two addresses, which are tried in turn.
        within = (min(connect_seconds, left / 2), min(read_seconds, left))
        return super().send(request, stream, within, verify, cert, proxies)
