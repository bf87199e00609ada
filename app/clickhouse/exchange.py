"""One request and its answer, or the reason why there is none.

Nothing is raised from here for what the network does: exceptions of `requests` carry
the request, and the request carries the password. They end here.
"""

import http.client
import ssl
from contextlib import closing
from dataclasses import dataclass

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from app.deadlines import DeadlineAdapter
from app.errors import CredentialRefusal

MAX_BODY_BYTES = 64 * 1024
_CONNECTION_CUT = (
    ConnectionResetError,  # http.client's RemoteDisconnected included
    ConnectionAbortedError,
    BrokenPipeError,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
)


@dataclass(frozen=True)
class Answer:
    """`exception_code` is the header's raw text; with it there, the body is not read."""

    status: int
    exception_code: str | None
    body: bytes


def exchange(
    request: requests.Request,
    *,
    timeouts_seconds: tuple[float, float],
    on_timeout: CredentialRefusal,
) -> Answer | CredentialRefusal:
    """Send `request` once. Timeouts: to connect, and from then on for the whole answer.

    `on_timeout` is returned when a connection was made and the answer did not come in time.
    """
    with closing(DeadlineAdapter()) as adapter:
        try:
            prepared = request.prepare()
            response = adapter.send(prepared, stream=True, verify=True, timeout=timeouts_seconds)
        except (OSError, UnicodeError, HTTPError) as error:
            return _explain_silence(error, on_timeout=on_timeout)
        with closing(response):
            return _read_answer(response, on_timeout=on_timeout)


def _read_answer(
    response: requests.Response, *, on_timeout: CredentialRefusal
) -> Answer | CredentialRefusal:
    code = response.headers.get("X-ClickHouse-Exception-Code")
    if code is not None:
        return Answer(response.status_code, code, b"")
    try:
        body = _read_body(response)
    except ReadTimeoutError:
        return on_timeout
    except (OSError, HTTPError, http.client.HTTPException):
        return CredentialRefusal.UNREACHABLE
    if len(body) > MAX_BODY_BYTES:
        return CredentialRefusal.NOT_CLICKHOUSE
    return Answer(response.status_code, None, body)


def _read_body(response: requests.Response) -> bytes:
    """Read to the end, or to one byte more than is allowed.

    Only the read after the last byte tells whether the answer broke off.
    """
    body = b""
    while len(body) <= MAX_BODY_BYTES:
        chunk = response.raw.read(MAX_BODY_BYTES + 1 - len(body), decode_content=False)
        if not chunk:
            break
        body += chunk
    return body


def _explain_silence(error: Exception, *, on_timeout: CredentialRefusal) -> CredentialRefusal:
    if isinstance(error, requests.ReadTimeout):
        return on_timeout
    cause = _innermost(error)
    if isinstance(cause, _CONNECTION_CUT):
        return CredentialRefusal.NOT_ON_ACCESS_LIST
    if isinstance(cause, http.client.HTTPException):
        return CredentialRefusal.NOT_CLICKHOUSE
    # Refused, no such host, connect timeout; and a certificate that does not verify, which
    # ends the connection before anything of the request is sent.
    return CredentialRefusal.UNREACHABLE


def _innermost(error: BaseException) -> BaseException:
    """`requests` wraps urllib3's errors, which wrap the socket's: in `args`, as `reason`, or
    as the cause, which is how a reset that comes as early as in connect() arrives.
    """
    for inner in (error.__cause__, getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException):
            return _innermost(inner)
    return error
