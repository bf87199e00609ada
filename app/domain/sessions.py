"""A sign-in that lives: whose it is, when it ends, and what stands for its token."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity

MARK_LENGTH = 16


@dataclass(frozen=True)
class Session:
    """One sign-in: of a person, or of an administrator, who is no ClickHouse user.

    `verified_at` is when the password was last proven in it, `client` the browser and system that
    it is of, as they say themselves; empty if that is not known.
    """

    id: int
    identity: Identity
    is_admin: bool
    address: str
    created_at: datetime
    seen_at: datetime
    verified_at: datetime
    client: str = ""


@dataclass(frozen=True)
class SessionEnd:
    """When a session ends if nobody does anything; `is_final`: whatever anybody does."""

    at: datetime
    seconds: int
    is_final: bool


def session_mark(token: str) -> str:
    """What the trail knows a session by: enough of the hash to tell sessions apart."""
    return hash_of(token)[:MARK_LENGTH]


def hash_of(token: str) -> str:
    """What stands for a token in the store."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def by_person(sessions: Iterable[Session]) -> list[Session]:
    """Sessions that come latest first: the latest person first, with all of theirs together."""
    places: dict[object, int] = {}
    listed = list(sessions)
    for item in listed:
        places.setdefault(_person_of(item), len(places))
    return sorted(listed, key=lambda item: places[_person_of(item)])


def _person_of(session: Session) -> tuple[str, str, bool]:
    # The same name in another warehouse is somebody else.
    return session.identity.user, session.identity.warehouse, session.is_admin
