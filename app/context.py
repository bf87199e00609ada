"""For whom and for which request this thread works: set once at the way in, read through one
function wherever that matters (audit log, User-Agent towards Cloud, time limits, log lines)."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.audit.events import Channel, Origin
from app.domain.leadership import Tenure

SYSTEM = Origin(Channel.PORTAL)
"""The portal acts by itself; nobody asked for it."""


@dataclass(frozen=True)
class RequestContext:
    """One request, or one command.

    `user` is the proven person's name, empty until it is proven. `deadline` is the moment of
    `time.monotonic()` at which the calls of this request must have ended; infinite outside of
    requests. `readings` keeps what is to be read once per request; None outside of requests,
    where everything is read anew. `tenure` is that of the leader which a job acts for: the store
    writes nothing in this context once another process leads.
    """

    origin: Origin = SYSTEM
    user: str = ""
    deadline: float = math.inf
    readings: dict[object, Any] | None = field(default=None, compare=False)
    tenure: Tenure | None = None

    @property
    def request_id(self) -> str:
        """The id under which log, audit log and error pages speak of this request."""
        return self.origin.request_id


NO_REQUEST = RequestContext()

_current: ContextVar[RequestContext] = ContextVar("request_context", default=NO_REQUEST)


def current_context() -> RequestContext:
    """The context of what this thread does; NO_REQUEST where nobody asked for it."""
    return _current.get()


def set_context(context: RequestContext) -> None:
    """Everything that this thread does from now on belongs to this request."""
    _current.set(context)


def set_user(user: str) -> None:
    """From now on the request is known to be this person's."""
    _current.set(replace(_current.get(), user=user))


def name_session(mark: str) -> None:
    """From now on the request is known to be of the session, or the token, with this mark."""
    context = _current.get()
    _current.set(replace(context, origin=replace(context.origin, session=mark)))


@contextmanager
def in_context(context: RequestContext) -> Iterator[None]:
    """What is done inside belongs to this context; afterwards the former one counts again."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
