"""Which schedules were given to Cloud: a row for each group, written with the event of the step."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.schedules.cloud_entries import read_entries
from app.domain.schedules.handover import Handover, HandoverState
from app.store.audit.recording import recording
from app.store.database.engine import reading
from app.store.schema import schedule_handovers, schedules
from app.store.state import bump_revision


@dataclass(frozen=True)
class HandoverStore:
    """The records of it. Every method raises StoreUnavailable; those that write, LeaseLost in a
    job, and they answer False where another process has taken the step, or undone it."""

    engine: Engine

    def find(self, service_id: str) -> Handover | None:
        """That of a group."""
        return self.find_all([service_id]).get(service_id)

    def find_all(self, service_ids: Collection[str]) -> dict[str, Handover]:
        """Those of these groups."""
        table = schedule_handovers
        return self._select(select(table).where(table.c.service_id.in_(service_ids)))

    def list_unsettled(self) -> list[Handover]:
        """Those of which it is not known what Cloud has done."""
        table = schedule_handovers
        is_open = table.c.state != HandoverState.WRITTEN
        return list(self._select(select(table).where(is_open)).values())

    def claim(self, handover: Handover, event: Event) -> bool:
        """Record the intent, while its version is the one in force."""
        key, version = handover.service_id, handover.version
        is_in_force = (schedules.c.service_id == key) & (schedules.c.version == version)
        try:
            with recording(self.engine) as recorder:
                connection = recorder.connection
                kept = update(schedules).where(is_in_force).values(version=version)
                if connection.execute(kept).rowcount != 1:
                    return False
                connection.execute(schedule_handovers.insert().values(_row_of(handover)))
                bump_revision(connection)
                recorder.add(event)
        except IntegrityError:
            return False
        return True

    def advance(
        self, handover: Handover, state: HandoverState, asked_at: datetime, event: Event
    ) -> bool:
        """Take it a step further."""
        with recording(self.engine) as recorder:
            values = {"state": state, "asked_at": asked_at}
            taken = update(schedule_handovers).where(_is_as_seen(handover)).values(values)
            if recorder.connection.execute(taken).rowcount != 1:
                return False
            bump_revision(recorder.connection)
            recorder.add(event)
        return True

    def forget(self, handover: Handover, event: Event) -> bool:
        """The portal carries the schedule out again."""
        with recording(self.engine) as recorder:
            gone = delete(schedule_handovers).where(_is_as_seen(handover))
            if recorder.connection.execute(gone).rowcount != 1:
                return False
            bump_revision(recorder.connection)
            recorder.add(event)
        return True

    def _select(self, query: Select[Any]) -> dict[str, Handover]:
        with reading(self.engine) as connection:
            return {row.service_id: _handover_of(row) for row in connection.execute(query)}


def is_handed_over(service_id: str) -> ColumnElement[bool]:
    """Whether the schedule of this group was given to Cloud, for the statements that edit it."""
    return exists().where(schedule_handovers.c.service_id == service_id)


def _is_as_seen(handover: Handover) -> ColumnElement[bool]:
    table = schedule_handovers
    is_group = table.c.service_id == handover.service_id
    is_step = (table.c.state == handover.state) & (table.c.asked_at == handover.asked_at)
    return is_group & is_step


def _handover_of(row: Row[Any]) -> Handover:
    by = Identity(row.warehouse, row.user, frozenset())
    entries = read_entries(row.entries)
    return Handover(
        row.service_id, row.version, entries, by, row.asked_at, HandoverState(row.state)
    )


def _row_of(handover: Handover) -> dict[str, Any]:
    return {
        "service_id": handover.service_id,
        "version": handover.version,
        "entries": [entry.to_request() for entry in handover.entries],
        "warehouse": handover.by.warehouse,
        "user": handover.by.user,
        "state": handover.state,
        "asked_at": handover.asked_at,
    }
