"""Events for tests that are about something else, and an audit log that only remembers."""

from datetime import UTC, datetime

from sqlalchemy import create_engine

from app.context import SYSTEM
from app.domain.audit.events import Event, EventKind, Result
from app.services.audit.recorder import AuditRecorder
from app.store.audit.log import EventStore

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
EVENT = Event(EventKind.SENSITIVE_UPDATE, NOW, "test", Result.SUCCESS, SYSTEM)


class RememberedAudit(AuditRecorder):
    """Keeps what is written in `events` and nowhere else."""

    def __init__(self) -> None:
        super().__init__(EventStore(create_engine("sqlite://")), lambda: NOW)
        object.__setattr__(self, "events", [])

    events: list[Event]

    def record(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def record_best_effort(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)
