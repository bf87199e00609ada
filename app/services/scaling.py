"""Asking for another size: the draft of a change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.cloud.snapshot import Snapshot
from app.domain.access import Identity, Permission
from app.domain.acts import Act
from app.domain.changes import Change, ChangeState
from app.domain.requests import ScalingRequest
from app.domain.rules import check_usable
from app.domain.scaling import ScalingConfig, patch_between
from app.errors import BrokenRules
from app.services.access import Access
from app.services.change_events import ChangeEvents
from app.services.conditions import configuration_changed, known_service, scalable_config
from app.services.ledger import Ledger
from app.services.scaling_rules import ScalingRules
from app.store.changes import ChangeStore


@dataclass(frozen=True)
class Scaling:
    """The use case of proposing a size. Raises StoreUnavailable as well as what is named."""

    access: Access
    ledger: Ledger
    snapshot: Snapshot
    rules: ScalingRules
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
        self.access.check_act(identity, service_id, Permission.SCALE)
        self.ledger.check_nothing_in_flight(identity, service_id)
        current = scalable_config(known_service(self.snapshot, service_id))
        if drawn_from not in {None, current.fingerprint}:
            raise configuration_changed()
        draft = self._draw(identity, service_id, request, current)
        self.rules.check(draft, request)
        return draft if draft.patch else None

    def add_rules_of_group(
        self, identity: Identity, service_id: str, values: Mapping[str, Any], broken: BrokenRules
    ) -> BrokenRules:
        """What is wrong with a request by itself, and with its usable fields in this group.

        Looks at the snapshot only. Raises NotFound, NotAllowed.
        """
        definition = self.access.check_permission(identity, service_id, Permission.SCALE)
        service = self.snapshot.view().services.get(service_id)
        if service is None or service.scaling_obstacle or service.configured is None:
            return broken
        found = check_usable(values, broken.problems, service.configured, definition.limits)
        return BrokenRules(found)

    def _draw(
        self, identity: Identity, service_id: str, request: ScalingRequest, current: ScalingConfig
    ) -> Change:
        target = request.applied_to(current)
        return Change(
            reference="",
            act=Act.SCALE,
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            patch={**patch_between(current, target)},
            created_at=self.now(),
            before=current,
            target=target,
            reason=request.reason,
        )
