"""Bytes of one connection in, complete requests out: no thread waits for what is still to come."""

import re
from typing import Any

from gunicorn.http.body import Body, LengthReader
from gunicorn.http.errors import LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from app.server.bodies import IncomingBody, body_of
from app.server.limits import HEAD_BYTES

HEAD_END = b"\r\n\r\n"
BARE_LF = re.compile(rb"(?<!\r)\n")
SLACK_BYTES = 8
"""By how much gunicorn may count a request line shorter than it is here: line ends around it."""


class RequestCollector:
    """What has arrived on a connection and belongs to no request that was passed on.

    gunicorn reads the heads, so that its rules and its refusals count; `config` is its own.
    """

    def __init__(self, config: Any, client: object) -> None:  # noqa: ANN401 - gunicorn has no types
        self._config, self._client = config, client
        self._buffer = bytearray()
        self._searched = 0
        self._count = 0
        self._is_asked = False
        self._request: Any = None
        self._body: IncomingBody | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing of a request has arrived."""
        return self._request is None and not self._buffer

    @property
    def has_head(self) -> bool:
        """The head of a request is there, and its body is not."""
        return self._request is not None

    def feed(self, data: bytes) -> None:
        """Add what has been received."""
        self._buffer += data

    def take(self) -> Any:  # noqa: ANN401 - gunicorn has no types
        """The next request (gunicorn's Request, with its whole body), or None while it is
        incomplete.

        Raises ParseException for what is no request; nothing can be taken after that.
        """
        if self._request is None and not self._take_head():
            return None
        data = self._body.take(self._buffer) if self._body is not None else None
        if self._body is None or data is None:
            return None
        request, self._request = self._request, None
        request.body = Body(LengthReader(IterUnreader([data]), len(data)))
        if self._body.is_cut:
            request.force_close()  # what follows may be the rest of the body, and is never read
        return request

    def take_go_ahead(self) -> bool:
        """Whether the client waits to be told to send the body; true once (RFC 9110, 10.1.1)."""
        is_asked, self._is_asked = self._is_asked and self.has_head, False
        return is_asked

    def _take_head(self) -> bool:
        size = self._head_size()
        if size is None:
            return False
        head = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._searched, self._count = 0, self._count + 1
        self._request = Request(self._config, IterUnreader([head]), self._client, self._count)
        self._body = body_of(self._request)
        # gunicorn would ask for the body when it handles the request, which is when it is there.
        self._is_asked = self._request._expected_100_continue  # noqa: SLF001
        self._request._expected_100_continue = False  # noqa: SLF001
        return True

    def _head_size(self) -> int | None:
        """How much gunicorn is to read: the head, or all if it will refuse that already."""
        seen, self._searched = self._searched, len(self._buffer)
        end = self._buffer.find(HEAD_END, max(0, seen - len(HEAD_END)))
        size = end + len(HEAD_END) if end >= 0 else len(self._buffer)
        if size > HEAD_BYTES:
            raise LimitRequestHeaders("the head is too long")
        if end >= 0 or BARE_LF.search(self._buffer, seen) or self._is_line_too_long():
            return size
        return None

    def _is_line_too_long(self) -> bool:
        limit: int = self._config.limit_request_line  # 0 for none
        if not 0 < limit < len(self._buffer) - SLACK_BYTES:
            return False
        return self._buffer.find(b"\r\n", 2, limit + SLACK_BYTES) < 0
