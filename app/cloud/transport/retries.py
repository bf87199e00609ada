"""HTTP to ClickHouse Cloud's API: when a call may go out, retry of safe ones, what answers mean.

The figures, and why: connecting takes 3 s at most to each address; the whole answer, headers
included, 5 s for a reading, 8 s in all with its retries, so that no page hangs on Cloud. A write is
sent once and its answer may take 8 s. Each has less where the page has used up part of its time.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import SecretStr

from app.cloud.transport.answers import Answer, meaning_of, text_of
from app.cloud.transport.budget import RequestBudget
from app.cloud.transport.circuit import Circuit
from app.cloud.transport.key_rejections import PAUSE_SECONDS, KeyRejections
from app.cloud.transport.sending import Call, CallTimeouts, Session, send
from app.deadlines import remaining_seconds
from app.errors import (
    CloudAnswerLost,
    CloudError,
    CloudKeyRefused,
    CloudNotAsked,
    CloudTooBusy,
    CloudUnreachable,
)
from app.metrics import Metrics

T = TypeVar("T")

READ = CallTimeouts(read_seconds=5, total_seconds=8, tries=3)
WRITE = CallTimeouts(read_seconds=8, total_seconds=8, tries=1)

LEAST_FOR_WRITE_SECONDS = 2.5
"""A write that had less time for its answer would too often end with an outcome nobody knows."""


class CloudHttp:
    """Calls of the API with the portal's key. Raises the CloudError that the answer, or its
    absence, means. Nothing was sent where it is CloudNotAsked or one of its kinds, nor where a
    CloudKeyRefused repeats the refusal of a moment ago.
    """

    def __init__(
        self,
        *,
        url: str,
        key_id: SecretStr,
        key_secret: SecretStr,
        user_agent: str,
        budget: RequestBudget,
        metrics: Metrics,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._key_id, self._key_secret = key_id, key_secret
        self._user_agent = user_agent
        self._budget = budget
        self._metrics = metrics
        self._sleep = sleep
        self._circuit, self._key_rejections = Circuit(), KeyRejections()
        self._local = threading.local()
        self.answered_at: datetime | None = None
        """By Cloud's own clock, in whole seconds: when it gave its latest answer; None if it did
        not say."""

    def get(self, path: str) -> Answer:
        """A safe call, tried up to three times while there is time. Raises CloudError."""
        call = Call("GET", self._url + path, READ)
        give_up_at = _give_up_at(READ)
        for left in range(READ.tries - 1, -1, -1):
            try:
                return self._ask(self._session(), call, give_up_at, for_write=False)
            except (CloudUnreachable, CloudAnswerLost, CloudTooBusy) as error:
                pause = _pause_after(error, READ.tries - left)
                if not left or time.monotonic() + pause >= give_up_at:
                    raise
                self._sleep(pause)
        raise AssertionError("unreachable")

    def get_once(self, path: str) -> Answer:
        """A safe call just before a write: not retried, and from the share kept for writes."""
        call = Call("GET", self._url + path, READ)
        return self._ask(self._session(), call, _give_up_at(READ), for_write=True)

    def get_sample(self, path: str) -> str:
        """A safe call that nobody waits for, answered with text: not retried, and made only while
        the budget has enough left for everybody else."""
        return self._spare(path, text_of)

    def get_spare(self, path: str) -> Answer:
        """The same for what is answered with JSON."""
        return self._spare(path, meaning_of)

    def _spare(self, path: str, read: Callable[[int, Mapping[str, str], bytes], T]) -> T:
        call = Call("GET", self._url + path, READ)
        take = self._budget.take_sample
        return self._exchange(self._session(), call, _give_up_at(READ), take, read)

    def patch(self, path: str, body: Mapping[str, Any]) -> Answer:
        """A change of some fields, as `write` sends it."""
        return self.write("PATCH", path, body)

    def write(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """A call that changes something: sent once, on a connection of its own.

        A kept connection may have been closed by the other side, which would look like a lost
        answer. Raises CloudAnswerLost when it is not known whether the call was carried out.
        """
        if remaining_seconds() < LEAST_FOR_WRITE_SECONDS:
            raise CloudNotAsked(
                message="ClickHouse Cloud answers slowly, so no time was left to send the change.",
                retry_after_seconds=1,
            )
        call = Call(method, self._url + path, WRITE, body)
        self._check_not_refused(call)
        with self._new_session() as session:
            return self._ask(session, call, _give_up_at(WRITE), for_write=True)

    def forget_key_rejections(self) -> None:
        """Let the next call go out even if Cloud has refused the key just now."""
        self._key_rejections.forget()

    def _check_not_refused(self, call: Call) -> None:
        # What is remembered of the key is no answer to this call: it was never sent.
        try:
            self._key_rejections.check(urlsplit(call.url).path)
        except CloudKeyRefused as error:
            raise CloudNotAsked(message=error.message, retry_after_seconds=PAUSE_SECONDS) from None

    def _ask(self, session: Session, call: Call, give_up_at: float, *, for_write: bool) -> Answer:
        take = partial(self._budget.take, for_write=for_write)
        read = partial(meaning_of, is_write=call.method != "GET")
        return self._exchange(session, call, give_up_at, take, read)

    def _exchange(
        self,
        session: Session,
        call: Call,
        give_up_at: float,
        take: Callable[[], None],
        read: Callable[[int, Mapping[str, str], bytes], T],
    ) -> T:
        path = urlsplit(call.url).path
        with self._counted(f"{call.method} {_kind_of(path)}"):
            self._key_rejections.check(path)
            with self._circuit.watch(may_probe=call.method == "GET"):
                take()
                reply = send(session, call, give_up_at, self._user_agent)
                self._budget.note(reply.status, reply.headers)
                self.answered_at = _date_of(reply.headers)
                try:
                    return read(reply.status, reply.headers, reply.content)
                except CloudKeyRefused as error:
                    if call.method == "GET" or error.upstream_status == 401:
                        self._key_rejections.note(path, error)
                    raise

    @contextmanager
    def _counted(self, kind: str) -> Iterator[None]:
        try:
            yield
        except CloudError as error:
            self._metrics.count_cloud_call(kind, error.code)
            raise
        self._metrics.count_cloud_call(kind, "ok")

    def _session(self) -> Session:
        if not hasattr(self._local, "session"):
            self._local.session = self._new_session()
        session: Session = self._local.session
        return session

    def _new_session(self) -> Session:
        return Session(self._key_id.get_secret_value(), self._key_secret.get_secret_value())


def _give_up_at(timeouts: CallTimeouts) -> float:
    return time.monotonic() + min(timeouts.total_seconds, remaining_seconds())


def _kind_of(path: str) -> str:
    """The last word of a path: `services` for the list, `services/*` for one of them."""
    *_, owner, last = path.split("/")
    try:
        UUID(last)
    except ValueError:
        return last
    return f"{owner}/*"


def _date_of(headers: Mapping[str, str]) -> datetime | None:
    try:
        moment = parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, OverflowError):  # a year or an offset of many digits
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pause_after(error: Exception, attempt: int) -> float:
    if isinstance(error, CloudTooBusy):
        return error.retry_after_seconds
    jitter: float = random.uniform(0.1, 0.3)  # noqa: S311 - spreads retries, hides nothing
    return jitter * attempt**2
