"""The readings of Cloud that all processes share: one reads, the others take what it wrote.

A reading is reserved by one conditional write, for a time that ends by itself. What is read counts
as new only where it says something else than before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from app.domain.clock import SMALL_STEP
from app.domain.readings import ReadingMark, Reservation, StoredReading
from app.store.database.engine import reading, writing
from app.store.schema import readings
from app.store.state import StateStore, bump_revision


@dataclass(frozen=True)
class ReadingStore:
    """Every method raises StoreUnavailable."""

    state: StateStore

    def find_mark(self, name: str) -> ReadingMark:
        """How the reading stands, as this request sees it."""
        return self.state.current().readings[name]

    def refresh_mark(self, name: str) -> ReadingMark:
        """How it stands at this moment."""
        return self.state.refresh().readings[name]

    def load(self, name: str) -> StoredReading:
        """What it says."""
        with reading(self.state.engine) as connection:
            return _load(connection, name)

    def reserve(
        self, name: str, *, fresh_seconds: float, hold_seconds: float
    ) -> Reservation | None:
        """Take on to read it. None if somebody else reads it, or has tried within
        `fresh_seconds`. After `hold_seconds` others may take it on.
        """
        table = readings.c
        with writing(self.state.engine) as connection:
            now = self.state.clock(connection)
            until = now + timedelta(seconds=hold_seconds)
            # A moment that is still to come was written before the clock was set back.
            is_free = or_(
                table.reserved_until.is_(None),
                table.reserved_until <= now,
                table.reserved_until > until + SMALL_STEP,
            )
            is_due = or_(
                table.tried_at.is_(None),
                table.tried_at <= now - timedelta(seconds=fresh_seconds),
                table.tried_at > now + SMALL_STEP,
            )
            reserving = update(readings).where(table.name == name, is_free, is_due)
            if not connection.execute(reserving.values(reserved_until=until)).rowcount:
                return None
            return Reservation(_load(connection, name).version, until)

    def finish(
        self,
        name: str,
        reserved: Reservation,
        text: Callable[[StoredReading], str],
        taken_at: datetime,
    ) -> None:
        """Write down what was read; `text` makes it out of what is there by now. Nothing is written
        where the reservation has ended and somebody else has taken the reading on."""
        with self._reserved(name, reserved) as connection:
            if connection:
                stored = _load(connection, name)
                self._write(connection, stored, name, content=text(stored), error=None)
                connection.execute(_row(name).values(taken_at=taken_at))

    def fail(self, name: str, reserved: Reservation, error: str) -> None:
        """Write down why it could not be read, on the same condition."""
        with self._reserved(name, reserved) as connection:
            if connection:
                stored = _load(connection, name)
                self._write(connection, stored, name, content=stored.text, error=error)

    def release(self, name: str, reserved: Reservation) -> None:
        """Leave the reading to others: nothing came of it."""
        with self._reserved(name, reserved) as connection:
            if connection:
                connection.execute(_row(name).values(reserved_until=None))

    @contextmanager
    def _reserved(self, name: str, reserved: Reservation) -> Iterator[Connection | None]:
        """A transaction that has the row locked; None where the reservation is another's by now."""
        is_held = readings.c.reserved_until == reserved.until
        query = select(readings.c.name).where(readings.c.name == name, is_held)
        with writing(self.state.engine) as connection:
            found = connection.execute(query.with_for_update()).one_or_none()
            yield connection if found else None

    def change(self, name: str, text: Callable[[StoredReading], str]) -> None:
        """Put something newer into it."""
        with writing(self.state.engine) as connection:
            stored = _load(connection, name, is_locking=True)
            _count_up(connection, name, content=text(stored))

    def _write(
        self,
        connection: Connection,
        stored: StoredReading,
        name: str,
        *,
        content: str | None,
        error: str | None,
    ) -> None:
        now = self.state.clock(connection)
        connection.execute(_row(name).values(tried_at=now, reserved_until=None))
        if content != stored.text or error != stored.error:
            _count_up(connection, name, content=content, error=error)


def _row(name: str) -> Any:  # noqa: ANN401 - an update of SQLAlchemy's
    return update(readings).where(readings.c.name == name)


def _count_up(connection: Connection, name: str, **values: str | None) -> None:
    connection.execute(_row(name).values(version=readings.c.version + 1, **values))
    bump_revision(connection)


def _load(connection: Connection, name: str, *, is_locking: bool = False) -> StoredReading:
    query = select(readings).where(readings.c.name == name)
    row = connection.execute(query.with_for_update() if is_locking else query).one()
    return StoredReading(row.version, row.content, row.error)
