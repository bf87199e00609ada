"""Looking at the audit trail, taking copies of it, proving it, and cutting off what is old."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.access import Identity, Permission
from app.domain.catalog import GroupDefinition
from app.domain.chain import REMOVED_HASH, REMOVED_TO, Link, Report, Unreadable, check_chain
from app.domain.events import Actor, Event, EventKind, Matter, Result
from app.errors import StoreUnavailable
from app.services.access import Access
from app.services.audit import Audit
from app.store.events import EVERYTHING, EventFilter, Removal, line_of

EVENTS_ON_A_PAGE = 50


@dataclass(frozen=True)
class TrailPage:
    """Some events, newest first; `older_before` is where those before them begin, if any do."""

    lines: tuple[dict[str, Any], ...]
    older_before: int | None


@dataclass(frozen=True)
class Trail:
    """The use cases. Every method raises StoreUnavailable."""

    audit: Audit
    access: Access

    def look_at_group(
        self, identity: Identity, wanted: EventFilter, before: int | None = None
    ) -> tuple[GroupDefinition, TrailPage]:
        """The events about the group of the filter, for holders of `audit`.

        Raises NotFound, NotAllowed.
        """
        definition = self._check(identity, wanted)
        return definition, self.look(wanted, before)

    def look(self, wanted: EventFilter, before: int | None = None) -> TrailPage:
        """Any events: for the administrator alone.

        Raises StoreUnavailable also where somebody has put something else in an event's place.
        """
        most = EVENTS_ON_A_PAGE + 1
        found = self.audit.store.list_latest(wanted, most=most, before=before)
        shown = found[:EVENTS_ON_A_PAGE]
        try:
            lines = tuple(line_of(link) for link in shown)
        except ValueError:
            raise _tampered() from None
        return TrailPage(lines, shown[-1].seq if len(found) > len(shown) else None)

    def export_group(self, identity: Identity, wanted: EventFilter) -> Iterator[dict[str, Any]]:
        """A copy of the events about a group. Raises NotFound, NotAllowed."""
        definition = self._check(identity, wanted)
        return self.export(identity, wanted, definition.name)

    def export(
        self, by: Identity | Actor, wanted: EventFilter, group: str = ""
    ) -> Iterator[dict[str, Any]]:
        """A copy of events, oldest first. It is recorded before: where the filter lets that event
        through, it is the last. A row that cannot be read is left out.
        """
        about = Matter(wanted.service_id, group)
        details = {name: str(value or "") for name, value in wanted.__dict__.items()}
        self.audit.record(self._event(EventKind.SENSITIVE_READ, "export", by, about, details))
        return _readable(self.audit.store.iterate(wanted))

    def verify(self) -> Report:
        """Follow the whole chain."""
        return check_chain(self.audit.store.iterate())

    def holds(self, shipped: str) -> bool:
        """Whether an event that was shipped, as SEQ:HASH, is still there. An old one may be gone
        for good: then it is not."""
        seq, _, hash_ = shipped.partition(":")
        if not (seq.isascii() and seq.isdecimal()):
            return False
        before = int(seq[:12]) + 1
        found = self.audit.store.list_latest(EVERYTHING, most=1, before=before)
        return bool(found) and (str(found[0].seq), found[0].hash) == (seq, hash_)

    def prune(self, keep: timedelta, by: Actor) -> Removal | None:
        """Cut off what is older; the record of it closes the chain. None if nothing is."""

        def describe(removal: Removal) -> Event:
            details = {
                "removed_from": removal.first,
                REMOVED_TO: removal.last,
                REMOVED_HASH: removal.last_hash,
            }
            return self._event(EventKind.SENSITIVE_DELETE, "prune", by, Matter(), details)

        return self.audit.store.prune(self.audit.now() - keep, describe)

    def _event(
        self,
        kind: EventKind,
        action: str,
        by: Identity | Actor,
        about: Matter,
        details: dict[str, Any],
    ) -> Event:
        return self.audit.event(
            kind, action, Result.SUCCESS, actor=by, about=about, details=details
        )

    def _check(self, identity: Identity, wanted: EventFilter) -> GroupDefinition:
        return self.access.check_permission(identity, wanted.service_id, Permission.AUDIT)


def _readable(links: Iterable[Link | Unreadable]) -> Iterator[dict[str, Any]]:
    for link in links:
        with suppress(ValueError):
            if isinstance(link, Link):
                yield line_of(link)


def _tampered() -> StoreUnavailable:
    return StoreUnavailable(
        message="The audit trail holds something that this portal did not write.",
        remedy="Tell whoever runs it: `flask --app wsgi audit verify` names the place.",
    )
