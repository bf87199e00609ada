"""Carrying out a draft, once: claim, look, send, record.

The intent is recorded before anything is sent and the outcome after it, so that a process that
dies in between leaves a record that the next look can settle by reading Cloud back.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.cloud.client import CloudClient, Receipt
from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import (
    NOT_SHOWN,
    SHOWN_OTHERWISE,
    Change,
    ChangeState,
    SettledBy,
    SettledCode,
)
from app.domain.changes.outcome import is_as_requested
from app.domain.changes.scaling_request import parse_reason
from app.domain.groups.group import Service
from app.errors import (
    CloudAnswerLost,
    CloudError,
    CloudKeyRefused,
    CloudNotAsked,
    CloudRejected,
    DraftUnusable,
    OutcomeNotRecorded,
    PortalError,
    StoreUnavailable,
)
from app.services.access.control import Access
from app.services.changes.confirmation import Confirmation, ConfirmationRules
from app.services.changes.events import ChangeEvents, CloudCall
from app.services.changes.ledger import Ledger
from app.services.changes.preconditions import Preconditions
from app.store.changes import ChangeStore, Outcome

LATEST_SENDING = timedelta(seconds=10)
"""A process that was held up for longer between claim and call sends nothing any more: others
may take the change for dead a minute after its claim, and the call itself takes time too. The same
where the clock was set back in between."""


@dataclass(frozen=True)
class ChangeApplier:
    """The use case of confirming a draft. Raises StoreUnavailable as well as what is named."""

    access: Access
    ledger: Ledger
    confirmations: ConfirmationRules
    preconditions: Preconditions
    client: CloudClient
    snapshot: Snapshot
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def apply(
        self,
        identity: Identity,
        reference: str,
        confirmation: Confirmation | None = None,
        *,
        reason: str = "",
        check_signed_in: Callable[[], object],
    ) -> Change:
        """Carry out a draft of this person's, once. A change confirmed before is returned as is.

        `reason` is that of a draft which was drawn up without one.
        `check_signed_in` is called at the last moment before the call, and raises NotSignedIn if
        the person has been signed out meanwhile.

        Raises NotFound, NotAllowed, ChangesFrozen, DraftUnusable, ChangeInFlight,
        ConfigurationChanged, NotPossible, BrokenRules, SignInRefused, NotYet, CloudError.
        With any of these nothing was sent; with OutcomeNotRecorded it was.
        """
        change = self.ledger.get_own_change(identity, reference)
        if change.state is not ChangeState.DRAFT:
            return change
        about = self.events.about(change.service_id, reference)
        with self.events.audit.recording_rejections(identity, "confirm", about):
            given = _with_reason(change, reason)
            return self._apply(identity, given, confirmation, check_signed_in)

    def _apply(
        self,
        identity: Identity,
        change: Change,
        confirmation: Confirmation | None,
        check_signed_in: Callable[[], object],
    ) -> Change:
        reference = change.reference
        self._check_may(identity, change)
        proven = self.confirmations.check(identity, change, confirmation)
        # The roles that ClickHouse has just named count more than those of the sign-in.
        person = proven or identity
        if proven:
            self._check_may(person, change)
        claimed_at = self.now()
        intent = self.events.claimed(person, change, is_proven=proven is not None)
        drawn_after = claimed_at - self.confirmations.life_of(change)
        if not self.changes.claim(
            reference, claimed_at, intent, drawn_after=drawn_after, reason=change.reason
        ):
            return self._find_confirmed(identity, reference)
        try:
            is_needed = self.preconditions.check(change)
            # Rights, freeze and session are read anew, at the last moment before the call: what was
            # taken away while Cloud was being read must count.
            self.access.recheck()
            self._check_may(person, change)
            check_signed_in()
            self._check_not_held_up(claimed_at)
        except PortalError as error:
            self.changes.release(reference, self.events.released(person, change, error))
            raise
        if is_needed:
            self._carry_out(person, change)
        else:
            self._record_unchanged(person, change)
        return self.ledger.get_own_change(identity, reference)

    def _check_may(self, identity: Identity, change: Change) -> None:
        self.access.check_action(identity, change.service_id, change.action.spec.permission)

    def _check_not_held_up(self, claimed_at: datetime) -> None:
        if abs(self.now() - claimed_at) > LATEST_SENDING:
            raise DraftUnusable(
                message="The portal was held up before it could send your change.",
                remedy="Nothing was sent. Confirm it again.",
            )

    def _record_unchanged(self, person: Identity, change: Change) -> None:
        note = "It was as requested already, so nothing was sent."
        outcome = Outcome(ChangeState.UNCHANGED, SettledBy.READING, note)
        event = self.events.settled(person, change, outcome, None)
        self.changes.record_outcome(change.reference, outcome, self.now(), event)

    def _find_confirmed(self, identity: Identity, reference: str) -> Change:
        change = self.ledger.get_own_change(identity, reference)
        if change.state is ChangeState.DRAFT:
            raise DraftUnusable(
                message="This draft is too old to be confirmed.",
                remedy="Ask again: the form keeps your values.",
            )
        return change

    def _carry_out(self, person: Identity, change: Change) -> None:
        try:
            self._send(person, change)
        except StoreUnavailable:
            raise OutcomeNotRecorded(reference=change.reference) from None

    def _send(self, person: Identity, change: Change) -> None:
        sent_at = self.now()
        try:
            receipt = self.client.update(change.service_id, change.action, change.patch)
        except CloudAnswerLost as error:
            self._mark_unknown(person, change, error.message, self._call(sent_at, error))
        except CloudNotAsked as error:
            with suppress(StoreUnavailable):  # then reading Cloud back tells that nothing was sent
                self.changes.release(change.reference, self.events.released(person, change, error))
            raise
        except CloudKeyRefused as error:
            note = f"{error.message} {error.remedy}"
            failed = Outcome(
                ChangeState.FAILED, SettledBy.ANSWER, note, code=SettledCode.KEY_REFUSED
            )
            self._record_answer(person, change, failed, self._call(sent_at, error))
        except CloudRejected as error:
            rejected = Outcome(ChangeState.REJECTED, SettledBy.ANSWER, error.message)
            self._record_answer(person, change, rejected, self._call(sent_at, error))
        except CloudError as error:
            failed = Outcome(ChangeState.FAILED, SettledBy.ANSWER, error.message)
            self._record_answer(person, change, failed, self._call(sent_at, error))
        else:
            if receipt.service:
                self.snapshot.put(receipt.service)
            self._record_acceptance(person, change, receipt, self._call(sent_at, receipt))

    def _call(self, sent_at: datetime, end: CloudError | Receipt) -> CloudCall:
        status = end.upstream_status if isinstance(end, CloudError) else end.status
        took = self.now() - sent_at
        return CloudCall(end.request_id, status, took // timedelta(milliseconds=1))

    def _record_acceptance(
        self, person: Identity, change: Change, receipt: Receipt, call: CloudCall
    ) -> None:
        if receipt.service is None:
            self._mark_accepted(person, change, NOT_SHOWN, call)
        # An accepted command may still show the old state; accepted values must stand there.
        elif change.action is not Action.SCALE or is_as_requested(change, receipt.service):
            applied = Outcome(ChangeState.APPLIED, SettledBy.ANSWER)
            self._record_answer(person, change, applied, call, receipt.service)
        else:
            self._mark_accepted(person, change, SHOWN_OTHERWISE, call)

    def _mark_unknown(self, person: Identity, change: Change, note: str, call: CloudCall) -> None:
        event = self.events.unknown(person, change, note, call)
        self.changes.mark_unknown(change.reference, note, call.request_id, event)

    def _mark_accepted(self, person: Identity, change: Change, note: str, call: CloudCall) -> None:
        event = self.events.unknown(person, change, note, call)
        code = SettledCode.ACCEPTED_UNSEEN
        self.changes.mark_unknown(change.reference, note, call.request_id, event, code=code)

    def _record_answer(
        self,
        person: Identity,
        change: Change,
        answered: Outcome,
        call: CloudCall,
        service: Service | None = None,
    ) -> None:
        outcome = replace(answered, cloud_request_id=call.request_id)
        event = self.events.settled(person, change, outcome, service, call)
        self.changes.record_outcome(change.reference, outcome, self.now(), event)


def _with_reason(draft: Change, reason: str) -> Change:
    """The draft with a reason, if it has none yet. Raises BrokenRules for one of no use."""
    if draft.reason or not reason:
        return draft
    return replace(draft, reason=parse_reason(reason))
