"""On whose behalf Cloud is called: its own activity log keeps the User-Agent, and nothing else of
ours, so the person and the request are named there."""

import re
from contextvars import ContextVar
from dataclasses import dataclass, replace

LONGEST_PART = 64
UNFIT = re.compile(r"[^A-Za-z0-9._@+-]")
"""What could end the comment of a User-Agent, forge a part of it, or is no ASCII."""


@dataclass(frozen=True)
class Caller:
    """A person's name, as soon as it is proven, and the id of the request."""

    user: str = ""
    request_id: str = ""


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def start_request(request_id: str) -> None:
    """From now on this thread works for that request, and for nobody in particular yet."""
    _caller.set(Caller(request_id=request_id))


def name_user(user: str) -> None:
    """From now on it works for this person."""
    _caller.set(replace(_caller.get() or Caller(), user=user))


def sign(user_agent: str) -> str:
    """The portal's own User-Agent, with the caller in a comment if there is one."""
    caller = _caller.get()
    if caller is None:
        return user_agent
    parts = {"user": caller.user, "request": caller.request_id}
    named = "; ".join(f"{name}={_fit(text)}" for name, text in parts.items() if text)
    return f"{user_agent} ({named})" if named else user_agent


def _fit(text: str) -> str:
    return UNFIT.sub("_", text)[:LONGEST_PART]
