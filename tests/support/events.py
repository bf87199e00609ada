"""Events for tests that are about something else, and a trail that only remembers."""

from datetime import UTC, datetime

from sqlalchemy import create_engine

from app.domain.events import Event, EventKind, Result
from app.services.audit import Audit
from app.services.origin import BY_ITSELF
from app.store.events import EventStore

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
EVENT = Event(EventKind.SENSITIVE_UPDATE, NOW, "test", Result.SUCCESS, BY_ITSELF)


class RememberedAudit(Audit):
    """Keeps what is written in `events` and nowhere else."""

    def __init__(self) -> None:
        super().__init__(EventStore(create_engine("sqlite://")), lambda: NOW)
        object.__setattr__(self, "events", [])

    events: list[Event]

    def record(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    def note(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)
