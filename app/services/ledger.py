"""Looking at changes, and closing those that nothing can settle."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.access import Identity, Permission
from app.domain.changes import Change, ChangeState
from app.domain.events import Matter
from app.errors import ChangeInFlight
from app.services.access import Access
from app.services.settlement import Settlement
from app.store.changes import ChangeStore

RECENT_CHANGES = 10


@dataclass(frozen=True)
class Ledger:
    """The changes as one person may see them. All raise StoreUnavailable too."""

    access: Access
    changes: ChangeStore
    settlement: Settlement

    def get_own_change(self, identity: Identity, reference: str) -> Change:
        """A change of this very person. Raises NotFound."""
        change = self._get(identity, reference)
        if not is_own(change, identity):
            raise self.access.refuse_foreign(
                identity, Matter(change.service_id, reference=reference)
            )
        self.access.check_permission(identity, change.service_id, Permission.VIEW)
        return change

    def get_change(self, identity: Identity, reference: str) -> Change:
        """A change that the person may see, settled if it can be. Raises NotFound.

        A draft is seen by its author alone. Other people's changes are seen by holders of
        `audit`, and by everybody who sees the group while they are in flight.
        """
        change = self._get(identity, reference)
        if change.state is ChangeState.DRAFT:
            return self.get_own_change(identity, reference)
        self.access.check_permission(identity, change.service_id, Permission.VIEW)
        settled = self.settlement.follow(self.settlement.settle(change))
        if not (self._may_see(identity, settled) or settled.is_in_flight):
            raise self.access.refuse_unknown(
                identity, Matter(change.service_id, reference=reference)
            )
        return settled

    def list_recent(self, identity: Identity, service_id: str) -> Sequence[Change]:
        """The latest changes of a group that the person may see, newest first. Raises NotFound.

        The newest is followed: whoever looks at the group sees whether it is in effect.
        """
        self.access.check_permission(identity, service_id, Permission.VIEW)
        is_auditor = self.access.has_permission(identity, service_id, Permission.AUDIT)
        by = None if is_auditor else identity
        for newest in self.changes.list_recent(service_id, by=None, most=1):
            self.settlement.follow(newest)
        return self.changes.list_recent(service_id, by=by, most=RECENT_CHANGES)

    def find_in_flight(self, identity: Identity, service_id: str) -> Change | None:
        """The change under way, by whomever, if there still is one. Raises NotFound."""
        self.access.check_permission(identity, service_id, Permission.VIEW)
        change = self.changes.find_in_flight(service_id)
        settled = self.settlement.settle(change) if change else None
        return settled if settled and settled.is_in_flight else None

    def check_nothing_in_flight(self, identity: Identity, service_id: str) -> None:
        """Raises ChangeInFlight while a change of the group has no known outcome."""
        if change := self.find_in_flight(identity, service_id):
            raise ChangeInFlight(
                message=f"{change.user} is changing this group at the moment.",
                remedy="Wait until that change has a known outcome, then try again.",
                reference=change.reference,
            )

    def settle_by_hand(self, identity: Identity, reference: str) -> Change:
        """Close a change that nothing can settle. Raises NotFound, NotAllowed, NotPossible."""
        change = self.get_change(identity, reference)
        self.access.check_permission(identity, change.service_id, change.act.facts.permission)
        return self.settlement.settle_by_hand(change, identity)

    def _may_see(self, identity: Identity, change: Change) -> bool:
        is_auditor = self.access.has_permission(identity, change.service_id, Permission.AUDIT)
        return is_auditor or is_own(change, identity)

    def _get(self, identity: Identity, reference: str) -> Change:
        change = self.changes.find_change(reference)
        if change is None:
            raise self.access.refuse_unknown(identity, Matter(reference=reference))
        return change


def is_own(change: Change, identity: Identity) -> bool:
    """Whether the identity made the change."""
    return (change.warehouse, change.user) == (identity.warehouse, identity.user)
