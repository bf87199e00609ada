"""What every page depends on, read together once per request: the number of what pages show, the
freeze in force, and how the shared readings of Cloud stand.

Each write that pages show counts the revision up in its own transaction, so that an equal revision
means that nothing of the records has changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, select, update

from app.context import current_context
from app.domain.access.freeze import Freeze
from app.domain.readings import ReadingMark
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading
from app.store.database.prepared import PreparedQuery
from app.store.schema import IN_FORCE, freezes, readings, revisions

LONGEST_HOLD = timedelta(minutes=1)

READING_NAMES = ("services", "activities")
_of = {name: readings.alias(name) for name in READING_NAMES}
_MARK = ("version", "taken_at", "tried_at", "reserved_until", "error")


@dataclass(frozen=True)
class StoreState:
    """The records at one moment. `readings`: by name."""

    revision: int
    freeze: Freeze | None
    readings: Mapping[str, ReadingMark]


STATE_COLUMNS = (
    revisions.c.revision,
    *(freezes.c[name].label(f"freeze_{name}") for name in ("reason", "frozen_by", "frozen_at")),
    *(table.c[part].label(f"{name}_{part}") for name, table in _of.items() for part in _MARK),
)
STATE_TABLES = revisions.outerjoin(freezes, IN_FORCE)
for _name, _table in _of.items():
    STATE_TABLES = STATE_TABLES.outerjoin(_table, and_(_table.c.name == _name))
_FIND_STATE = PreparedQuery(select(*STATE_COLUMNS).select_from(STATE_TABLES))


def bump_revision(connection: Connection) -> None:
    """Say, in the transaction that writes it, that something which pages show is another now."""
    connection.execute(update(revisions).values(revision=revisions.c.revision + 1))


def state_of(row: Sequence[Any], now: datetime) -> StoreState:
    """The state in a row of STATE_COLUMNS, by the database's clock."""
    revision, reason, frozen_by, frozen_at, *marks = row
    freeze = Freeze(reason, frozen_by, frozen_at) if frozen_at else None
    size = len(_MARK)
    readings = {
        name: _mark_of(now, *marks[place * size : (place + 1) * size])
        for place, name in enumerate(READING_NAMES)
    }
    return StoreState(revision, freeze, readings)


def _mark_of(
    now: datetime,
    version: int,
    taken_at: datetime | None,
    tried_at: datetime | None,
    until: datetime | None,
    error: str | None,
) -> ReadingMark:
    return ReadingMark(
        version=version,
        taken_at=taken_at,
        age_seconds=(now - tried_at).total_seconds() if tried_at else None,
        error=error,
        # One that is still to come was written before the clock was set back.
        is_being_read=until is not None and now < until < now + LONGEST_HOLD,
    )


@dataclass(frozen=True)
class StateStore:
    """Every method raises StoreUnavailable."""

    engine: Engine
    clock: StoreClock = database_now

    def current(self) -> StoreState:
        """The state as this request sees it, read once; outside of requests as it is now."""
        kept = current_context().readings
        if kept is not None and StoreState in kept:
            state: StoreState = kept[StoreState]
            return state
        return self.refresh()

    def refresh(self) -> StoreState:
        """The state as it is now; for the rest of the request it is this one."""
        with reading(self.engine) as connection:
            row = _FIND_STATE.find_row(connection)
            assert row is not None  # noqa: S101 - the revision is there from the first migration on
            state = state_of(row, self.clock(connection))
        remember_state(state)
        return state


def remember_state(state: StoreState) -> None:
    """Let the rest of this request see this state."""
    kept = current_context().readings
    if kept is not None:
        kept[StoreState] = state
