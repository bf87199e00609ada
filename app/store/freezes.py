"""Times when nobody may change anything, as an administrator decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update

from app.domain.audit.events import Event
from app.store.audit import recording
from app.store.engine import reading
from app.store.schema import freezes


@dataclass(frozen=True)
class Freeze:
    """All changes are off: since when, by whom and why."""

    reason: str
    frozen_by: str
    frozen_at: datetime


@dataclass(frozen=True)
class FreezeStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def find_freeze(self) -> Freeze | None:
        """The freeze in force, if there is one."""
        query = select(freezes).where(freezes.c.lifted_at.is_(None)).order_by(freezes.c.id)
        with reading(self.engine) as connection:
            row = connection.execute(query).first()
        return Freeze(row.reason, row.frozen_by, row.frozen_at) if row else None

    def create_freeze(self, freeze: Freeze, event: Event) -> None:
        """Switch all changes off."""
        values = {
            "reason": freeze.reason,
            "frozen_by": freeze.frozen_by,
            "frozen_at": freeze.frozen_at,
        }
        with recording(self.engine) as recorder:
            recorder.connection.execute(freezes.insert().values(values))
            recorder.add(event)

    def lift(self, lifted_by: str, now: datetime, event: Event) -> None:
        """Switch changes on again."""
        values = {"lifted_by": lifted_by, "lifted_at": now}
        in_force = update(freezes).where(freezes.c.lifted_at.is_(None))
        with recording(self.engine) as recorder:
            if recorder.connection.execute(in_force.values(values)).rowcount:
                recorder.add(event)
