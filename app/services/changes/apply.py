"""Carrying out a draft that somebody has reviewed, once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.changes.scaling_request import parse_reason
from app.errors import DraftUnusable, OutcomeNotRecorded, StoreUnavailable
from app.services.access.control import Access
from app.services.changes.confirmation import Confirmation, ConfirmationRules
from app.services.changes.events import ChangeEvents
from app.services.changes.ledger import Ledger
from app.services.changes.preconditions import GroupChanged, Preconditions
from app.services.changes.sending import ChangeSender, Claim
from app.services.changes.settling import check_changed, check_nothing_to_do


@dataclass(frozen=True)
class ChangeApplier:
    """The use case of confirming a draft. Raises StoreUnavailable as well as what is named."""

    access: Access
    ledger: Ledger
    confirmations: ConfirmationRules
    preconditions: Preconditions
    sender: ChangeSender
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
        if change.origin is not ChangeOrigin.PERSON:
            raise DraftUnusable(
                message="The portal had drawn this up for itself.",
                remedy="It sends its own changes at their time.",
            )
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
        self._check_may(identity, change)
        proven = self.confirmations.check(identity, change, confirmation)
        # The roles that ClickHouse has just named count more than those of the sign-in.
        person = proven or identity
        if proven:
            self._check_may(person, change)
        claimed_at = self.now()
        claim = Claim(
            claimed_at,
            drawn_after=claimed_at - self.confirmations.life_of(change),
            event=self.events.claimed(person, change, is_proven=proven is not None),
        )

        def check_now() -> bool:
            is_needed = self._is_needed(change)
            # Rights, freeze and session are read anew, at the last moment before the call: what was
            # taken away while Cloud was being read must count.
            self.access.recheck()
            self._check_may(person, change)
            check_signed_in()
            return is_needed

        if not self.sender.send(person, change, claim, check_now):
            return self._find_confirmed(identity, change.reference)
        return self._find_sent(change)

    def _is_needed(self, change: Change) -> bool:
        """Whether there is something to send, concluded from nothing that may be out of date."""
        changes = self.ledger.changes
        try:
            is_needed = self.preconditions.check(change)
        except GroupChanged as changed:
            check_changed(changes, change.service_id, changed.shown, self.now())
            raise
        if not is_needed:
            check_nothing_to_do(changes, change, self.now())
        return is_needed

    def _find_sent(self, change: Change) -> Change:
        """How it stands. Whatever cannot be read now, or is no longer for this person to see, it
        was sent: only OutcomeNotRecorded may say that something failed."""
        try:
            return self.ledger.changes.find_change(change.reference) or change
        except StoreUnavailable:
            raise OutcomeNotRecorded(reference=change.reference) from None

    def _check_may(self, identity: Identity, change: Change) -> None:
        self.access.check_action(identity, change.service_id, change.permission)

    def _find_confirmed(self, identity: Identity, reference: str) -> Change:
        change = self.ledger.get_own_change(identity, reference)
        if change.state is ChangeState.DRAFT:
            raise DraftUnusable(
                message="This draft is too old to be confirmed.",
                remedy="Ask again: the form keeps your values.",
            )
        return change


def _with_reason(draft: Change, reason: str) -> Change:
    """The draft with a reason, if it has none yet. Raises BrokenRules for one of no use."""
    if draft.reason or not reason:
        return draft
    return replace(draft, reason=parse_reason(reason))
