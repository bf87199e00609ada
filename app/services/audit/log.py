"""Proving the audit log, taking it for whole again, and cutting off what is old."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from app.domain.audit.anchor import AnchorState
from app.domain.audit.chain import Report, check_chain
from app.domain.audit.event_search import EVERYTHING
from app.domain.audit.events import Actor, Event, EventKind, Result
from app.domain.audit.ledger_check import LedgerReport, check_ledger
from app.errors import StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.store.audit.ledger_reading import read_both
from app.store.audit.log import Removal
from app.store.audit.log_end import Place

IN_LOG = {AnchorState.HOLDS, AnchorState.OTHER_KEY, AnchorState.UNPROVEN}
"""What an anchor may say that somebody brings from elsewhere: their keeping it is the proof."""


@dataclass(frozen=True)
class AuditLog:
    """The use cases. Every method raises StoreUnavailable."""

    audit: AuditRecorder
    anchors: Anchors

    def record_forgery(self, endpoint: str) -> None:
        """Record a request of another site's page, or one without its form's token."""
        forgery = self.audit.event(EventKind.MALICIOUS_CSRF, endpoint, Result.FAIL)
        self.audit.record_best_effort(forgery)

    def verify(self) -> Report:
        """Follow the whole chain; anew where a prune took away what was still to be read."""
        start = self.audit.store.find_start()
        report = check_chain(self.audit.store.iterate())
        is_cut_meanwhile = report.broken and self.audit.store.find_start() != start
        return self.verify() if is_cut_meanwhile else report

    def check_anchor(self) -> AnchorState:
        """What the anchor beside the database says of the log."""
        return self.anchors.check()

    def check_ledger(self) -> LedgerReport:
        """Whether the ledger tells the same of every change as the events do."""
        try:
            both = read_both(self.audit.store.engine)
        except ValueError:
            raise tampered() from None
        return check_ledger(both.rows, both.steps, both.known_since)

    def accept(self, by: Actor) -> AnchorState:
        """Take the log as it is for whole, as after a backup was put back on purpose; what the
        anchor said of it before. It is recorded before."""
        state = self.anchors.check()
        details = {"anchor": state, **self.anchors.sign_start()}
        event = self._event(EventKind.SENSITIVE_UPDATE, "accept_audit_log", by, details)
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
        """Cut off what is older, in parts, so that others can write in between; the record of each
        closes the chain. None if nothing is."""

        def describe(removal: Removal) -> Event:
            signature = self.anchors.sign_removal(Place(removal.last, removal.last_hash))
            details = {"removed_from": removal.first, **signature}
            return self._event(EventKind.SENSITIVE_DELETE, "prune", by, details)

        before = self.audit.now() - keep
        part = whole = self.audit.store.prune(before, describe)
        while whole and part and part.is_full:
            part = self.audit.store.prune(before, describe)
            whole = replace(part, first=whole.first) if part else whole
        self.anchors.renew()
        return whole

    def _event(self, kind: EventKind, action: str, by: Actor, details: dict[str, Any]) -> Event:
        return self.audit.event(kind, action, Result.SUCCESS, actor=by, details=details)


def tampered() -> StoreUnavailable:
    """Something stands in the log or the ledger that no portal writes."""
    return StoreUnavailable(
        message="The audit log holds something that this portal did not write.",
        remedy="Tell whoever runs it: `flask --app wsgi audit verify` names the place.",
    )
