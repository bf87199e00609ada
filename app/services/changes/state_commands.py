"""Waking, starting and stopping a group: what was asked becomes the draft of a change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.state_request import StateRequest, parse_state_request
from app.domain.groups.states import ServiceState
from app.errors import NotPossible
from app.services.access.control import Access
from app.services.changes.apply import ChangeApplier
from app.services.changes.confirmation import Confirmation, ConfirmationRules
from app.services.changes.events import ChangeEvents
from app.services.changes.ledger import Ledger
from app.services.changes.settling import check_nothing_to_do
from app.store.changes import ChangeStore


@dataclass(frozen=True)
class StateCommands:
    """The use cases of such a command. Each method records what it refuses, and raises
    BrokenRules, NotFound, NotAllowed, ChangesFrozen, NotPossible, ChangeInFlight, CloudError,
    StoreUnavailable.
    """

    access: Access
    ledger: Ledger
    confirmations: ConfirmationRules
    applier: ChangeApplier
    snapshot: Snapshot
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def begin(
        self,
        identity: Identity,
        service_id: str,
        values: Mapping[str, Any],
        confirmation: Confirmation,
        *,
        check_signed_in: Callable[[], object],
    ) -> Change | None:
        """Carry the command out at once, where confirming it asks for nothing.

        Otherwise what is returned is its draft, to be reviewed; None as for `propose`. Raises
        whatever applying raises too.
        """
        draft = self.propose(identity, service_id, values)
        if draft is None or self.confirmations.is_review_needed(draft, confirmation.token):
            return draft
        return self.applier.apply(
            identity, draft.reference, confirmation, check_signed_in=check_signed_in
        )

    def propose(
        self, identity: Identity, service_id: str, values: Mapping[str, Any]
    ) -> Change | None:
        """Record a draft of the command; None if it is in progress or done already."""
        request = self.parse(identity, service_id, values)
        return self.propose_request(identity, service_id, request)

    def parse(self, identity: Identity, service_id: str, values: Mapping[str, Any]) -> StateRequest:
        """The request that was sent. Raises BrokenRules with everything that is wrong with it."""
        about = self.events.about(service_id)
        with self.events.audit.recording_rejections(identity, "draft", about):
            return parse_state_request(values)

    def propose_request(
        self, identity: Identity, service_id: str, request: StateRequest
    ) -> Change | None:
        """The same for a request that was parsed already."""
        spec = request.action.spec
        definition = self.access.check_action(identity, service_id, spec.permission)
        about = self.events.about(service_id)
        with self.events.audit.recording_rejections(identity, "draft", about):
            self.ledger.check_nothing_in_flight(identity, service_id)
        draft, state = self._change(identity, service_id, request), self._state_of(service_id)
        if state in spec.in_progress_in | spec.done_in:
            check_nothing_to_do(self.changes, draft, self.now())
            return None
        if state not in spec.begins_in:
            raise NotPossible(
                message=f"“{definition.name}” cannot be changed like this at the moment.",
                remedy=spec.elsewhere,
            )
        return self.changes.create_draft(draft, self.events.drafted(identity, draft))

    def _state_of(self, service_id: str) -> ServiceState:
        view = self.snapshot.view()
        view.freshness(self.now()).check_recent()
        service = view.services.get(service_id)
        return service.state if service else ServiceState.UNKNOWN

    def _change(self, identity: Identity, service_id: str, request: StateRequest) -> Change:
        return Change(
            reference="",
            action=request.action,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={"command": request.action.spec.command},
            created_at=self.now(),
            reason=request.reason,
        )
