"""HTTP whose whole answer, headers included, must arrive within the read timeout.

A read timeout of `requests` bounds the wait for the next bytes only: a server that drips one
byte at a time could hold a thread for ever. Here the clock starts when the request has been
sent and is never wound back, so that headers and body share one read timeout.
"""

import http.client
import io
import socket
import time
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # exists for type checkers only


class _PunctualReader(io.RawIOBase):
    """Reads from the socket until the socket's own timeout, counted from now, has run out."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        self._deadline = time.monotonic() + (sock.gettimeout() or 0)

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


class _PunctualResponse(http.client.HTTPResponse):
    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self.fp = io.BufferedReader(_PunctualReader(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    response_class = _PunctualResponse


class _TlsConnection(HTTPSConnection):
    response_class = _PunctualResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class PunctualAdapter(HTTPAdapter):
    """Sends each request once: used without a session it adds no retry, redirect, cookie,
    `.netrc` or proxy. A read timeout is required; it bounds the whole answer.
    """

    def __init__(self) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
