"""One request and its answer, or the reason why there is none.

Nothing is raised from here for what the network does: exceptions of `requests` carry
the request, and the request carries the password. They end here.
"""

import http.client
import logging
import ssl
from collections.abc import Callable
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
_PLAIN_ANSWERS = {
    "WRONG_VERSION_NUMBER",
    "UNKNOWN_PROTOCOL",
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
}
"""What OpenSSL calls an answer that is no TLS, by its versions."""

log = logging.getLogger("portal.clickhouse")


@dataclass(frozen=True)
class Answer:
    """`exception_code` is the header's raw text; where that is enough, the body is not read."""

    status: int
    exception_code: str | None
    body: bytes


def exchange(
    request: requests.Request,
    *,
    timeouts_seconds: tuple[float, float],
    on_timeout: CredentialRefusal,
    is_enough: Callable[[str], bool],
) -> Answer | CredentialRefusal:
    """Send `request` once. Timeouts: to connect, and from then on for the whole answer.

    `on_timeout` is returned when a connection was made and the answer did not come in time.
    `is_enough` says whether an exception code decides without the body.
    """
    with closing(DeadlineAdapter()) as adapter:
        try:
            prepared = request.prepare()
            response = adapter.send(prepared, stream=True, verify=True, timeout=timeouts_seconds)
        except (OSError, UnicodeError, HTTPError) as error:
            return _explain_silence(error, request.url, on_timeout=on_timeout)
        with closing(response):
            code = response.headers.get("X-ClickHouse-Exception-Code")
            if code is None:
                return _read_answer(response, on_timeout=on_timeout)
            body = b"" if is_enough(code) else _read_if_possible(response)
            return Answer(response.status_code, code, body)


def _read_if_possible(response: requests.Response) -> bytes:
    """The body beside a code, which says something even without it."""
    try:
        return _read_body(response)
    except (OSError, HTTPError, http.client.HTTPException):
        return b""


def _read_answer(
    response: requests.Response, *, on_timeout: CredentialRefusal
) -> Answer | CredentialRefusal:
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


def _explain_silence(
    error: Exception, url: str, *, on_timeout: CredentialRefusal
) -> CredentialRefusal:
    if isinstance(error, requests.ReadTimeout):
        return on_timeout
    cause = _innermost(error)
    if isinstance(cause, _CONNECTION_CUT):
        return CredentialRefusal.NOT_ON_ACCESS_LIST
    if isinstance(cause, http.client.HTTPException):
        return CredentialRefusal.NOT_CLICKHOUSE
    if isinstance(cause, ssl.SSLError):
        return _explain_tls(cause, url)
    # Refused, no such host, connect timeout.
    return CredentialRefusal.UNREACHABLE


def _explain_tls(cause: ssl.SSLError, url: str) -> CredentialRefusal:
    """Why no secured connection stood, before anything of the request was sent.

    Only OpenSSL's own words are logged, which know nothing of the request.
    """
    if isinstance(cause, ssl.SSLCertVerificationError):
        log.error("the certificate of %s is not trusted: %s", url, cause.verify_message)
        return CredentialRefusal.UNTRUSTED_CERTIFICATE
    log.error("no TLS with %s: %s", url, cause.reason)
    is_plain = cause.reason in _PLAIN_ANSWERS
    return CredentialRefusal.NOT_TLS if is_plain else CredentialRefusal.UNREACHABLE


def _innermost(error: BaseException) -> BaseException:
    """`requests` wraps urllib3's errors, which wrap the socket's: in `args`, as `reason`, or
    as the cause, which is how a reset that comes as early as in connect() arrives.
    """
    for inner in (error.__cause__, getattr(error, "reason", None), *error.args):
        if isinstance(inner, BaseException):
            return _innermost(inner)
    return error
