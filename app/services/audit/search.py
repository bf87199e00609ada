"""Looking at the audit log, and taking copies of it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.chain import ChainEntry, Unreadable
from app.domain.audit.event_search import EventFilter, EventSearch, parse_search
from app.domain.audit.events import Actor, AuditTarget, EventKind, Result
from app.domain.groups.catalog import GroupDefinition
from app.errors import BrokenRules
from app.services.audit.log import tampered
from app.services.audit.recorder import AuditRecorder
from app.store.audit.recording import line_of

EVENTS_ON_A_PAGE = 50


@dataclass(frozen=True)
class AuditLogPage:
    """Some events, newest first, and what was looked for; `older_before` is where those before
    them begin, if any do."""

    search: EventSearch
    lines: tuple[dict[str, Any], ...]
    older_before: int | None


class GroupAccess(Protocol):
    """Whoever decides about access to a group."""

    def check_permission(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> GroupDefinition:
        """The group. Raises NotFound, NotAllowed."""
        ...


@dataclass(frozen=True)
class AuditSearch:
    """The use cases. Every method raises StoreUnavailable.

    `asked` is what was given, by field; days are those of the time zone.
    """

    audit: AuditRecorder
    access: GroupAccess
    zone: ZoneInfo

    def list_group_events(
        self, identity: Identity, service_id: str, asked: Mapping[str, str]
    ) -> tuple[GroupDefinition, AuditLogPage]:
        """The events about a group, for holders of `audit`. Raises NotFound, NotAllowed."""
        definition = self._check(identity, service_id)
        return definition, self._read_page(parse_search(asked, self.zone, service_id))

    def list_events(self, asked: Mapping[str, str]) -> AuditLogPage:
        """Any events: for the administrator alone.

        Raises StoreUnavailable also where somebody has put something else in an event's place.
        """
        return self._read_page(parse_search(asked, self.zone))

    def export_group(
        self, identity: Identity, service_id: str, asked: Mapping[str, str]
    ) -> Iterator[dict[str, Any]]:
        """A copy of the events about a group. Raises NotFound, NotAllowed, BrokenRules."""
        definition = self._check(identity, service_id)
        wanted = _checked(parse_search(asked, self.zone, service_id))
        return self.export(identity, wanted, definition.name)

    def export_all(self, by: Identity, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """A copy of any events: for the administrator alone. Raises BrokenRules."""
        return self.export(by, _checked(parse_search(asked, self.zone)))

    def export(
        self, by: Identity | Actor, wanted: EventFilter, group: str = ""
    ) -> Iterator[dict[str, Any]]:
        """A copy of events, oldest first. It is recorded before: where the filter lets that event
        through, it is the last. A row that cannot be read is left out.
        """
        details = {name: str(value or "") for name, value in wanted.__dict__.items()}
        event = self.audit.event(
            EventKind.SENSITIVE_READ,
            "export",
            Result.SUCCESS,
            actor=by,
            about=AuditTarget(wanted.service_id, group),
            details=details,
        )
        self.audit.record(event)
        return _readable(self.audit.store.iterate(wanted))

    def _read_page(self, search: EventSearch) -> AuditLogPage:
        most = EVENTS_ON_A_PAGE + 1
        found = self.audit.store.list_latest(search.wanted, most=most, before=search.before)
        shown = found[:EVENTS_ON_A_PAGE]
        try:
            lines = tuple(line_of(entry) for entry in shown)
        except ValueError:
            raise tampered() from None
        return AuditLogPage(search, lines, shown[-1].seq if len(found) > len(shown) else None)

    def _check(self, identity: Identity, service_id: str) -> GroupDefinition:
        return self.access.check_permission(identity, service_id, Permission.AUDIT)


def _checked(search: EventSearch) -> EventFilter:
    # More than was asked for is never handed out.
    if search.problems:
        raise BrokenRules(search.problems)
    return search.wanted


def _readable(entries: Iterable[ChainEntry | Unreadable]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        with suppress(ValueError):
            if isinstance(entry, ChainEntry):
                yield line_of(entry)
