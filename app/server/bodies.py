"""The body of a request, taken from what has arrived (RFC 9112, sections 6 and 7.1).

A body is complete, or known to be too long, before the request is passed on. `take` returns the
body and removes it from the buffer, or returns None while bytes are missing; what is left in the
buffer belongs to the next request. After `is_cut` the buffer has no known beginning any more.
"""

import re
from collections.abc import Callable
from typing import Any, Protocol

from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, LimitRequestHeaders

from app.server.limits import BODY_BYTES, MOST_CHUNKS

CHUNK_LINE_BYTES = 256
TRAILER_BYTES = 4096
MOST_TRAILERS = 10

# Extensions are allowed and ignored; a bare CR or LF in them is not allowed.
CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:[ \t]*;[^\x00-\x08\x0a-\x1f\x7f]*)?")


class IncomingBody(Protocol):
    """A body on its way."""

    is_cut: bool
    """The body is longer than allowed and was not read to its end."""

    def take(self, buffer: bytearray) -> bytes | None:
        """The body without its framing, once it is complete or too long."""


class SizedBody:
    """A body whose length the head gives; requests without a body have the length 0."""

    def __init__(self, length: int) -> None:
        self.is_cut = length > BODY_BYTES
        self._length = length

    def take(self, buffer: bytearray) -> bytes | None:
        """The body, or nothing at all of one that is too long."""
        if self.is_cut:
            return b""
        if len(buffer) < self._length:
            return None
        data = bytes(buffer[: self._length])
        del buffer[: self._length]
        return data


class ChunkedBody:
    """A body in chunks. `check_trailers` raises for trailer lines that make no sense.

    Raises InvalidChunkSize, ChunkMissingTerminator or LimitRequestHeaders for bad framing, and
    InvalidChunkSize for more than MOST_CHUNKS chunks: with the bounds of a line and of the data,
    that bounds what one body can cost.
    """

    def __init__(self, check_trailers: Callable[[bytes], object]) -> None:
        self.is_cut = False
        self._check_trailers = check_trailers
        self._data = bytearray()
        self._missing = 0  # bytes of the chunk being read
        self._chunks = self._trailers = 0
        self._step: Callable[[bytearray], bool] | None = self._read_size

    def take(self, buffer: bytearray) -> bytes | None:
        """The bytes of all chunks; of a body that is too long, the ones up to where that showed."""
        while self._step is not None and not self.is_cut:
            if not self._step(buffer):
                return None
        return bytes(self._data)

    def _read_size(self, buffer: bytearray) -> bool:
        line = _take_line(buffer, CHUNK_LINE_BYTES)
        if line is None:
            return False
        found = CHUNK_LINE.fullmatch(line)
        if found is None:
            raise InvalidChunkSize(line)
        self._chunks += 1
        if self._chunks > MOST_CHUNKS:
            raise InvalidChunkSize(line)
        self._missing = int(found[1], 16)
        self._step = self._read_data if self._missing else self._read_trailer
        return True

    def _read_data(self, buffer: bytearray) -> bool:
        arrived = bytes(buffer[: self._missing])
        del buffer[: len(arrived)]
        self._data += arrived
        self._missing -= len(arrived)
        self.is_cut = len(self._data) > BODY_BYTES
        if self._missing:
            return self.is_cut
        self._step = self._read_end
        return True

    def _read_end(self, buffer: bytearray) -> bool:
        if len(buffer) < 2:
            return False
        if buffer[:2] != b"\r\n":
            raise ChunkMissingTerminator(bytes(buffer[:2]))
        del buffer[:2]
        self._step = self._read_size
        return True

    def _read_trailer(self, buffer: bytearray) -> bool:
        line = _take_line(buffer, TRAILER_BYTES)
        if line is None:
            return False
        if line:
            self._check_trailer(line)
        else:
            self._step = None
        return True

    def _check_trailer(self, line: bytes) -> None:
        self._trailers += 1
        if self._trailers > MOST_TRAILERS:
            raise LimitRequestHeaders("too many trailers")
        self._check_trailers(line)


def body_of(request: Any) -> IncomingBody:  # noqa: ANN401 - gunicorn has no types
    """How the body of a request is to be read, by what gunicorn has found in its head."""
    reader = request.body.reader
    if isinstance(reader, ChunkedReader):
        return ChunkedBody(lambda line: request.parse_headers(line, from_trailer=True))
    return SizedBody(reader.length)


def _take_line(buffer: bytearray, most_bytes: int) -> bytes | None:
    """The next line without its end, or None if it is incomplete.

    Raises InvalidChunkSize for a line that is too long, or that ends without a carriage return.
    """
    end = buffer.find(b"\r\n", 0, most_bytes)
    bare = buffer.find(b"\n", 0, end if end >= 0 else most_bytes)
    if bare >= 0 or (end < 0 and len(buffer) >= most_bytes):
        raise InvalidChunkSize(bytes(buffer[:most_bytes]))
    if end < 0:
        return None
    line = bytes(buffer[:end])
    del buffer[: end + 2]
    return line
