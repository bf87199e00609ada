"""Adding events at the end of the audit log, in the transaction of what they tell."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
)
from sqlalchemy.exc import SQLAlchemyError

from app.domain.audit.chain import ChainEntry
from app.domain.audit.events import (
    GENESIS_HASH,
    Event,
    columns_of,
    entry_hash,
)
from app.store.audit.log_end import read_log_end
from app.store.database.engine import writing
from app.store.database.errors import LOG_CUT, refusal, unavailable
from app.store.database.health import (
    note_error,
    note_log_end,
)
from app.store.database.locks import AUDIT_LOCK, lock
from app.store.schema import events

log = logging.getLogger("portal.audit")


@dataclass
class Recorder:
    """An open transaction that takes events beside whatever else it writes."""

    connection: Connection
    entries: list[ChainEntry] = field(default_factory=list)

    def add(self, event: Event) -> None:
        """Put the event at the end of the audit log. Raises StoreUnavailable."""
        try:
            self.entries.append(_append(self.connection, event))
        except SQLAlchemyError as error:  # a broken rule of this table says nothing of the action
            note_error(self.connection.engine, error)
            raise unavailable(error) from error


@contextmanager
def recording(engine: Engine) -> Iterator[Recorder]:
    """A transaction for an action and its event: both are written or neither is.

    Raises StoreUnavailable; IntegrityError passes. What was written is then shipped by the log.
    """
    with writing(engine) as connection:
        recorder = Recorder(connection)
        yield recorder
    for entry in recorder.entries:
        note_log_end(engine, entry.seq, entry.hash)
        log.info("audit", extra={"event": line_of(entry)})


def line_of(entry: ChainEntry) -> dict[str, Any]:
    """An event with its place in the chain, as it is shipped and exported."""
    place = {"seq": entry.seq, "prev_hash": entry.prev_hash, "hash": entry.hash}
    return place | entry.values


def _append(connection: Connection, event: Event) -> ChainEntry:
    lock(connection, AUDIT_LOCK)
    end = read_log_end(connection)
    if end.is_lost:
        raise refusal(LOG_CUT)
    last = end.last
    seq, prev_hash = (last.seq + 1, last.hash) if last else (1, GENESIS_HASH)
    body = event.text()
    columns = columns_of(json.loads(body))
    entry = ChainEntry(seq, prev_hash, entry_hash(seq, prev_hash, body), body, columns)
    place = {"seq": seq, "prev_hash": prev_hash, "hash": entry.hash, "text": body}
    connection.execute(events.insert().values(place | columns))
    return entry
