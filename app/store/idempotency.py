"""Keys that programs give their requests, so that a request sent twice leads to one change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, select
from sqlalchemy.exc import IntegrityError

from app.domain.audit.events import Event
from app.domain.changes.change import ChangeState
from app.store.audit.recording import recording
from app.store.database.engine import reading, writing
from app.store.schema import boosts, changes, idempotency_keys

KEPT = timedelta(days=1)
"""How long a key is remembered, and a draft that nobody confirmed."""


@dataclass(frozen=True)
class KeyUse:
    """A key as one user of one warehouse gave it, and the hash of the request it came with."""

    warehouse: str
    user: str
    key: str
    request_hash: str


@dataclass(frozen=True)
class BoundKey:
    """What a key stands for."""

    request_hash: str
    reference: str


@dataclass(frozen=True)
class IdempotencyStore:
    """The records of keys. Every method raises StoreUnavailable."""

    engine: Engine

    def find(self, use: KeyUse, now: datetime) -> BoundKey | None:
        """What the key stands for already; an old key stands for nothing any more."""
        table = idempotency_keys
        query = select(table.c.request_hash, table.c.change_reference)
        query = query.where(_is_key(use), ~_is_old(now))
        with reading(self.engine) as connection:
            row = connection.execute(query).one_or_none()
        return BoundKey(row.request_hash, row.change_reference) if row else None

    def bind(self, use: KeyUse, reference: str, now: datetime) -> bool:
        """Let the key stand for a draft, also in place of an old one. False if it stands for
        something already.

        The database itself refuses the second, whichever process asks.
        """
        values = {"change_reference": reference, "created_at": now, **use.__dict__}
        try:
            with writing(self.engine) as connection:
                connection.execute(delete(idempotency_keys).where(_is_old(now)))
                connection.execute(idempotency_keys.insert().values(values))
        except IntegrityError:
            return False
        return True

    def give_up(self, reference: str, event: Event) -> None:
        """Forget a draft that was not sent, and the key that stands for it.

        In one step, so that a draft is either forgotten or confirmed and never both.
        """
        is_draft = (changes.c.reference == reference) & (changes.c.state == ChangeState.DRAFT)
        is_bound = idempotency_keys.c.change_reference == reference
        with recording(self.engine) as recorder:
            if recorder.connection.execute(delete(changes).where(is_draft)).rowcount:
                recorder.connection.execute(delete(boosts).where(boosts.c.reference == reference))
                recorder.connection.execute(delete(idempotency_keys).where(is_bound))
                recorder.add(event)

    def prune(self, now: datetime) -> int:
        """Forget old keys, and drafts as old that no key stands for; how many drafts there were.

        A draft can be confirmed for minutes only, but its values fill the form when somebody
        comes back to ask again.
        """
        bound = select(idempotency_keys.c.change_reference)
        is_old = (changes.c.state == ChangeState.DRAFT) & (changes.c.created_at <= now - KEPT)
        is_unbound = changes.c.reference.not_in(bound)
        over = select(changes.c.reference).where(is_old & is_unbound)
        with writing(self.engine) as connection:
            connection.execute(delete(idempotency_keys).where(_is_old(now)))
            connection.execute(delete(boosts).where(boosts.c.reference.in_(over)))
            return connection.execute(delete(changes).where(is_old & is_unbound)).rowcount


def _is_old(now: datetime) -> ColumnElement[bool]:
    return idempotency_keys.c.created_at <= now - KEPT


def _is_key(use: KeyUse) -> ColumnElement[bool]:
    table = idempotency_keys
    is_theirs = (table.c.warehouse == use.warehouse) & (table.c.user == use.user)
    return is_theirs & (table.c.key == use.key)
