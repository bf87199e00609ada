"""Looking at the audit log, taking copies of it, proving it, and cutting off what is old."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.anchor import AnchorState
from app.domain.audit.chain import ChainEntry, Report, Unreadable, check_chain
from app.domain.audit.events import Actor, AuditTarget, Event, EventKind, Result
from app.domain.audit.ledger_check import LedgerReport, check_ledger
from app.domain.groups.catalog import GroupDefinition
from app.errors import StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.store.audit import EVERYTHING, EventFilter, Removal, line_of
from app.store.ledger_reading import read_both
from app.store.log_end import Place

EVENTS_ON_A_PAGE = 50

IN_LOG = {AnchorState.HOLDS, AnchorState.OTHER_KEY, AnchorState.UNPROVEN}
"""What an anchor may say that somebody brings from elsewhere: their keeping it is the proof."""


@dataclass(frozen=True)
class AuditLogPage:
    """Some events, newest first; `older_before` is where those before them begin, if any do."""

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
class AuditLog:
    """The use cases. Every method raises StoreUnavailable."""

    audit: AuditRecorder
    access: GroupAccess
    anchors: Anchors

    def list_group_events(
        self, identity: Identity, wanted: EventFilter, before: int | None = None
    ) -> tuple[GroupDefinition, AuditLogPage]:
        """The events about the group of the filter, for holders of `audit`.

        Raises NotFound, NotAllowed.
        """
        definition = self._check(identity, wanted)
        return definition, self.list_events(wanted, before)

    def list_events(self, wanted: EventFilter, before: int | None = None) -> AuditLogPage:
        """Any events: for the administrator alone.

        Raises StoreUnavailable also where somebody has put something else in an event's place.
        """
        most = EVENTS_ON_A_PAGE + 1
        found = self.audit.store.list_latest(wanted, most=most, before=before)
        shown = found[:EVENTS_ON_A_PAGE]
        try:
            lines = tuple(line_of(entry) for entry in shown)
        except ValueError:
            raise _tampered() from None
        return AuditLogPage(lines, shown[-1].seq if len(found) > len(shown) else None)

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
        about = AuditTarget(wanted.service_id, group)
        details = {name: str(value or "") for name, value in wanted.__dict__.items()}
        self.audit.record(self._event(EventKind.SENSITIVE_READ, "export", by, about, details))
        return _readable(self.audit.store.iterate(wanted))

    def record_forgery(self, endpoint: str) -> None:
        """Record a request of another site's page, or one without its form's token."""
        forgery = self.audit.event(EventKind.MALICIOUS_CSRF, endpoint, Result.FAIL)
        self.audit.record_best_effort(forgery)

    def verify(self) -> Report:
        """Follow the whole chain."""
        return check_chain(self.audit.store.iterate())

    def check_anchor(self) -> AnchorState:
        """What the anchor beside the database says of the log."""
        return self.anchors.check()

    def check_ledger(self) -> LedgerReport:
        """Whether the ledger tells the same of every change as the events do."""
        try:
            both = read_both(self.audit.store.engine)
        except ValueError:
            raise _tampered() from None
        return check_ledger(both.rows, both.steps, both.known_since)

    def accept(self, by: Actor) -> AnchorState:
        """Take the log as it is for whole, as after a backup was put back on purpose; what the
        anchor said of it before. It is recorded before."""
        state = self.anchors.check()
        details = {"anchor": state, **self.anchors.sign_start()}
        event = self._event(
            EventKind.SENSITIVE_UPDATE, "accept_audit_log", by, AuditTarget(), details
        )
        self.audit.store.forget_end()
        self.audit.record(event)
        self.anchors.replace()
        return state

    def holds(self, shipped: str) -> bool:
        """Whether an event that was shipped is still there, as SEQ:HASH or as the anchor that was
        shipped with it. An old one may be gone for good: by SEQ:HASH alone, then it is not."""
        if shipped.count(":") > 1:
            return self.anchors.judge(shipped) in IN_LOG
        seq, _, hash_ = shipped.partition(":")
        if not (seq.isascii() and seq.isdecimal()):
            return False
        before = int(seq[:12]) + 1
        found = self.audit.store.list_latest(EVERYTHING, most=1, before=before)
        return bool(found) and (str(found[0].seq), found[0].hash) == (seq, hash_)

    def prune(self, keep: timedelta, by: Actor) -> Removal | None:
        """Cut off what is older; the record of it closes the chain. None if nothing is."""

        def describe(removal: Removal) -> Event:
            signature = self.anchors.sign_removal(Place(removal.last, removal.last_hash))
            details = {"removed_from": removal.first, **signature}
            return self._event(EventKind.SENSITIVE_DELETE, "prune", by, AuditTarget(), details)

        removal = self.audit.store.prune(self.audit.now() - keep, describe)
        self.anchors.renew()
        return removal

    def _event(
        self,
        kind: EventKind,
        action: str,
        by: Identity | Actor,
        about: AuditTarget,
        details: dict[str, Any],
    ) -> Event:
        return self.audit.event(
            kind, action, Result.SUCCESS, actor=by, about=about, details=details
        )

    def _check(self, identity: Identity, wanted: EventFilter) -> GroupDefinition:
        return self.access.check_permission(identity, wanted.service_id, Permission.AUDIT)


def _readable(entries: Iterable[ChainEntry | Unreadable]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        with suppress(ValueError):
            if isinstance(entry, ChainEntry):
                yield line_of(entry)


def _tampered() -> StoreUnavailable:
    return StoreUnavailable(
        message="The audit log holds something that this portal did not write.",
        remedy="Tell whoever runs it: `flask --app wsgi audit verify` names the place.",
    )
