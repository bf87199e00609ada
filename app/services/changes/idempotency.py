"""What a program asks for in one request: propose and confirm at once, and only once per key.

Threads with the same key wait for each other; between processes the database alone decides.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from app.concurrency import KeyedLock
from app.domain.access.permissions import Identity
from app.domain.boosts.request import BoostRequest
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.messages import problem
from app.errors import (
    BrokenRules,
    ChangeInFlight,
    DraftUnusable,
    NotFound,
    PortalError,
    Problem,
    StoreUnavailable,
)
from app.services.changes.apply import ChangeApplier
from app.services.changes.confirmation import Confirmation
from app.services.changes.events import ChangeEvents
from app.services.changes.ledger import Ledger
from app.services.changes.scaling import ScalingProposals
from app.services.changes.state_commands import StateCommands
from app.store.idempotency import IdempotencyStore, KeyUse

KEY_FIELD = "Idempotency-Key"
WAIT_SECONDS = 3.0
"""How long a request waits for another one with the same key."""
TRIES = 5
"""How often it looks anew at what became of others, where another process serves them."""

DraftFactory = Callable[[], Change | None]
TokenCheck = Callable[[Identity], None]
"""Raises SignInRefused where the identity comes with a token that counts no more."""


class _RetryError(Exception):
    """Another request with the same key has come in between."""


@dataclass(frozen=True)
class Submitter:
    """Who asks, with the password that the request carries, and the idempotency key if any."""

    identity: Identity
    confirmation: Confirmation
    key: str | None


@dataclass(frozen=True)
class IdempotentChanges:
    """Every method raises whatever proposing and applying raise; then nothing was sent.

    `check_token` is asked at the last moment before the call: programs prove themselves with each
    request, so none can be signed out, but a token can be revoked.
    """

    scaling: ScalingProposals
    state_commands: StateCommands
    applier: ChangeApplier
    ledger: Ledger
    keys: IdempotencyStore
    events: ChangeEvents
    locks: KeyedLock
    check_token: TokenCheck
    now: Callable[[], datetime]

    def scale(
        self,
        by: Submitter,
        service_id: str,
        values: Mapping[str, Any],
        *,
        problems: tuple[Problem, ...] = (),
        beside: str = "",
    ) -> Change | None:
        """Change the size; None if it is what is configured already.

        `problems` is what whoever took the values in has found wrong besides; `beside` says what
        else belongs to the request, so that its key stands for that too.
        """
        request = self.scaling.parse(by.identity, service_id, values, problems=problems)
        text = f"{Action.SCALE}\n{service_id}\n{request.model_dump_json()}{beside}"
        propose = partial(self.scaling.propose_request, by.identity, service_id, request)
        return self._submit(by, _use(by, text), propose)

    def boost(
        self,
        by: Submitter,
        service_id: str,
        values: Mapping[str, Any],
        *,
        problems: tuple[Problem, ...] = (),
    ) -> Change | None:
        """The same for a size that ends by itself; its change has the reference of the boost."""
        request = self.scaling.parse(
            by.identity, service_id, values, BoostRequest, problems=problems
        )
        text = f"boost\n{service_id}\n{request.model_dump_json()}"
        propose = partial(self.scaling.propose_request, by.identity, service_id, request)
        return self._submit(by, _use(by, text), propose)

    def change_state(
        self, by: Submitter, service_id: str, values: Mapping[str, Any]
    ) -> Change | None:
        """Wake, start or stop; None if that is in progress or done already.

        A stop is confirmed by the group's name in the values.
        """
        request = self.state_commands.parse(by.identity, service_id, values)
        named = replace(by.confirmation, group_name=request.confirm_name)
        by = replace(by, confirmation=named)
        text = f"state\n{service_id}\n{request.model_dump_json()}"
        propose = partial(self.state_commands.propose_request, by.identity, service_id, request)
        return self._submit(by, _use(by, text), propose)

    def _submit(self, by: Submitter, use: KeyUse | None, propose: DraftFactory) -> Change | None:
        if use is None:
            return self._propose_and_apply(by, None, propose)
        who = (use.warehouse, use.user, use.key)
        with self.locks.acquire(who, wait_seconds=WAIT_SECONDS) as is_held:
            for _ in range(TRIES if is_held else 0):
                with suppress(_RetryError):
                    if found := self._find(use):
                        return self._apply_found(by, use, found)
                    return self._propose_and_apply(by, use, propose)
        raise ChangeInFlight(
            message="Another request with the same key is being carried out.",
            remedy="Send this one again in a moment.",
            reference="",
        )

    def _apply_found(self, by: Submitter, use: KeyUse, reference: str) -> Change:
        try:
            return self._apply(by, reference)
        except DraftUnusable:
            # Whoever drew it has died before sending it: the next request begins anew.
            self._give_up(by, reference)
            raise
        except NotFound:
            if self._find(use) == reference:
                raise
            raise _RetryError from None

    def _propose_and_apply(
        self, by: Submitter, use: KeyUse | None, propose: DraftFactory
    ) -> Change | None:
        draft = self._propose(use, propose)
        if draft is None:
            return None
        if use and not self.keys.bind(use, draft.reference, self.now()):
            self._give_up(by, draft.reference)
            raise _RetryError
        try:
            return self._apply(by, draft.reference)
        except PortalError:
            self._give_up(by, draft.reference)
            raise

    def _propose(self, use: KeyUse | None, propose: DraftFactory) -> Change | None:
        """A draft. What stands in its way, or makes it needless, may be the change of this very
        key: that is bound before it is sent, so it is found by then."""
        try:
            draft = propose()
        except PortalError:
            if use and self._find(use):
                raise _RetryError from None
            raise
        if draft is None and use and self._find(use):
            raise _RetryError
        return draft

    def _apply(self, by: Submitter, reference: str) -> Change:
        change = self.applier.apply(
            by.identity,
            reference,
            by.confirmation,
            check_signed_in=partial(self.check_token, by.identity),
        )
        if change.is_in_flight:
            # By now reading Cloud back may tell more. Whatever fails here, the change was sent.
            with suppress(PortalError):
                return self.ledger.get_change(by.identity, reference)
        return change

    def _find(self, use: KeyUse) -> str | None:
        found = self.keys.find(use, self.now())
        if found is None:
            return None
        if found.request_hash != use.request_hash:
            raise BrokenRules((problem(KEY_FIELD, "idempotency_key_reused"),))
        return found.reference

    def _give_up(self, by: Submitter, reference: str) -> None:
        with suppress(StoreUnavailable):  # then the draft dies of its age
            if change := self.ledger.changes.find_change(reference):
                self.keys.give_up(reference, self.events.discarded(by.identity, change))


def _use(by: Submitter, request: str) -> KeyUse | None:
    if by.key is None:
        return None
    digest = hashlib.sha256(request.encode()).hexdigest()
    return KeyUse(by.identity.warehouse, by.identity.user, by.key, digest)
