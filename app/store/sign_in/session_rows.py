"""The rows of sessions: added, locked, ended and read in a transaction of somebody else."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    update,
)

from app.context import current_context
from app.domain.access.permissions import Identity
from app.domain.sessions import MARK_LENGTH, Session, hash_of
from app.domain.storable import storable
from app.domain.user_agent import describe_client
from app.store.database.locks import lock
from app.store.schema import sessions

TOKEN_BYTES = 32
"""256 bits from the operating system's generator."""
LONGEST_ADDRESS = 64
_FIELDS = "id warehouse user roles is_admin address created_at seen_at verified_at client"
SESSION = tuple(sessions.c[name] for name in _FIELDS.split())
"""What a session is made of."""


def insert_session(
    connection: Connection, identity: Identity, address: str, now: datetime, *, is_admin: bool
) -> str:
    """Add one that begins now; its token, which stands nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    begun = _begun(token, identity, address, now)
    connection.execute(sessions.insert().values(is_admin=is_admin, **begun))
    return token


def renew_session(
    connection: Connection,
    which: ColumnElement[bool],
    identity: Identity,
    address: str,
    now: datetime,
) -> str | None:
    """Let one begin anew under another token, which is returned; None if there is none.

    Its row stays the same one, so that whoever ends it at this moment ends it in its new form.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    renewed = update(sessions).where(which).values(**_begun(token, identity, address, now))
    return token if connection.execute(renewed).rowcount else None


def _begun(token: str, identity: Identity, address: str, now: datetime) -> dict[str, Any]:
    return {
        "token_hash": hash_of(token),
        "address": storable(address, LONGEST_ADDRESS),
        "warehouse": identity.warehouse,
        "user": identity.user,
        "roles": sorted(identity.roles),
        "created_at": now,
        "seen_at": now,
        "verified_at": now,
        "refused_verifications": 0,
        "client": describe_client(current_context().origin.user_agent),
    }


def lock_sessions_of(connection: Connection, identity: Identity) -> None:
    """No other transaction counts or changes the sessions of this person until this one ends."""
    lock(connection, "sessions", identity.warehouse, identity.user)


def delete_sessions(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """End them; what the trail knows them by."""
    ending = delete(sessions).where(which).returning(sessions.c.token_hash)
    return [token_hash[:MARK_LENGTH] for token_hash in connection.scalars(ending)]


def belongs_to(identity: Identity, *, is_admin: bool) -> ColumnElement[bool]:
    """The condition for the sessions of one person."""
    return (
        (sessions.c.warehouse == identity.warehouse)
        & (sessions.c.user == identity.user)
        & (sessions.c.is_admin == is_admin)
    )


def as_session(row: Sequence[Any]) -> Session:
    """What the columns of SESSION hold."""
    id_, warehouse, user, roles, is_admin, address, created_at, seen_at, verified_at, client = row
    identity, verified_at = Identity(warehouse, user, frozenset(roles)), verified_at or created_at
    return Session(id_, identity, is_admin, address, created_at, seen_at, verified_at, client)
