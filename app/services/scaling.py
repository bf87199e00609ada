"""Asking for another size: the draft of a change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.domain.pace import check_pace
from app.domain.requests import ScalingRequest
from app.domain.rules import check_request
from app.domain.scaling import ScalingConfig, patch_between
from app.errors import BrokenRules
from app.services.access import Access
from app.services.change_events import ChangeEvents
from app.services.conditions import (
    LONGEST_PACE,
    configuration_changed,
    known_service,
    scalable_config,
)
from app.services.ledger import Ledger
from app.store.changes import ChangeStore


@dataclass(frozen=True)
class Scaling:
    """The use case of proposing a size. Raises StoreUnavailable as well as what is named."""

    access: Access
    ledger: Ledger
    snapshot: Snapshot
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def propose(
        self,
        identity: Identity,
        service_id: str,
        request: ScalingRequest,
        *,
        drawn_from: str | None = None,
    ) -> Change | None:
        """Record a draft of what was asked; None if it is what is configured already.

        `drawn_from` is the fingerprint of the configuration that the person saw; without it the
        one configured now counts. Raises NotFound, NotAllowed, ChangesClosed, NotPossible,
        ChangeInFlight, ConfigurationChanged, BrokenRules, CloudError.
        """
        draft = self.preview(identity, service_id, request, drawn_from=drawn_from)
        if draft is None:
            return None
        return self.changes.create_draft(draft, self.events.drafted(identity, draft))

    def preview(
        self,
        identity: Identity,
        service_id: str,
        request: ScalingRequest,
        *,
        drawn_from: str | None = None,
    ) -> Change | None:
        """The draft that `propose` would record, which nobody can confirm. Raises as it does."""
        about, asked = self.events.about(service_id), request.model_dump(exclude_none=True)
        with self.events.audit.noting(identity, "draft", about, asked):
            return self._preview(identity, service_id, request, drawn_from)

    def _preview(
        self,
        identity: Identity,
        service_id: str,
        request: ScalingRequest,
        drawn_from: str | None,
    ) -> Change | None:
        definition = self.access.check_act(identity, service_id, Permission.SCALE)
        self.ledger.check_nothing_in_flight(identity, service_id)
        current = scalable_config(known_service(self.snapshot, service_id))
        if drawn_from not in {None, current.fingerprint}:
            raise configuration_changed()
        if problems := check_request(request, current, definition.limits):
            raise BrokenRules(problems)
        draft = self._draw(identity, service_id, request, current)
        if draft is None:
            return None
        earlier = self.changes.list_since(service_id, self.now() - LONGEST_PACE)
        if problems := check_pace(draft, earlier, definition.limits, self.now()):
            raise BrokenRules(problems)
        return draft

    def _draw(
        self, identity: Identity, service_id: str, request: ScalingRequest, current: ScalingConfig
    ) -> Change | None:
        target = request.applied_to(current)
        patch = patch_between(current, target)
        if not patch:
            return None
        return Change(
            reference="",
            act=Act.SCALE,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={**patch},
            created_at=self.now(),
            before=current,
            target=target,
            reason=request.reason,
        )
