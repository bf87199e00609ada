"""Forgetting what is over: sessions, keys of programs, drafts that nobody confirmed, addresses from
which nobody has signed in, attempts that failed long ago, tokens that are over, and figures of load
and cost; and whether the records are whole."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.store.database.health import inspect_pages
from app.store.idempotency import IdempotencyStore
from app.store.load import LoadStore
from app.store.sign_in.known_addresses import KnownAddressStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.throttle import SignInThrottleStore
from app.store.spend import SpendStore
from app.store.tokens import TokenStore

log = logging.getLogger("portal.housekeeping")


@dataclass(frozen=True)
class Housekeeping:
    """Jobs of the worker. Changes that were confirmed are never forgotten here."""

    sessions: SessionStore
    keys: IdempotencyStore
    known_addresses: KnownAddressStore
    attempts: SignInThrottleStore
    load: LoadStore
    spend: SpendStore
    tokens: TokenStore
    audit: AuditRecorder
    anchors: Anchors
    now: Callable[[], datetime]

    def tidy(self) -> None:
        """Forget what is over, in short transactions. Raises StoreUnavailable: what cannot be done
        now is done the next time."""
        ended, drafts = self.sessions.prune(self.now()), self.keys.prune(self.now())
        self.known_addresses.prune(self.now())
        self.attempts.prune()
        self.tokens.prune(self.now())
        old = self.load.prune(self.now().timestamp())
        self.spend.prune(self.now().astimezone(UTC).date())
        log.info("tidied up: %d sessions, %d drafts, %d figures of load", ended, drafts, old)

    def inspect(self) -> None:
        """Look whether the file is whole, for /readyz of this process. Raises nothing."""
        inspect_pages(self.sessions.engine)

    def renew_anchor(self) -> None:
        """Write the anchor anew; it is beside the database, so on this machine. Raises nothing."""
        self.anchors.renew()

    def tell_refusals(self) -> None:
        """Record how many refusals of this process were not kept. Raises nothing."""
        self.audit.record_not_kept()
