"""Forgetting what is over: sessions, keys of programs, drafts that nobody confirmed, addresses from
which nobody has signed in and attempts that failed long ago; and whether the records are whole."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.errors import StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.store.database.health import inspect_pages
from app.store.idempotency import IdempotencyStore
from app.store.known_addresses import KnownAddressStore
from app.store.sessions import SessionStore
from app.store.sign_in_throttle import SignInThrottleStore

INTERVAL_SECONDS = 3600.0

log = logging.getLogger("portal.housekeeping")


@dataclass(frozen=True)
class Housekeeping:
    """Changes that were confirmed are never forgotten here."""

    sessions: SessionStore
    keys: IdempotencyStore
    known_addresses: KnownAddressStore
    attempts: SignInThrottleStore
    audit: AuditRecorder
    anchors: Anchors
    now: Callable[[], datetime]

    def tidy(self) -> None:
        """Do it once. What cannot be done now is done the next time."""
        inspect_pages(self.sessions.engine)
        self.audit.record_not_kept()
        self.anchors.renew()
        try:
            ended, drafts = self.sessions.prune(self.now()), self.keys.prune(self.now())
            self.known_addresses.prune(self.now())
            self.attempts.prune()
        except StoreUnavailable as error:
            log.warning("nothing was tidied up: %s", error.message)
        else:
            log.info("tidied up: %d sessions and %d drafts", ended, drafts)

    def start(self, interval_seconds: float = INTERVAL_SECONDS) -> threading.Event:
        """Do it now and every hour, in a thread that ends with the process.

        It writes nothing but one short transaction at a time, so that it may be cut off anywhere;
        several processes may do it at once. Set what is returned to end it before that.
        """
        is_ended = threading.Event()

        def run() -> None:
            while not is_ended.wait(interval_seconds):
                self.tidy()

        self.tidy()
        threading.Thread(target=run, name="housekeeping", daemon=True).start()
        return is_ended
