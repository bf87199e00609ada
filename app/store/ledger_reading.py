"""Ledger and audit log as they were at one moment, to be compared."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from app.domain.audit.events import EventKind
from app.domain.audit.ledger_check import ChangeStep, LedgerRow
from app.store.database.engine import reading
from app.store.schema import changes, events


@dataclass(frozen=True)
class BothBooks:
    """The changes, the steps that events tell of them, and since when the log is kept if not from
    its first event on."""

    rows: tuple[LedgerRow, ...]
    steps: tuple[ChangeStep, ...]
    known_since: datetime | None


def read_both(engine: Engine) -> BothBooks:
    """Both as of one moment, whatever is written meanwhile.

    Raises StoreUnavailable, ValueError where the text of an event is none.
    """
    with _snapshot(engine) as connection:
        return BothBooks(
            tuple(_rows(connection)), tuple(_steps(connection)), _find_start(connection)
        )


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's driver begins with the first write only
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield connection


def _rows(connection: Connection) -> Iterator[LedgerRow]:
    columns = (changes.c.reference, changes.c.state, changes.c.sent_at, changes.c.settled_at)
    for row in connection.execute(select(*columns).order_by(changes.c.id)):
        yield LedgerRow(*row)


def _steps(connection: Connection) -> Iterator[ChangeStep]:
    of_changes = (events.c.kind == EventKind.SENSITIVE_UPDATE) & (events.c.reference != "")
    query = select(events.c.reference, events.c.text).where(of_changes).order_by(events.c.seq)
    for reference, text in connection.execute(query):
        values = json.loads(text)
        yield ChangeStep(reference, values["action"], values["details"].get("state", ""))


def _find_start(connection: Connection) -> datetime | None:
    query = select(events.c.seq, events.c.time).order_by(events.c.seq).limit(1)
    first = connection.execute(query).one_or_none()
    return datetime.fromisoformat(first.time) if first and first.seq > 1 else None
