"""The audit log: events are added at its end, chained by their hashes, and never changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    func,
    select,
    true,
)

from app.domain.audit.chain import REMOVED_TO, ChainEntry, Unreadable
from app.domain.audit.event_search import EVERYTHING, EventFilter
from app.domain.audit.events import (
    Event,
    EventKind,
    canonical,
    moment_text,
    plain,
)
from app.errors import StoreUnavailable
from app.store.audit.event_rows import as_entry, details_in
from app.store.audit.log_end import LogEnd, Place, read_log_end
from app.store.audit.recording import recording
from app.store.database.engine import reading
from app.store.database.health import (
    forget_log_end,
    note_log_end,
)
from app.store.database.locks import AUDIT_LOCK, lock
from app.store.schema import events, number

PAGE = 500
"""How many events are read at a time."""

REMOVED_AT_ONCE = 10_000
"""Others cannot write meanwhile: some tenths of a second, where they wait for some seconds."""


@dataclass(frozen=True)
class Removal:
    """What a removal takes out: the first and last number, and the last one's hash."""

    first: int
    last: int
    last_hash: str

    @property
    def is_full(self) -> bool:
        """Whether it takes out as much as one removal may, so that there may be more."""
        return self.last - self.first + 1 >= REMOVED_AT_ONCE


@dataclass(frozen=True)
class EventStore:
    """The records of the audit log. Every method raises StoreUnavailable.

    `list_latest` raises ValueError where somebody has put something else in the place of a text.
    """

    engine: Engine

    def record(self, event: Event) -> None:
        """Write an event by itself."""
        with recording(self.engine) as recorder:
            recorder.add(event)

    def list_latest(
        self, wanted: EventFilter, *, most: int, before: int | None = None
    ) -> Sequence[ChainEntry]:
        """The latest events, newest first; only those with a number below `before`."""
        is_earlier = true() if before is None else events.c.seq < number(before)
        query = select(events).where(_matches(wanted), is_earlier)
        with reading(self.engine) as connection:
            found = connection.execute(query.order_by(events.c.seq.desc()).limit(most))
            return [as_entry(row) for row in found]

    def find_hash(self, seq: int) -> str | None:
        """The hash of the event with this number; None if there is none."""
        with reading(self.engine) as connection:
            found = connection.scalar(select(events.c.hash).where(events.c.seq == number(seq)))
        return None if found is None else str(found)

    def find_start(self) -> Place | None:
        """The place before the first event, as that names it; None if there is no event."""
        oldest = select(events.c.seq, events.c.prev_hash).order_by(events.c.seq).limit(1)
        with reading(self.engine) as connection:
            row = connection.execute(oldest).one_or_none()
        return Place(row.seq - 1, str(row.prev_hash)) if row else None

    def find_removal(self) -> Mapping[str, Any]:
        """The details of the newest event that accounts for a removal; empty if there is none."""
        kinds = (EventKind.SENSITIVE_DELETE, EventKind.SENSITIVE_UPDATE)
        which = events.c.kind.in_(kinds) & events.c.text.contains(f'"{REMOVED_TO}":')
        newest = select(events.c.text).where(which).order_by(events.c.seq.desc()).limit(1)
        with reading(self.engine) as connection:
            found = connection.scalar(newest)
        return details_in(found)

    def tells_of_start(self, host: str, details: Mapping[str, str]) -> bool:
        """Whether any start on this machine has told all of these details."""
        wanted = {"host": host, **details}
        parts = (canonical({name: value})[1:-1] for name, value in wanted.items())
        is_told = and_(*(events.c.text.contains(part, autoescape=True) for part in parts))
        which = (events.c.kind == EventKind.STARTUP) & is_told
        with reading(self.engine) as connection:
            return (
                connection.execute(select(events.c.seq).where(which).limit(1)).first() is not None
            )

    def find_last(self) -> Place | None:
        """Where the log ends; None if there is no event."""
        return self._read_end().last

    def is_end_lost(self) -> bool:
        """Whether the log has lost the latest event that this process has met."""
        return self._read_end().is_lost

    def _read_end(self) -> LogEnd:
        with reading(self.engine) as connection:
            end = read_log_end(connection)
        if end.last and not end.is_lost:
            note_log_end(self.engine, end.last.seq, end.last.hash)
        return end

    def forget_end(self) -> None:
        """Take the log as it is for whole."""
        forget_log_end(self.engine)

    def iterate(self, wanted: EventFilter = EVERYTHING) -> Iterator[ChainEntry | Unreadable]:
        """Every event in order, some at a time."""
        which = _matches(wanted)
        while page := self._read_page(which):
            yield from page
            which = _matches(wanted) & (events.c.seq > page[-1].seq)

    def prune(self, before: datetime, describe: Callable[[Removal], Event]) -> Removal | None:
        """Remove what is older, and record that with the event that `describe` makes of it: the
        oldest REMOVED_AT_ONCE events at most.

        None if there is nothing to remove. The audit log's order counts, not the clock's: all that
        goes is what stands before the first event that is kept.
        """
        with recording(self.engine) as recorder:
            lock(recorder.connection, AUDIT_LOCK)
            removal = _find_removal(recorder.connection, moment_text(before))
            if removal is None:
                return None
            # First the record, which follows the last event, then the removal.
            recorder.add(describe(removal))
            is_old = events.c.seq <= removal.last
            recorder.connection.execute(delete(events).where(is_old))
        return removal

    def _read_page(self, which: ColumnElement[bool]) -> list[ChainEntry | Unreadable]:
        query = select(events).where(which).order_by(events.c.seq).limit(PAGE)
        try:
            with reading(self.engine) as connection:
                return [as_entry(row) for row in connection.execute(query)]
        except (StoreUnavailable, ValueError):
            return self._read_one_by_one(which)

    def _read_one_by_one(self, which: ColumnElement[bool]) -> list[ChainEntry | Unreadable]:
        """A page of which some row cannot be read, row by row, to find out which."""
        query = select(events.c.seq).where(which).order_by(events.c.seq).limit(PAGE)
        with reading(self.engine) as connection:
            numbers = list(connection.scalars(query))
        return [self._read_one(seq) for seq in numbers]

    def _read_one(self, seq: int) -> ChainEntry | Unreadable:
        try:
            with reading(self.engine) as connection:
                return as_entry(connection.execute(select(events).where(events.c.seq == seq)).one())
        except (StoreUnavailable, ValueError):
            return Unreadable(seq)


def _matches(wanted: EventFilter) -> ColumnElement[bool]:
    """The filter for the database."""
    which: ColumnElement[bool] = true()
    exact = {
        "service_id": wanted.service_id,
        "kind": wanted.kind,
        "user": plain(wanted.user),
        "result": wanted.result,
    }
    for name, value in exact.items():
        if value:
            which &= events.c[name] == value
    if wanted.since:
        which &= events.c.time >= moment_text(wanted.since)
    if wanted.until:
        which &= events.c.time < moment_text(wanted.until)
    return which


def _find_removal(connection: Connection, before: str) -> Removal | None:
    seq = events.c.seq
    first: int | None = connection.scalar(select(func.min(seq)))
    kept = connection.scalar(select(func.min(seq)).where(events.c.time >= before))
    if first is None or first == kept:
        return None
    end = first + REMOVED_AT_ONCE
    is_old = seq < (end if kept is None else min(kept, end))
    query = select(seq, events.c.hash).where(is_old).order_by(seq.desc()).limit(1)
    last = connection.execute(query).one()
    return Removal(first, last.seq, last.hash)
