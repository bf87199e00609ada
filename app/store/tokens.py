"""Personal tokens. People hold the tokens; here stand only their hashes and what they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.permissions import Identity, Permission, TokenScope
from app.domain.audit.events import Event
from app.domain.sessions import hash_of
from app.domain.storable import storable
from app.domain.tokens.token import MOST_OF_PERSON, Token
from app.errors import NotPossible
from app.store.audit.recording import recording
from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import tokens

KEPT = timedelta(days=30)
"""How long a token that is over stays in the lists, so that it can be told from one made up."""

USE_STEP = timedelta(minutes=1)
"""The last use is noted at most this often, so that not every call writes."""

RECORD_STEP = timedelta(hours=1)
"""A token's use is recorded in the audit log at most this often; changes record themselves."""


@dataclass(frozen=True)
class TokenStore:
    """The records of them. Every method raises StoreUnavailable.

    Making and revoking one is written together with its event, or not at all.
    """

    engine: Engine

    def create(self, secret: str, token: Token, event: Event) -> bool:
        """Record a new token; False where the owner has a living one of that name.

        Raises NotPossible where the owner has as many as may live.
        """
        try:
            self._insert(secret, token, event)
        except IntegrityError:
            return False
        return True

    def _insert(self, secret: str, token: Token, event: Event) -> None:
        with recording(self.engine) as recorder:
            connection, owner = recorder.connection, token.owner
            lock(connection, "tokens", owner.warehouse, owner.user)
            now = token.created_at
            # One that is over by its time gives its name and its place free.
            _revoke(connection, _is_of(owner) & (tokens.c.expires_at <= now), now, "")
            living = select(func.count()).where(_is_of(owner), tokens.c.revoked_at.is_(None))
            if (connection.scalar(living) or 0) >= MOST_OF_PERSON:
                raise NotPossible(
                    message=f"You have {MOST_OF_PERSON} tokens, which is the most.",
                    remedy="Revoke one that you no longer need.",
                )
            connection.execute(tokens.insert().values(_as_row(secret, token)))
            recorder.add(event)

    def find(self, secret: str) -> Token | None:
        """What a token stands for, also one that is over."""
        return self._find(tokens.c.token_hash == hash_of(secret))

    def find_by_mark(self, mark: str) -> Token | None:
        """The same of a token that was found before."""
        return self._find(tokens.c.mark == mark)

    def _find(self, which: ColumnElement[bool]) -> Token | None:
        with reading(self.engine) as connection:
            row = connection.execute(select(tokens).where(which)).one_or_none()
        return _as_token(row) if row else None

    def list_tokens(self, owner: Identity | None = None) -> Sequence[Token]:
        """The tokens of one person or of everybody, the latest first, with those that are over."""
        query = select(tokens).order_by(tokens.c.id.desc())
        if owner:
            query = query.where(_is_of(owner))
        with reading(self.engine) as connection:
            return [_as_token(row) for row in connection.execute(query)]

    def revoke(
        self, mark: str, now: datetime, event: Event, *, owner: Identity | None = None
    ) -> bool:
        """Revoke a token, only if it is of `owner` where that is given. Whether there was one."""
        which = tokens.c.mark == mark
        if owner:
            which &= _is_of(owner)
        with recording(self.engine) as recorder:
            if _revoke(recorder.connection, which, now, event.actor.user):
                recorder.add(event)
                return True
            return recorder.connection.scalar(select(tokens.c.id).where(which)) is not None

    def note_use(self, token: Token, now: datetime, event: Event) -> None:
        """The token was used: its last use is noted once a minute, the event once an hour."""
        this = tokens.c.mark == token.mark
        if _is_due(token.recorded_at, now, RECORD_STEP):
            with recording(self.engine) as recorder:
                is_due = _has_passed(tokens.c.recorded_at, now, RECORD_STEP)
                noted = update(tokens).where(this, is_due)
                used = {"recorded_at": now, "last_used_at": now}
                if recorder.connection.execute(noted.values(used)).rowcount:
                    recorder.add(event)
        elif _is_due(token.last_used_at, now, USE_STEP):
            with writing(self.engine) as connection:
                connection.execute(update(tokens).where(this).values(last_used_at=now))

    def prune(self, now: datetime) -> int:
        """Forget those that have been over for long; how many there were."""
        before = now - KEPT
        is_old = or_(tokens.c.revoked_at <= before, tokens.c.expires_at <= before)
        with writing(self.engine) as connection:
            return connection.execute(delete(tokens).where(is_old)).rowcount


def _revoke(connection: Connection, which: ColumnElement[bool], now: datetime, by: str) -> int:
    ending = update(tokens).where(which, tokens.c.revoked_at.is_(None))
    return connection.execute(ending.values(revoked_at=now, revoked_by=storable(by, 256))).rowcount


def _is_due(last: datetime | None, now: datetime, step: timedelta) -> bool:
    # One that is still to come was noted before the clock was set back.
    return last is None or abs(now - last) >= step


def _has_passed(column: ColumnElement[Any], now: datetime, step: timedelta) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= now - step, column >= now + step)


def _is_of(owner: Identity) -> ColumnElement[bool]:
    return (tokens.c.warehouse == owner.warehouse) & (tokens.c.user == owner.user)


def _as_row(secret: str, token: Token) -> dict[str, Any]:
    return {
        "token_hash": hash_of(secret),
        "mark": token.mark,
        "warehouse": token.owner.warehouse,
        "user": token.owner.user,
        "name": token.name,
        "groups": sorted(token.scope.groups),
        "permissions": sorted(token.scope.permissions),
        "may_confirm": token.scope.may_confirm,
        "roles": sorted(token.owner.roles),
        "proven_at": token.proven_at,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
    }


def _as_token(row: Any) -> Token:  # noqa: ANN401 - a row
    known = {item.value for item in Permission}
    # A permission that a later version has written is one that this version cannot give.
    permissions = frozenset(Permission(item) for item in row.permissions if item in known)
    return Token(
        name=row.name,
        owner=Identity(row.warehouse, row.user, frozenset(row.roles)),
        scope=TokenScope(row.mark, frozenset(row.groups), permissions, row.may_confirm),
        created_at=row.created_at,
        expires_at=row.expires_at,
        proven_at=row.proven_at,
        last_used_at=row.last_used_at,
        recorded_at=row.recorded_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )
