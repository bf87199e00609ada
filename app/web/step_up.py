"""The proof that the company's sign-in has given anew, for one draft of one session.

It stands in the signed cookie and counts for that draft alone, which can be confirmed once, within
the time in which a big step has to be confirmed.
"""

import time

from flask import session

from app.domain.changes.reauthentication import REAUTHENTICATION_LIFE
from app.domain.clock import is_within
from app.domain.sessions import session_mark

_KEY = "step_up"


def note_step_up(draft: str, token: str) -> None:
    """The person of this session was proven again, for this draft."""
    if draft:
        session[_KEY] = [draft, session_mark(token), time.time()]


def has_stepped_up(draft: str, token: str) -> bool:
    """Whether that was so, lately."""
    found = session.get(_KEY)
    if not isinstance(found, list) or found[:2] != [draft, session_mark(token)]:
        return False
    return is_within(float(found[2]), time.time(), REAUTHENTICATION_LIFE.total_seconds())
