"""Locks by name, held until the end of a transaction, for what is read to decide what to write."""

import hashlib

from sqlalchemy import BigInteger, Connection, func, literal, select

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
