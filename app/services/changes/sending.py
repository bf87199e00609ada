"""Sending a change, once: claim, look, send, record.

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
from app.domain.audit.events import Event
from app.domain.changes.actions import Action
from app.domain.changes.change import (
    NOT_SHOWN,
    SHOWN_OTHERWISE,
    Change,
    ChangeState,
    Outcome,
    SettledBy,
    SettledCode,
)
from app.domain.changes.outcome import is_as_requested
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
from app.services.changes.events import ChangeEvents, CloudCall
from app.store.changes import ChangeStore

LATEST_SENDING = timedelta(seconds=10)
"""A process that was held up for longer between claim and call sends nothing any more: others
may take the change for dead a minute after its claim, and the call itself takes time too. The same
where the clock was set back in between."""


@dataclass(frozen=True)
class Claim:
    """The intent to send a draft now, if it was drawn up after this moment, and its event."""

    at: datetime
    drawn_after: datetime
    event: Event


@dataclass(frozen=True)
class ChangeSender:
    """The road of every change to Cloud, whoever wants it: a person, or the portal at a time that
    somebody has set."""

    client: CloudClient
    snapshot: Snapshot
    changes: ChangeStore
    events: ChangeEvents
    now: Callable[[], datetime]

    def send(
        self, person: Identity, change: Change, claim: Claim, check_now: Callable[[], bool]
    ) -> bool:
        """Claim the draft and carry it out. False if it is no draft any more, or drawn too early.

        `check_now` is called between claim and call. It says whether there is anything to send, and
        what it raises lets the draft be one again.

        Raises ChangeInFlight, StoreUnavailable, DraftUnusable, CloudNotAsked and whatever
        `check_now` does: then nothing was sent. With OutcomeNotRecorded it was.
        """
        is_claimed = self.changes.claim(
            change.reference,
            claim.at,
            claim.event,
            drawn_after=claim.drawn_after,
            reason=change.reason,
        )
        if not is_claimed:
            return False
        try:
            is_needed = check_now()
            self._check_not_held_up(claim.at)
        except PortalError as error:
            self.changes.release(change.reference, self.events.released(person, change, error))
            raise
        if is_needed:
            self._carry_out(person, change)
        else:
            self._record_unchanged(person, change)
        return True

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
