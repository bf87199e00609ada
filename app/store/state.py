"""What every page depends on, read together once per request: the number of what pages show, the
freeze in force, and how the shared readings of Cloud stand.

Each write that pages show counts the revision up in its own transaction, so that an equal revision
means that nothing of the records has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, and_, select, update

from app.context import current_context
from app.domain.access.freeze import Freeze
from app.domain.readings import ReadingMark
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading
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
_QUERY = select(*STATE_COLUMNS).select_from(STATE_TABLES)


def bump_revision(connection: Connection) -> None:
    """Say, in the transaction that writes it, that something which pages show is another now."""
    connection.execute(update(revisions).values(revision=revisions.c.revision + 1))


def state_of(row: Row[Any], now: datetime) -> StoreState:
    """The state in a row that has STATE_COLUMNS, by the database's clock."""
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented way to name columns
    frozen_at = values["freeze_frozen_at"]
    freeze = Freeze(values["freeze_reason"], values["freeze_frozen_by"], frozen_at)
    marks = {name: _mark_of(values, name, now) for name in READING_NAMES}
    return StoreState(values["revision"], freeze if frozen_at else None, marks)


def _mark_of(values: Mapping[Any, Any], name: str, now: datetime) -> ReadingMark:
    tried_at, until = values[f"{name}_tried_at"], values[f"{name}_reserved_until"]
    return ReadingMark(
        version=values[f"{name}_version"],
        taken_at=values[f"{name}_taken_at"],
        age_seconds=(now - tried_at).total_seconds() if tried_at else None,
        error=values[f"{name}_error"],
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
            row = connection.execute(_QUERY).one()
            state = state_of(row, self.clock(connection))
        remember_state(state)
        return state


def remember_state(state: StoreState) -> None:
    """Let the rest of this request see this state."""
    kept = current_context().readings
    if kept is not None:
        kept[StoreState] = state
