"""What a process does when it begins to serve, and when it ends in good order."""

import logging
from dataclasses import dataclass

from sqlalchemy import Engine

from app.domain.audit.anchor import WORDS, AnchorState
from app.domain.audit.events import EventKind, Result
from app.errors import StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.services.changes.reconcile import Reconciler
from app.services.monitoring.housekeeping import Housekeeping
from app.store.database.engine import upgrade
from app.store.database.file import checkpoint
from app.store.database.health import remember_file

log = logging.getLogger("portal.lifecycle")


@dataclass(frozen=True)
class Lifecycle:
    """The use cases of starting and stopping."""

    engine: Engine
    audit: AuditRecorder
    reconciler: Reconciler
    housekeeping: Housekeeping
    anchors: Anchors

    def start(self) -> None:
        """Bring the records up to date and reconcile what an earlier process left in flight.

        From then on the records are tidied up every hour. Raises StoreUnavailable.
        """
        upgrade(self.engine)
        remember_file(self.engine)
        state = self._check_log()
        self.anchors.renew()  # first, since the event tells that there is one
        details = self.anchors.describe(state)
        self.audit.record(
            self.audit.event(EventKind.STARTUP, "start", Result.SUCCESS, details=details)
        )
        self.anchors.renew()
        self.reconciler.reconcile_all()
        self.housekeeping.start()

    def stop(self) -> None:
        """Record that the process ends in good order, and leave one file that holds everything.

        Raises nothing.
        """
        self.audit.record_not_kept(is_final=True)
        stopped = self.audit.event(EventKind.SHUTDOWN, "stop", Result.SUCCESS)
        self.audit.record_best_effort(stopped)
        self.anchors.renew()
        self._leave_one_file()

    def _check_log(self) -> AnchorState:
        """Whether the audit log is the one that an earlier process left; an event tells if not."""
        state = self.anchors.check()
        if state.is_fault:
            log.error("%s", WORDS[state])
            details = {"anchor": state, "note": WORDS[state]}
            self.audit.record(
                self.audit.event(
                    EventKind.STARTUP, "check_anchor", Result.FAIL, error=state, details=details
                )
            )
        elif state is not AnchorState.HOLDS:
            log.warning("%s", WORDS[state])
        return state

    def _leave_one_file(self) -> None:
        try:
            if not checkpoint(self.engine):
                log.warning("the database is still in use: a copy needs the files beside it too")
        except StoreUnavailable as error:
            log.warning("the database was left as it is: %s", error.message)
        self.engine.dispose()
