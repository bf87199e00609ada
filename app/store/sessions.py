"""Sign-ins. The cookie holds a random token; here stands only its hash, and who it belongs to."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, Row, delete, or_, select, update

from app.domain.access import Identity
from app.store.engine import reading, writing
from app.store.schema import sessions

TOKEN_BYTES = 32
"""256 bits from the operating system's generator."""

SEEN_STEP = timedelta(seconds=30)
"""Activity is noted at most this often, so that not every page writes."""


@dataclass(frozen=True)
class Session:
    """One sign-in of one person."""

    token_hash: str
    identity: Identity
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class SessionStore:
    """The records of who is signed in. Every method raises StoreUnavailable."""

    engine: Engine
    idle: timedelta
    absolute: timedelta
    most_per_user: int

    def create_session(self, identity: Identity, now: datetime) -> str:
        """Record a new sign-in and return its token. The oldest beyond the allowed number end."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with writing(self.engine) as connection:
            connection.execute(delete(sessions).where(self._is_over(now)))
            connection.execute(
                sessions.insert().values(
                    token_hash=_hash(token),
                    warehouse=identity.warehouse,
                    user=identity.user,
                    roles=sorted(identity.roles),
                    created_at=now,
                    seen_at=now,
                )
            )
            newest = (
                select(sessions.c.token_hash)
                .where(_belongs_to(identity))
                .order_by(sessions.c.created_at.desc())
                .limit(self.most_per_user)
            )
            kept = [row.token_hash for row in connection.execute(newest)]
            surplus = _belongs_to(identity) & sessions.c.token_hash.not_in(kept)
            connection.execute(delete(sessions).where(surplus))
        return token

    def find_session(self, token: str, now: datetime, *, is_activity: bool) -> Session | None:
        """The living session of a token. `is_activity` postpones its idle end; polling does not."""
        query = select(sessions).where(sessions.c.token_hash == _hash(token), ~self._is_over(now))
        with reading(self.engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        if is_activity and now - row.seen_at >= SEEN_STEP:
            self._note_activity(row.token_hash, now)
        return _as_session(row)

    def delete_session(self, token: str) -> None:
        """End the session of a token, if there is one."""
        with writing(self.engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.token_hash == _hash(token)))

    def _note_activity(self, token_hash: str, now: datetime) -> None:
        row = sessions.c.token_hash == token_hash
        with writing(self.engine) as connection:
            connection.execute(update(sessions).where(row).values(seen_at=now))

    def _is_over(self, now: datetime) -> ColumnElement[bool]:
        too_idle = sessions.c.seen_at <= now - self.idle
        too_old = sessions.c.created_at <= now - self.absolute
        return or_(too_idle, too_old)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _belongs_to(identity: Identity) -> ColumnElement[bool]:
    return (sessions.c.warehouse == identity.warehouse) & (sessions.c.user == identity.user)


def _as_session(row: Row[tuple[object, ...]]) -> Session:
    identity = Identity(row.warehouse, row.user, frozenset(row.roles))
    return Session(row.token_hash, identity, row.created_at, row.seen_at)
