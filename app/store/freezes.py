"""Times when nobody may change anything, as an administrator decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.access.freeze import Freeze
from app.domain.audit.events import Event
from app.store.audit.log import recording
from app.store.database.engine import reading
from app.store.schema import IN_FORCE, freezes
from app.store.state import bump_revision


@dataclass(frozen=True)
class FreezeStore:
    """The records of it. Every method raises StoreUnavailable."""

    engine: Engine

    def find_freeze(self) -> Freeze | None:
        """The freeze in force, if there is one."""
        with reading(self.engine) as connection:
            return _find_in_force(connection)

    def create_freeze(self, freeze: Freeze, event: Event) -> Freeze:
        """Switch all changes off, unless they are. What is in force then: this freeze, or the one
        that was there before; whichever process asks, the database itself refuses a second one.
        """
        try:
            with recording(self.engine) as recorder:
                if earlier := _find_in_force(recorder.connection):
                    return earlier
                recorder.connection.execute(freezes.insert().values(freeze.__dict__))
                bump_revision(recorder.connection)
                recorder.add(event)
        except IntegrityError:  # another process came in between
            return self.find_freeze() or self.create_freeze(freeze, event)
        return freeze

    def lift(self, lifted_by: str, now: datetime, event: Event) -> None:
        """Lift the freeze."""
        values = {"lifted_by": lifted_by, "lifted_at": now}
        in_force = update(freezes).where(IN_FORCE)
        with recording(self.engine) as recorder:
            if recorder.connection.execute(in_force.values(values)).rowcount:
                bump_revision(recorder.connection)
                recorder.add(event)


def _find_in_force(connection: Connection) -> Freeze | None:
    row = connection.execute(select(freezes).where(IN_FORCE)).first()
    return Freeze(row.reason, row.frozen_by, row.frozen_at) if row else None
