"""HTTP to ClickHouse Cloud's API: timeouts, retry of safe calls, and what an answer means.

The figures, and why: connecting takes 3 s at most to each address; the whole answer, headers
included, 5 s for a reading, 8 s in all with its retries, so that no page hangs on Cloud. The answer
to a write may take 15 s, and it is sent once.
"""

import random
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import requests
from pydantic import SecretStr
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError

from app.cloud.answers import Answer, lost, meaning_of, unreachable
from app.cloud.budget import RequestBudget
from app.errors import CloudAnswerLost, CloudTooBusy, CloudUnreachable
from app.punctual import PunctualAdapter

CONNECT_SECONDS = 3
LARGEST_ANSWER_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Patience:
    """How long one call may take: its answer, and everything together with further tries."""

    read_seconds: float
    total_seconds: float
    tries: int


READ = Patience(read_seconds=5, total_seconds=8, tries=3)
WRITE = Patience(read_seconds=15, total_seconds=20, tries=1)


@dataclass(frozen=True)
class Call:
    """One request to be sent."""

    method: str
    url: str
    patience: Patience
    body: Mapping[str, int | bool | str] | None = None


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        for scheme in ("https://", "http://"):
            self.mount(scheme, PunctualAdapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: even when told not to follow, requests would read a redirect to its end."""


class CloudHttp:
    """Calls of the API with the portal's key. Redirects and the environment's proxies are ignored.

    Raises the CloudError that the answer, or its absence, means.
    """

    def __init__(
        self,
        *,
        url: str,
        key_id: SecretStr,
        key_secret: SecretStr,
        user_agent: str,
        budget: RequestBudget,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._key_id = key_id
        self._key_secret = key_secret
        self._user_agent = user_agent
        self._budget = budget
        self._sleep = sleep
        self._local = threading.local()

    def get(self, path: str) -> Answer:
        """A safe call, tried up to three times while there is time. Raises CloudError."""
        give_up_at = time.monotonic() + READ.total_seconds
        for left in range(READ.tries - 1, -1, -1):
            self._budget.take(is_reserved=False)
            try:
                return _send(self._session(), Call("GET", self._url + path, READ), give_up_at)
            except (CloudUnreachable, CloudAnswerLost, CloudTooBusy) as error:
                pause = _pause_after(error, READ.tries - left)
                if not left or time.monotonic() + pause >= give_up_at:
                    raise
                self._sleep(pause)
        raise AssertionError("unreachable")

    def get_once(self, path: str) -> Answer:
        """A safe call just before a write: not retried, and from the share kept for writes."""
        self._budget.take(is_reserved=True)
        give_up_at = time.monotonic() + READ.total_seconds
        return _send(self._session(), Call("GET", self._url + path, READ), give_up_at)

    def patch(self, path: str, body: Mapping[str, int | bool | str]) -> Answer:
        """A call that changes something: sent once, on a connection of its own.

        A kept connection may have been closed by the other side, which would look like a lost
        answer. Raises CloudAnswerLost when it is not known whether the call was carried out.
        """
        self._budget.take(is_reserved=True)
        give_up_at = time.monotonic() + WRITE.total_seconds
        with self._new_session() as session:
            return _send(session, Call("PATCH", self._url + path, WRITE, body), give_up_at)

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = self._new_session()
        session: requests.Session = self._local.session
        return session

    def _new_session(self) -> requests.Session:
        session = _Session()
        session.trust_env = False
        session.auth = (self._key_id.get_secret_value(), self._key_secret.get_secret_value())
        session.headers["User-Agent"] = self._user_agent
        return session


def _send(session: requests.Session, call: Call, give_up_at: float) -> Answer:
    try:
        with session.request(
            call.method,
            call.url,
            json=call.body,
            timeout=_timeouts(call.patience, give_up_at),
            allow_redirects=False,
            stream=True,
        ) as response:
            content = _read_all(response, give_up_at)
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _absence(error) from None
    except (requests.RequestException, HTTPError):
        raise lost("ClickHouse Cloud's answer broke off.") from None
    return meaning_of(response.status_code, response.headers, content)


def _timeouts(patience: Patience, give_up_at: float) -> tuple[float, float]:
    # A later try has only what the earlier ones left of the whole time.
    left = max(0.1, give_up_at - time.monotonic())
    return min(CONNECT_SECONDS, left), min(patience.read_seconds, left)


def _read_all(response: requests.Response, give_up_at: float) -> bytes:
    content = bytearray()
    # read1 returns what has arrived, so that a server sending a byte at a time meets the clock.
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        content += chunk
        if time.monotonic() > give_up_at or len(content) > LARGEST_ANSWER_BYTES:
            raise requests.Timeout
    return bytes(content)


def _absence(error: requests.RequestException) -> CloudUnreachable | CloudAnswerLost:
    # A connection that never stood carried nothing; anything later may have been carried out.
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    cause = reason.args[0] if isinstance(reason, SSLError) and reason.args else reason
    never_stood = isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError)
    if never_stood or isinstance(error, requests.ConnectTimeout):
        return unreachable()
    return lost("ClickHouse Cloud did not answer in time.")


def _pause_after(error: Exception, attempt: int) -> float:
    if isinstance(error, CloudTooBusy):
        return error.retry_after_seconds
    jitter: float = random.uniform(0.1, 0.3)  # noqa: S311 - spreads retries, hides nothing
    return jitter * attempt**2
