"""Locks held until the end of a transaction: by name, and of the lease that a job acts under.

Those by name are for what is read to decide what to write. The other is a fence: what a job
writes is refused once another process leads the jobs. A process may be paused for longer than its
lease lasts and go on as if nothing had happened. So each transaction of a job first finds the lease
with its own epoch and locks that row: a successor that would take the lease over waits for it.
"""

import hashlib

from sqlalchemy import BigInteger, ColumnElement, Connection, func, literal, select

from app.context import current_context
from app.domain.leadership import Tenure
from app.errors import LeaseLost
from app.store.schema import leases

MIGRATIONS_LOCK = "migrations"
AUDIT_LOCK = "audit log"


def lock(connection: Connection, *name: str) -> None:
    """Wait until no other transaction holds the lock of this name.

    SQLite has one writer at a time: whoever writes there holds every lock. PostgreSQL's lock is of
    the transaction and not of its session, so it is safe behind a pooler; unlike the lock of a
    table it keeps nobody from looking after the table (VACUUM).
    """
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_advisory_xact_lock(literal(_number(name), BigInteger))))


def _number(name: tuple[str, ...]) -> int:
    # Two names with the same number would wait for each other and do no other harm.
    digest = hashlib.sha256("\0".join(("portal", *name)).encode(errors="replace")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def check_fence(connection: Connection) -> None:
    """At the begin of a transaction: raises LeaseLost where the job that writes in this context
    acts for a leader that leads no more. Whatever is no job's is let through.
    """
    if tenure := current_context().tenure:
        _lock_lease(connection, tenure)


def _lock_lease(connection: Connection, tenure: Tenure) -> None:
    # SQLite knows no FOR UPDATE and needs none: a transaction that writes has the whole file.
    own = select(leases.c.epoch).where(is_held_by(tenure)).with_for_update()
    if connection.execute(own).one_or_none() is None:
        raise LeaseLost


def is_held_by(tenure: Tenure) -> ColumnElement[bool]:
    """The condition that the lease is still this tenure's."""
    return (
        (leases.c.name == tenure.lease)
        & (leases.c.holder == tenure.holder)
        & (leases.c.epoch == tenure.epoch)
    )
