"""Times when nobody may change anything, everywhere or in a part, as an administrator decided."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.freeze import Freeze, FreezeScope
from app.domain.audit.events import Event
from app.store.audit.recording import recording
from app.store.database.engine import reading
from app.store.schema import IN_FORCE, PARTIALLY_IN_FORCE, freezes, partial_freezes
from app.store.state import bump_revision


@dataclass(frozen=True)
class FreezeStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine
    _kept: dict[int, tuple[Freeze, ...]] = field(default_factory=dict, compare=False)

    def find_freeze(self) -> Freeze | None:
        """The freeze in force, if there is one."""
        with reading(self.engine) as connection:
            return _find_in_force(connection)

    def list_partial(self) -> tuple[Freeze, ...]:
        """The freezes of warehouses and groups in force, the oldest first."""
        table = partial_freezes.c
        query = select(partial_freezes).where(PARTIALLY_IN_FORCE).order_by(table.id)
        with reading(self.engine) as connection:
            return tuple(_as_partial(row) for row in connection.execute(query))

    def list_partial_at(self, revision: int) -> tuple[Freeze, ...]:
        """The same as the records of this revision have it, or newer; read once for each."""
        found = self._kept.get(revision)
        if found is None:
            found = self.list_partial()
            self._kept.clear()
            self._kept[revision] = found
        return found

    def create_freeze(self, freeze: Freeze, event: Event) -> Freeze:
        """Switch changes off, unless they are by a freeze of the same scope and target. What is in
        force then: this freeze, or the one that was there before; whichever process asks, the
        database itself refuses a second one.
        """
        try:
            with recording(self.engine) as recorder:
                if earlier := _find_same(recorder.connection, freeze):
                    return earlier
                recorder.connection.execute(_table_of(freeze.scope).insert().values(_row(freeze)))
                bump_revision(recorder.connection)
                recorder.add(event)
        except IntegrityError:  # another process came in between
            with reading(self.engine) as connection:
                earlier = _find_same(connection, freeze)
            return earlier or self.create_freeze(freeze, event)
        return freeze

    def lift(
        self,
        lifted_by: str,
        now: datetime,
        event: Event,
        scope: FreezeScope = FreezeScope.ALL,
        target: str = "",
    ) -> None:
        """Lift the freeze of this scope and target."""
        values = {"lifted_by": lifted_by, "lifted_at": now}
        with recording(self.engine) as recorder:
            lifting = update(_table_of(scope)).where(_same(scope, target)).values(values)
            if recorder.connection.execute(lifting).rowcount:
                bump_revision(recorder.connection)
                recorder.add(event)


def _table_of(scope: FreezeScope) -> Table:
    return freezes if scope is FreezeScope.ALL else partial_freezes


def _same(scope: FreezeScope, target: str) -> ColumnElement[bool]:
    if scope is FreezeScope.ALL:
        return IN_FORCE
    table = partial_freezes.c
    return PARTIALLY_IN_FORCE & (table.scope == scope) & (table.target == target)


def _row(freeze: Freeze) -> dict[str, object]:
    row = {
        "reason": freeze.reason,
        "frozen_by": freeze.frozen_by,
        "frozen_at": freeze.frozen_at,
    }
    place = {"scope": freeze.scope, "target": freeze.target}
    return row if freeze.scope is FreezeScope.ALL else row | place


def _find_same(connection: Connection, freeze: Freeze) -> Freeze | None:
    if freeze.scope is FreezeScope.ALL:
        return _find_in_force(connection)
    query = select(partial_freezes).where(_same(freeze.scope, freeze.target))
    row = connection.execute(query).first()
    return _as_partial(row) if row else None


def _find_in_force(connection: Connection) -> Freeze | None:
    row = connection.execute(select(freezes).where(IN_FORCE)).first()
    return Freeze(row.reason, row.frozen_by, row.frozen_at) if row else None


def _as_partial(row: Row[Any]) -> Freeze:
    scope = FreezeScope(row.scope)
    return Freeze(row.reason, row.frozen_by, row.frozen_at, scope, row.target)
