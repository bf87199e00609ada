"""One request to ClickHouse Cloud's API and its whole answer, within a bound of time and size."""

import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError, SSLError

from app.cloud.transport.answers import lost, unreachable
from app.context import current_context
from app.deadlines import DeadlineAdapter, remaining_seconds
from app.errors import CloudAnswerLost, CloudUnreachable

CONNECT_SECONDS = 3
LARGEST_ANSWER_BYTES = 20 * 1024 * 1024

FAIR_SECONDS = 5
"""Whoever does not answer within this is not well, even if a call is given longer."""

TOO_LARGE = (
    f"ClickHouse Cloud gave an answer of more than {LARGEST_ANSWER_BYTES // 2**20} MiB, "
    "which is too large to be read."
)
TOO_SLOW = "ClickHouse Cloud did not answer in time."
BROKEN_OFF = "The connection to ClickHouse Cloud broke off before its answer was there."

LONGEST_NAME = 64
NOT_IN_USER_AGENT = re.compile(r"[^A-Za-z0-9._@+-]")
"""What could end the comment of a User-Agent, forge a part of it, or is not ASCII."""


@dataclass(frozen=True)
class CallTimeouts:
    """How long one call may take: its answer, and everything together with further tries."""

    read_seconds: float
    total_seconds: float
    tries: int


@dataclass(frozen=True)
class Call:
    """One request to be sent."""

    method: str
    url: str
    timeouts: CallTimeouts
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Reply:
    """What came back, whatever it means."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Session(requests.Session):
    """Connections with the portal's key. Redirects and the environment's proxies are ignored."""

    def __init__(self, key_id: str, key_secret: str) -> None:
        super().__init__()
        self.trust_env = False
        self.auth = (key_id, key_secret)
        for scheme in ("https://", "http://"):
            self.mount(scheme, DeadlineAdapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: even when told not to follow, requests would read a redirect to its end."""


def send(session: Session, call: Call, give_up_at: float, user_agent: str) -> Reply:
    """Send it once. Raises CloudUnreachable if it was not carried out, else CloudAnswerLost.

    Either says so where the request of a person or program had too little time left.
    """
    is_short = _is_short(call.timeouts, remaining_seconds())
    try:
        with session.request(
            call.method,
            call.url,
            json=call.body,
            headers={"User-Agent": with_user(user_agent)},
            timeout=_timeouts(call.timeouts, give_up_at),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = _read_all(response, give_up_at)
    except (requests.ConnectionError, requests.Timeout) as error:
        absence = _absence(error)
        absence.is_cut_short = is_short and isinstance(error, requests.Timeout)
        raise absence from None
    except ReadTimeoutError:
        silence = lost(TOO_SLOW)
        silence.is_cut_short = is_short
        raise silence from None
    except (requests.RequestException, HTTPError):
        raise lost(BROKEN_OFF) from None
    return Reply(response.status_code, response.headers, content)


def with_user(user_agent: str) -> str:
    """The User-Agent with the person and the request, if known, in a comment.

    Cloud's own activity log keeps the User-Agent and nothing else that the portal sends.
    """
    context = current_context()
    parts = {"user": context.user, "request": context.request_id}
    named = "; ".join(f"{name}={_fit(text)}" for name, text in parts.items() if text)
    return f"{user_agent} ({named})" if named else user_agent


def _fit(text: str) -> str:
    return NOT_IN_USER_AGENT.sub("_", text)[:LONGEST_NAME]


def _timeouts(timeouts: CallTimeouts, give_up_at: float) -> tuple[float, float]:
    # A later try has only what the earlier ones left of the whole time.
    left = max(0.1, give_up_at - time.monotonic())
    return min(CONNECT_SECONDS, left), min(timeouts.read_seconds, left)


def _is_short(timeouts: CallTimeouts, left_seconds: float) -> bool:
    """Whether the request's own time ends before Cloud has had a fair time to connect or answer."""
    # Of what is left half goes to connecting, as DeadlineAdapter divides it.
    fair_seconds = min(timeouts.read_seconds, FAIR_SECONDS)
    return left_seconds / 2 < CONNECT_SECONDS or left_seconds < fair_seconds


def _read_all(response: requests.Response, give_up_at: float) -> bytes:
    content = bytearray()
    # read1 returns what has arrived, so that a server sending a byte at a time meets the clock.
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        content += chunk
        if len(content) > LARGEST_ANSWER_BYTES:
            raise lost(TOO_LARGE, status=response.status_code)
        if time.monotonic() > give_up_at:
            raise requests.Timeout
    return bytes(content)


def _absence(error: requests.RequestException) -> CloudUnreachable | CloudAnswerLost:
    # A connection that never stood carried nothing; anything later may have been carried out.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    cause = reason.args[0] if isinstance(reason, SSLError) and reason.args else reason
    never_stood = isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError)
    if never_stood or isinstance(error, requests.ConnectTimeout):
        return unreachable()
    return lost(TOO_SLOW if isinstance(error, requests.Timeout) else BROKEN_OFF)
