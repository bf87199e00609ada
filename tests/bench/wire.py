"""HTTP/1.1 as the load generator speaks it: ready requests, and of answers what is counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

EDITION = re.compile(rb'data-edition="([^"]+)"')
HEAD_END = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"

BROWSER_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-origin",
    "Priority": "u=4",
}
"""The same for every side, so that all of them read as much."""


@dataclass(frozen=True)
class Answer:
    """One answer. `is_kept`: the connection may be used again."""

    status: int
    body: bytes
    edition: str | None
    is_kept: bool


def request_bytes(
    port: int, path: str, cookie: str, edition: str | None = None, extra: Mapping[str, str] = {}
) -> bytes:
    """A GET as a browser sends it; a poll names the edition that its page shows."""
    headers = {"Host": f"127.0.0.1:{port}", **BROWSER_HEADERS, **extra}
    if cookie:
        headers["Cookie"] = cookie
    if edition:
        headers["X-Edition"] = edition
    lines = (f"{name}: {value}" for name, value in headers.items())
    return "\r\n".join((f"GET {path} HTTP/1.1", *lines, "", "")).encode("latin-1")


class AnswerReader:
    """Takes the bytes of one connection and gives its answers, one at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Answer | None:
        """The answer, once it is complete. Raises ValueError for what is no HTTP."""
        self._buffer += data
        end = self._buffer.find(HEAD_END)
        if end < 0:
            return None
        head, start = bytes(self._buffer[:end]), end + len(HEAD_END)
        body = self._body(head, start)
        if body is None:
            return None
        self._buffer.clear()
        is_kept = (_header(head, b"connection") or b"").lower() != b"close"
        edition = _header(head, b"x-edition")
        return Answer(_status(head), body, edition.decode("latin-1") if edition else None, is_kept)

    def _body(self, head: bytes, start: int) -> bytes | None:
        if (_header(head, b"transfer-encoding") or b"").lower() == b"chunked":
            return bytes(self._buffer[start:]) if self._buffer.endswith(LAST_CHUNK) else None
        size = int(_header(head, b"content-length") or 0)
        return bytes(self._buffer[start:]) if len(self._buffer) >= start + size else None


def edition_in(page: bytes) -> str | None:
    """The edition that a page says it shows; None where pages have none."""
    found = EDITION.search(page)
    return found[1].decode("latin-1") if found else None


def _status(head: bytes) -> int:
    return int(head[9:12])


def _header(head: bytes, name: bytes) -> bytes | None:
    place = head.lower().find(b"\r\n" + name + b":")
    if place < 0:
        return None
    return head[place + len(name) + 3 :].partition(b"\r\n")[0].strip()
