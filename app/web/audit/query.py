"""The search of the audit log as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.audit.event_search import EventSearch

DAYS = {"from": "From date", "to": "To date"}


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for, as given, and what is wrong with it."""

    search: EventSearch

    @property
    def values(self) -> Mapping[str, str]:
        """Field -> what was given; only those that were."""
        return self.search.values

    @property
    def problems(self) -> Mapping[str, str]:
        """Field -> what is wrong with it."""
        return {item.field: item.message for item in self.search.problems}

    @property
    def before(self) -> int | None:
        """Only events with a number below this are shown."""
        return self.search.before

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.search.values)

    @property
    def labelled_problems(self) -> list[tuple[str, str, str]]:
        """Field, label and problem of each field that is to be corrected."""
        return [(item.field, DAYS[item.field], item.message) for item in self.search.problems]
