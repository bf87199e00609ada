"""Looking at changes, and closing those whose outcome nothing tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import AuditTarget
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.effect import Effect
from app.domain.changes.group_changes import RECENT, GroupChanges
from app.errors import ChangeInFlight, StoreUnavailable
from app.services.access.control import Access
from app.services.changes.reconcile import Reconciler
from app.store.changes import ChangeStore

MOST_READ = 200
"""How many changes of a group are read for its page at most."""


@dataclass(frozen=True)
class Ledger:
    """The changes as one person may see them. All raise StoreUnavailable too, unless they say
    otherwise."""

    access: Access
    changes: ChangeStore
    reconciler: Reconciler

    def get_own_change(self, identity: Identity, reference: str) -> Change:
        """A change of this very person. Raises NotFound."""
        change = self._get(identity, reference)
        if not change.is_by(identity):
            raise self.access.refuse_foreign(
                identity, AuditTarget(change.service_id, reference=reference)
            )
        self.access.check_permission(identity, change.service_id, Permission.VIEW)
        return change

    def get_change(self, identity: Identity, reference: str) -> Change:
        """A change that the person may see, reconciled if it can be. Raises NotFound.

        A draft is seen by its author alone. Other people's changes are seen by holders of
        `audit`, and by everybody who sees the group while they are in flight.
        """
        change = self._get(identity, reference)
        if change.state is ChangeState.DRAFT:
            return self.get_own_change(identity, reference)
        self.access.check_permission(identity, change.service_id, Permission.VIEW)
        known = self.reconciler.note_effect(self.reconciler.reconcile(change))
        self._check_seen(identity, known)
        return known

    def get_recorded_change(self, identity: Identity, reference: str) -> Change:
        """The same as it is on record, without finding out more. Raises NotFound."""
        change = self._get(identity, reference)
        if change.state is ChangeState.DRAFT:
            return self.get_own_change(identity, reference)
        self.access.check_permission(identity, change.service_id, Permission.VIEW)
        self._check_seen(identity, change)
        return change

    def read_group(self, identity: Identity, service_id: str, since: datetime) -> GroupChanges:
        """A group's changes since a moment and the latest ones, in one reading. Raises NotFound.

        The one in flight is reconciled, and of the newest it is noted whether it is in effect.
        """
        self.access.check_permission(identity, service_id, Permission.VIEW)
        found = GroupChanges(
            tuple(self.changes.list_latest(service_id, since, at_least=RECENT, most=MOST_READ))
        )
        if found.in_flight:
            found = found.replaced(self.reconciler.reconcile(found.in_flight))
        for newest in found.changes[:1]:
            found = found.replaced(self.reconciler.note_effect(newest))
        return found

    def list_recent(self, identity: Identity, service_id: str) -> Sequence[Change]:
        """The latest changes of a group that the person may see, newest first. Raises NotFound."""
        found = self.read_group(identity, service_id, self.reconciler.now() - timedelta(days=1))
        if self.access.has_permission(identity, service_id, Permission.AUDIT):
            return found.recent
        return self.changes.list_recent(service_id, by=identity, most=RECENT)

    def find_in_flight(self, identity: Identity, service_id: str) -> Change | None:
        """The change in progress, by whomever, if there still is one. Raises NotFound."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        change = self.changes.find_in_flight(service_id)
        known = self.reconciler.reconcile(change) if change else None
        return known if known and known.is_in_flight else None

    def map_in_flight(self, identity: Identity) -> dict[str, Change]:
        """The changes in progress of all groups that the person sees, by group, in one reading."""
        known = [
            self.reconciler.reconcile(change)
            for change in self.changes.list_in_flight()
            if self.access.has_permission(identity, change.service_id, Permission.VIEW)
        ]
        return {change.service_id: change for change in known if change.is_in_flight}

    def check_nothing_in_flight(self, identity: Identity, service_id: str) -> None:
        """Raises ChangeInFlight while a change of the group has no known outcome."""
        if change := self.find_in_flight(identity, service_id):
            raise ChangeInFlight(
                message=f"{change.user} is changing this group at the moment.",
                remedy="Wait until that change has a known outcome, then try again.",
                reference=change.reference,
            )

    def find_effect(self, change: Change) -> Effect | None:
        """How far an accepted change shows in what Cloud says of its group now; else None."""
        is_accepted = change.state is ChangeState.APPLIED
        return self.reconciler.effect_of(change) if is_accepted else None

    def find_effect_of_sent(self, change: Change) -> Effect | None:
        """The same for a change just sent: where nothing can be read, that is not known."""
        try:
            return self.find_effect(change)
        except StoreUnavailable:  # whose words are that nothing was sent
            return Effect.NOT_KNOWN

    def close_manually(self, identity: Identity, reference: str) -> Change:
        """Close a change that nothing can reconcile. Raises NotFound, NotAllowed, NotPossible."""
        change = self.get_change(identity, reference)
        self.access.check_permission(identity, change.service_id, change.permission)
        return self.reconciler.close_manually(change, identity)

    def _may_see(self, identity: Identity, change: Change) -> bool:
        is_auditor = self.access.has_permission(identity, change.service_id, Permission.AUDIT)
        return is_auditor or change.is_by(identity)

    def _check_seen(self, identity: Identity, change: Change) -> None:
        if not (self._may_see(identity, change) or change.is_in_flight):
            raise self.access.refuse_unknown(
                identity, AuditTarget(change.service_id, reference=change.reference)
            )

    def _get(self, identity: Identity, reference: str) -> Change:
        change = self.changes.find_change(reference)
        if change is None:
            raise self.access.refuse_unknown(identity, AuditTarget(reference=reference))
        return change
