"""The records of schedules. What is edited is written together with its event, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Row, Select, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.permissions import Identity
from app.domain.audit.events import Event
from app.domain.schedules.exceptions import Exceptions, Skip
from app.domain.schedules.record import ScheduleRecord, ScheduleVersion
from app.store.audit.recording import recording
from app.store.database.engine import reading
from app.store.schedules.handovers import is_handed_over
from app.store.schema import number as as_number
from app.store.schema import schedule_skips, schedule_versions, schedules
from app.store.state import bump_revision

OLD_SKIPS_KEPT = 100
"""Of a group, the newest; what was skipped long ago decides nothing any more."""

_IS_VERSION = schedule_versions.c.service_id == schedules.c.service_id
_IN_FORCE = _IS_VERSION & (schedule_versions.c.version == schedules.c.version)
_RECORDS = select(
    schedules.c.latest,
    schedules.c.paused_until,
    *schedule_versions.c,
).join_from(schedules, schedule_versions, _IN_FORCE)


@dataclass(frozen=True)
class ScheduleStore:
    """Every method raises StoreUnavailable.

    Those that edit answer False where something else is in force by now than `version`, the
    number that the person saw, None where there was no schedule, and where Cloud carries it out;
    then nothing is written.
    """

    engine: Engine

    def find_record(self, service_id: str) -> ScheduleRecord | None:
        """The schedule in force of a group."""
        found = self._select(_RECORDS.where(schedules.c.service_id == service_id))
        return found[0] if found else None

    def list_records(self) -> Sequence[ScheduleRecord]:
        """Every schedule in force."""
        return self._select(_RECORDS.order_by(schedules.c.service_id))

    def list_versions(self, service_id: str, most: int) -> Sequence[ScheduleVersion]:
        """The latest versions of a group, also those of a schedule that was removed."""
        table = schedule_versions
        query = select(table).where(table.c.service_id == service_id)
        with reading(self.engine) as connection:
            rows = connection.execute(query.order_by(table.c.version.desc()).limit(most)).all()
        return [_version_of(row) for row in rows]

    def find_version(self, service_id: str, number: int) -> ScheduleVersion | None:
        """One version of a group."""
        table = schedule_versions
        query = select(table).where(
            table.c.service_id == service_id, table.c.version == as_number(number)
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).one_or_none()
        return _version_of(row) if row else None

    def save_version(
        self, service_id: str, new: ScheduleVersion, event: Event, *, version: int | None
    ) -> bool:
        """Put a new version in force; a pause and skips of the former one stay."""
        values = {"version": new.number, "latest": new.number}
        is_first = new.number == 1
        if is_first and version is not None:  # whoever saw a version saw another schedule
            return False
        try:
            with recording(self.engine) as recorder:
                connection = recorder.connection
                if is_first:
                    connection.execute(schedules.insert().values(service_id=service_id, **values))
                elif not _update(connection, service_id, version, values, new.number - 1):
                    return False
                row = _row_of(service_id, new)
                connection.execute(schedule_versions.insert().values(row))
                bump_revision(connection)
                recorder.add(event)
        except IntegrityError:  # another process saved one in between
            return False
        return True

    def remove(self, service_id: str, event: Event, *, version: int) -> bool:
        """Take the schedule out of force. Its versions are kept; a pause and skips are not."""
        ended = {"version": None, "paused_until": None}
        skips = schedule_skips.delete().where(schedule_skips.c.service_id == service_id)
        return self._edit(service_id, ended, event, version, skips)

    def set_pause(
        self, service_id: str, until: datetime | None, event: Event, *, version: int
    ) -> bool:
        """Let it do nothing until then."""
        return self._edit(service_id, {"paused_until": until}, event, version)

    def add_skip(self, service_id: str, skip: Skip, event: Event, *, version: int) -> bool:
        """Leave one occurrence out; nothing is written where it is left out already."""
        row = {"service_id": service_id, "window": skip.window, "day": skip.day.isoformat()}
        try:
            with recording(self.engine) as recorder:
                if not _update(recorder.connection, service_id, version, {"version": version}):
                    return False
                recorder.connection.execute(schedule_skips.insert().values(row))
                bump_revision(recorder.connection)
                recorder.add(event)
        except IntegrityError:
            return True
        return True

    def _edit(
        self,
        service_id: str,
        values: dict[str, Any],
        event: Event,
        version: int,
        *besides: Executable,
    ) -> bool:
        with recording(self.engine) as recorder:
            if not _update(recorder.connection, service_id, version, values):
                return False
            for step in besides:
                recorder.connection.execute(step)
            bump_revision(recorder.connection)
            recorder.add(event)
        return True

    def _select(self, query: Select[Any]) -> list[ScheduleRecord]:
        with reading(self.engine) as connection:
            rows = connection.execute(query).all()
            skips = _skips_of(connection, [row.service_id for row in rows])
        return [_record_of(row, skips.get(row.service_id, frozenset())) for row in rows]


def _update(
    connection: Connection,
    service_id: str,
    version: int | None,
    values: dict[str, Any],
    latest: int | None = None,
) -> bool:
    seen = None if version is None else as_number(version)
    is_seen = schedules.c.service_id == service_id
    is_seen &= schedules.c.version.is_not_distinct_from(seen)
    is_seen &= ~is_handed_over(service_id)  # what Cloud carries out must stay what it was given
    if latest is not None:
        is_seen &= schedules.c.latest == latest
    return connection.execute(update(schedules).where(is_seen).values(values)).rowcount == 1


def _skips_of(connection: Connection, service_ids: list[str]) -> dict[str, frozenset[Skip]]:
    table = schedule_skips
    query = select(table).where(table.c.service_id.in_(service_ids)).order_by(table.c.day.desc())
    found: dict[str, list[Skip]] = {}
    for row in connection.execute(query):
        found.setdefault(row.service_id, []).append(Skip(row.window, date.fromisoformat(row.day)))
    return {key: frozenset(skips[:OLD_SKIPS_KEPT]) for key, skips in found.items()}


def _record_of(row: Row[Any], skips: frozenset[Skip]) -> ScheduleRecord:
    exceptions = Exceptions(skips, row.paused_until)
    return ScheduleRecord(row.service_id, _version_of(row), exceptions, row.latest)


def _version_of(row: Row[Any]) -> ScheduleVersion:
    author = Identity(row.warehouse, row.user, frozenset(row.roles))
    return ScheduleVersion(row.version, row.settings, author, row.reason, row.saved_at)


def _row_of(service_id: str, version: ScheduleVersion) -> dict[str, Any]:
    return {
        "service_id": service_id,
        "version": version.number,
        "settings": dict(version.settings),
        "warehouse": version.author.warehouse,
        "user": version.author.user,
        "roles": sorted(version.author.roles),
        "reason": version.reason,
        "saved_at": version.saved_at,
    }
