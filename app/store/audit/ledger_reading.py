"""Ledger and audit log as they were at one moment, to be compared."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from app.domain.audit.chain import parse_event
from app.domain.audit.events import EventKind
from app.domain.audit.ledger_check import CONFIRM, ChangeStep, LedgerRow
from app.domain.storable import storable
from app.store.database.engine import reading
from app.store.schema import changes, events

ACTOR = ("warehouse", "user")
DETAILS = {
    "act": "act",
    "reason": "reason",
    "before": "before",
    "requested": "patch",
    "target": "target",
    "origin": "origin",
    "order": "order_reference",
}
"""The details of an event that tell the content of a change, and the columns of the ledger."""


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
    for row in connection.execute(select(changes).order_by(changes.c.id)):
        content = {name: getattr(row, name) for name in ACTOR}
        content |= {"service_id": row.service_id}
        content |= {name: getattr(row, column) for name, column in DETAILS.items()}
        yield LedgerRow(row.reference, row.state, row.sent_at, row.settled_at, content)


def _steps(connection: Connection) -> Iterator[ChangeStep]:
    of_changes = (events.c.kind == EventKind.SENSITIVE_UPDATE) & (events.c.reference != "")
    query = select(events.c.reference, events.c.text).where(of_changes).order_by(events.c.seq)
    for reference, text in connection.execute(query):
        values = parse_event(text)
        state = values["details"].get("state", "")
        yield ChangeStep(reference, values["action"], state, _content_of(values))


def _content_of(values: dict[str, Any]) -> dict[str, Any]:
    """What an event says of the content of a change. Who confirmed it has drawn it up; who closed
    it, or read its outcome, may be anybody."""
    details = values["details"]
    content = {name: details[name] for name in DETAILS if name in details}
    if values["action"] == CONFIRM:
        content |= {name: storable(values["actor"][name]) for name in ACTOR}
    if "reason" in content:
        content["reason"] = storable(content["reason"])
    return content | {"service_id": values["object"]["service_id"]}


def _find_start(connection: Connection) -> datetime | None:
    query = select(events.c.seq, events.c.time).order_by(events.c.seq).limit(1)
    first = connection.execute(query).one_or_none()
    return datetime.fromisoformat(first.time) if first and first.seq > 1 else None
