"""What a process does when it begins to serve, and when it ends in good order."""

import logging
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from app.domain.audit.anchor import WORDS, AnchorState
from app.domain.audit.events import EventKind, Result
from app.errors import StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.audit.recorder import AuditRecorder
from app.services.monitoring.processes import Processes
from app.store.database.engine import upgrade
from app.store.database.file import checkpoint
from app.store.database.health import remember_file

log = logging.getLogger("portal.lifecycle")


@dataclass(frozen=True)
class Lifecycle:
    """The use cases of starting and stopping."""

    engine: Engine
    audit: AuditRecorder
    anchors: Anchors
    processes: Processes

    def start(self) -> None:
        """Bring the records up to date, and look whether the audit log is whole. The worker sees to
        what an earlier process left in flight. Raises StoreUnavailable.
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

    def stop(self) -> None:
        """Record that the process ends in good order, and leave one file that holds everything, if
        no other process still uses it. Raises nothing.
        """
        self.audit.record_not_kept(is_final=True)
        stopped = self.audit.event(EventKind.SHUTDOWN, "stop", Result.SUCCESS)
        self.audit.record_best_effort(stopped)
        with suppress(StoreUnavailable):  # then it counts as living for some seconds more
            self.processes.leave()
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
