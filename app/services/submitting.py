"""What a program asks for in one request: propose and confirm at once, and only once per key.

Threads with the same key take turns; between processes the database alone decides.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Identity
from app.domain.acts import Act
from app.domain.changes import Change
from app.domain.messages import problem
from app.domain.requests import ScalingRequest
from app.domain.state_requests import StateRequest
from app.errors import (
    BrokenRules,
    ChangeInFlight,
    DraftUnusable,
    NotFound,
    PortalError,
    StoreUnavailable,
)
from app.services.applying import Applying
from app.services.change_events import ChangeEvents
from app.services.ledger import Ledger
from app.services.power import Power
from app.services.proof import Proof
from app.services.scaling import Scaling
from app.services.turns import Turns
from app.store.idempotency import IdempotencyStore, KeyUse

KEY_FIELD = "Idempotency-Key"
WAIT_SECONDS = 3.0
"""How long a request waits for another one with the same key."""
TRIES = 5
"""How often it looks anew at what became of others, where another process serves them."""

Draw = Callable[[], Change | None]


class _LookAnewError(Exception):
    """Another request with the same key has come in between."""


@dataclass(frozen=True)
class Submitter:
    """Who asks, with the proof that their request carries, and the key if it has one."""

    identity: Identity
    proof: Proof
    key: str | None


@dataclass(frozen=True)
class Submitting:
    """Both methods raise whatever proposing and applying raise; then nothing was sent."""

    scaling: Scaling
    power: Power
    applying: Applying
    ledger: Ledger
    keys: IdempotencyStore
    events: ChangeEvents
    turns: Turns
    now: Callable[[], datetime]

    def scale(self, by: Submitter, service_id: str, request: ScalingRequest) -> Change | None:
        """Change the size; None if it is what is configured already."""
        text = f"{Act.SCALE}\n{service_id}\n{request.model_dump_json()}"
        draw = lambda: self.scaling.propose(by.identity, service_id, request)  # noqa: E731 - short
        return self._submit(by, _use(by, text), draw)

    def change_state(self, by: Submitter, service_id: str, request: StateRequest) -> Change | None:
        """Wake, start or stop; None if that is under way or done already."""
        text = f"state\n{service_id}\n{request.model_dump_json()}"
        draw = lambda: self.power.propose(  # noqa: E731 - short
            by.identity, service_id, request.act, reason=request.reason
        )
        return self._submit(by, _use(by, text), draw)

    def _submit(self, by: Submitter, use: KeyUse | None, draw: Draw) -> Change | None:
        if use is None:
            return self._draw_and_apply(by, None, draw)
        who = (use.warehouse, use.user, use.key)
        with self.turns.take(who, wait_seconds=WAIT_SECONDS) as has_turn:
            for _ in range(TRIES if has_turn else 0):
                with suppress(_LookAnewError):
                    if found := self._find(use):
                        return self._apply_found(by, use, found)
                    return self._draw_and_apply(by, use, draw)
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
            raise _LookAnewError from None

    def _draw_and_apply(self, by: Submitter, use: KeyUse | None, draw: Draw) -> Change | None:
        draft = self._draw(use, draw)
        if draft is None:
            return None
        if use and not self.keys.bind(use, draft.reference, self.now()):
            self._give_up(by, draft.reference)
            raise _LookAnewError
        try:
            return self._apply(by, draft.reference)
        except PortalError:
            self._give_up(by, draft.reference)
            raise

    def _draw(self, use: KeyUse | None, draw: Draw) -> Change | None:
        """A draft. What stands in its way, or makes it needless, may be the change of this very
        key: that is bound before it is sent, so it is found by then."""
        try:
            draft = draw()
        except PortalError:
            if use and self._find(use):
                raise _LookAnewError from None
            raise
        if draft is None and use and self._find(use):
            raise _LookAnewError
        return draft

    def _apply(self, by: Submitter, reference: str) -> Change:
        change = self.applying.apply(by.identity, reference, by.proof)
        if change.is_in_flight:
            # By now reading Cloud back may tell more. Whatever fails here, the change was sent.
            with suppress(PortalError):
                return self.ledger.get_change(by.identity, reference)
        return change

    def _find(self, use: KeyUse) -> str | None:
        found = self.keys.find(use)
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
