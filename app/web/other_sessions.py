"""Proofs for other warehouses, which a browser keeps beside the session that it looks with.

Each is a session of its own in the records, with its own time, roles and end; the cookie holds the
token of each by warehouse. What is shown is always that of the one session in use.
"""

from collections.abc import Collection

from flask import session

from app.domain.access.permissions import Identity
from app.http.current import portal
from app.http.request_context import SESSION_TOKEN

OTHERS_KEY = "other_sessions"
MOST = 10
"""So that the cookie stays small; the one that came first goes first."""


def find_other_sessions() -> dict[str, str]:
    """The tokens that are kept, by warehouse. What they stand for may have ended meanwhile."""
    found = session.get(OTHERS_KEY)
    return dict(found) if isinstance(found, dict) else {}


def list_other_people() -> list[Identity]:
    """Who is proven by those that live still. Raises StoreUnavailable."""
    sign_in = portal().sign_in
    found = (sign_in.resume(it, is_activity=False) for it in find_other_sessions().values())
    return [item.identity for item in found if item]


def keep_other_sessions(others: dict[str, str]) -> None:
    """Keep these, and no others."""
    session.pop(OTHERS_KEY, None)
    if others:
        session[OTHERS_KEY] = others


def end_sessions(keep: Collection[str] = ()) -> None:
    """End every session that this browser has, but for those to keep. Raises StoreUnavailable."""
    own = (str(session.get(SESSION_TOKEN, "")), *find_other_sessions().values())
    for token in dict.fromkeys(own):
        if token and token not in keep:
            portal().sign_in.sign_out(token)
