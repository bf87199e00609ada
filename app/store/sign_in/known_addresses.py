"""Where names have signed in before: hashes alone, so that the records tell no addresses."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.store.database.engine import reading, writing
from app.store.database.locks import lock
from app.store.schema import known_addresses as table

KEPT = timedelta(days=90)
"""How long an address stays known after the last sign-in from there."""

MOST_OF_NAME = 50
"""How many addresses are known for one name; the one longest unused goes first."""

Account = tuple[str, str]
"""Warehouse and user name."""


@dataclass(frozen=True)
class KnownAddressStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def remember(self, account: Account, block: str, now: datetime) -> None:
        """This name has just signed in from this address block."""
        try:
            self._write(account, block, now)
        except IntegrityError:  # another process has just written the same
            return

    def _write(self, account: Account, block: str, now: datetime) -> None:
        name, mark = _hash(*account), _hash(*account, block)
        with writing(self.engine) as connection:
            lock(connection, "known addresses", name)
            found = update(table).where(table.c.mark == mark).values(seen_at=now)
            if connection.execute(found).rowcount:
                return
            values = {"mark": mark, "name_mark": name, "seen_at": now}
            connection.execute(table.insert().values(values))
            is_theirs = table.c.name_mark == name
            newest = select(table.c.id).where(is_theirs).order_by(table.c.seen_at.desc())
            kept = list(connection.scalars(newest.limit(MOST_OF_NAME)))
            connection.execute(delete(table).where(is_theirs, table.c.id.not_in(kept)))

    def is_known(self, account: Account, block: str, now: datetime) -> bool:
        """Whether this name has signed in from this block and that still counts."""
        return self._is_there(table.c.mark == _hash(*account, block), now)

    def has_signed_in(self, account: Account, now: datetime) -> bool:
        """Whether this name has signed in from anywhere and that still counts."""
        return self._is_there(table.c.name_mark == _hash(*account), now)

    def prune(self, now: datetime) -> int:
        """Forget what no longer counts; how much there was."""
        with writing(self.engine) as connection:
            is_old = table.c.seen_at <= now - KEPT
            return connection.execute(delete(table).where(is_old)).rowcount

    def _is_there(self, which: ColumnElement[bool], now: datetime) -> bool:
        query = select(table.c.id).where(which, table.c.seen_at > now - KEPT).limit(1)
        with reading(self.engine) as connection:
            return connection.execute(query).first() is not None


def _hash(*parts: str) -> str:
    # JSON keeps the parts apart whatever marks they hold.
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
