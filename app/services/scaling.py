"""Changing a group's scaling: propose, confirm, and find out what became of it.

The intent is recorded before anything is sent and the outcome after it, so that a process that
dies in between leaves a record that the next look can settle by reading Cloud back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.access import Identity, Permission
from app.domain.changes import Change, ChangeState, SettledBy
from app.domain.groups import Service
from app.domain.limits import Limits
from app.domain.requests import ScalingRequest, check_request, request_for
from app.domain.scaling import ScalingConfig, has_taken, patch_between
from app.errors import (
    BrokenRules,
    ChangeInFlight,
    CloudAnswerLost,
    CloudError,
    CloudRejected,
    ConfigurationChanged,
    DraftUnusable,
    NotFound,
    NotPossible,
    PortalError,
)
from app.services.groups import Groups
from app.services.settlement import Settlement
from app.store.changes import ChangeStore, Outcome

LATEST_SENDING = timedelta(seconds=10)
"""A process that was held up for longer between claim and call sends nothing any more: others
may take the change for dead 30 s after its claim, and the call itself may take 20 s."""


@dataclass(frozen=True)
class Scaling:
    """The use cases around one change. All raise StoreUnavailable as well as what they name."""

    groups: Groups
    client: CloudClient
    snapshot: Snapshot
    changes: ChangeStore
    settlement: Settlement
    now: Callable[[], datetime]

    def propose(
        self, identity: Identity, service_id: str, request: ScalingRequest, *, drawn_from: str
    ) -> Change | None:
        """Record a draft of what was asked; None if it is what is configured already.

        `drawn_from` is the fingerprint of the configuration that the person saw. Raises NotFound,
        NotAllowed, NotPossible, ChangeInFlight, ConfigurationChanged, BrokenRules, CloudError.
        """
        definition = self.groups.check_permission(identity, service_id, Permission.SCALE)
        self._check_nothing_in_flight(service_id)
        service = self._read(service_id)
        current = _scalable_config(service)
        if drawn_from != current.fingerprint:
            raise _configuration_changed()
        _check_rules(request, current, definition.limits)
        target = request.applied_to(current)
        patch = patch_between(current, target)
        if not patch:
            return None
        draft = Change(
            reference="",
            service_id=service_id,
            warehouse=identity.warehouse,
            user=identity.user,
            state=ChangeState.DRAFT,
            before=current,
            target=target,
            patch=patch,
            reason=request.reason,
            created_at=self.now(),
        )
        return self.changes.create_draft(draft)

    def apply(self, identity: Identity, reference: str) -> Change:
        """Carry out a draft of this person's, once. A change that was confirmed before is returned.

        Raises NotFound, NotAllowed, DraftUnusable, ChangeInFlight, ConfigurationChanged,
        NotPossible, BrokenRules, CloudError. Whatever it raises, nothing was sent.
        """
        change = self.get_own_change(identity, reference)
        if change.state is not ChangeState.DRAFT:
            return change
        self.groups.check_permission(identity, change.service_id, Permission.SCALE)
        claimed_at = self.now()
        if not self.changes.claim(reference, claimed_at):
            return self._find_confirmed(reference)
        try:
            self._check_still_possible(change, claimed_at)
        except PortalError:
            self.changes.release(reference)
            raise
        self._send(change)
        return self._get(reference)

    def get_own_change(self, identity: Identity, reference: str) -> Change:
        """A change of this very person. Raises NotFound."""
        change = self._get(reference)
        if (change.warehouse, change.user) != (identity.warehouse, identity.user):
            raise NotFound
        self.groups.check_permission(identity, change.service_id, Permission.VIEW)
        return change

    def get_change(self, identity: Identity, reference: str) -> Change:
        """A change of a group that the person may see, settled if it can be. Raises NotFound.

        A draft is seen by its author alone.
        """
        change = self._get(reference)
        if change.state is ChangeState.DRAFT:
            return self.get_own_change(identity, reference)
        self.groups.check_permission(identity, change.service_id, Permission.VIEW)
        return self.settlement.settle(change)

    def settle_by_hand(self, identity: Identity, reference: str) -> Change:
        """Close a change that nothing can settle. Raises NotFound, NotAllowed, NotPossible."""
        change = self.get_change(identity, reference)
        self.groups.check_permission(identity, change.service_id, Permission.SCALE)
        return self.settlement.settle_by_hand(change, identity.user)

    def _get(self, reference: str) -> Change:
        change = self.changes.find_change(reference)
        if change is None:
            raise NotFound
        return change

    def _read(self, service_id: str) -> Service:
        service = self.client.get_service(service_id)
        self.snapshot.put(service)
        return service

    def _check_nothing_in_flight(self, service_id: str) -> None:
        change = self.changes.find_in_flight(service_id)
        if change and self.settlement.settle(change).is_in_flight:
            raise ChangeInFlight(
                message=f"{change.user} is changing this group at the moment.",
                remedy="Wait until that change has a known outcome, then try again.",
                reference=change.reference,
            )

    def _find_confirmed(self, reference: str) -> Change:
        change = self._get(reference)
        if change.state is ChangeState.DRAFT:
            raise DraftUnusable(
                message="This draft is more than 15 minutes old.",
                remedy="Fill in the form again: it keeps your values.",
            )
        return change

    def _check_still_possible(self, change: Change, claimed_at: datetime) -> None:
        definition = self.groups.catalog.find_group(change.service_id)
        current = _scalable_config(self._read(change.service_id))
        if current != change.before:
            raise _configuration_changed()
        if definition is None:
            raise NotFound
        request = request_for(change.target, reason=change.reason)
        _check_rules(request, current, definition.limits)
        if self.now() - claimed_at > LATEST_SENDING:
            raise DraftUnusable(
                message="The portal was held up before it could send your change.",
                remedy="Nothing was sent. Confirm it again.",
            )

    def _send(self, change: Change) -> None:
        try:
            receipt = self.client.update_scaling(change.service_id, change.patch)
        except CloudAnswerLost as error:
            self.changes.mark_unknown(change.reference, error.message, error.request_id)
        except CloudRejected as error:
            self._settle_as(change, ChangeState.REJECTED, error.message, error.request_id)
        except CloudError as error:
            self._settle_as(change, ChangeState.FAILED, error.message, error.request_id)
        else:
            self.snapshot.put(receipt.service)
            self._record_acceptance(change, receipt.service, receipt.request_id)

    def _record_acceptance(self, change: Change, service: Service, request_id: str | None) -> None:
        if service.configured and has_taken(service.configured, change.patch):
            self._settle_as(change, ChangeState.APPLIED, "", request_id)
        else:
            note = "ClickHouse Cloud accepted the change but shows other values."
            self.changes.mark_unknown(change.reference, note, request_id)

    def _settle_as(
        self, change: Change, state: ChangeState, note: str, request_id: str | None
    ) -> None:
        outcome = Outcome(state, SettledBy.ANSWER, note, request_id)
        self.changes.settle(change.reference, outcome, self.now())


def _scalable_config(service: Service) -> ScalingConfig:
    if service.scaling_obstacle or service.configured is None:
        raise NotPossible(
            message="This group cannot be scaled at the moment.",
            remedy=service.scaling_obstacle or "",
        )
    return service.configured


def _check_rules(request: ScalingRequest, current: ScalingConfig, limits: Limits) -> None:
    if problems := check_request(request, current, limits):
        raise BrokenRules(problems)


def _configuration_changed() -> ConfigurationChanged:
    return ConfigurationChanged(
        message="The group's configuration has changed since you looked at it.",
        remedy="Compare what it is now with what you asked for, then decide again.",
    )
