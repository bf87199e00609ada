"""Whether the portal can do its work: for load balancers and for whoever runs it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from app.cloud.snapshot import Snapshot
from app.errors import CloudDown, CloudKeyRefused, StoreUnavailable
from app.services.access.policy import FAULTY, Policy
from app.services.audit.anchors import Anchors
from app.services.monitoring.processes import Processes, describe
from app.store.changes import ChangeStore
from app.store.database.health import inspect_pages

OLDEST_VIEW_SECONDS = 60

INSPECTED_EVERY_SECONDS = 60.0
"""How often the pages of the database are looked at, at most: it reads the whole file."""


class PageInspection:
    """Looks at the pages of a database when asked, once a minute at most. Safe to share by
    threads: whoever asks while another one looks is told what is known."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._done_at: float | None = None

    def run(self, engine: Engine) -> None:
        """Look, if it is time to. What is found is remembered by the engine; raises nothing."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            done_at = self._done_at
            if done_at is None or self._monotonic() - done_at >= INSPECTED_EVERY_SECONDS:
                inspect_pages(engine)
                self._done_at = self._monotonic()
        finally:
            self._lock.release()


@dataclass(frozen=True)
class Readiness:
    """Looks at the store, and at what is known of Cloud.

    Cloud is not asked for this: while nobody looks at groups nothing is known, and nothing is
    missed. Only as long as it was never read it is asked, once a minute at most.
    """

    changes: ChangeStore
    snapshot: Snapshot
    anchors: Anchors
    processes: Processes
    policy: Policy
    now: Callable[[], datetime]
    inspection: PageInspection = field(default_factory=PageInspection)

    def list_faults(self) -> tuple[str, ...]:
        """What keeps the portal from working, in words; empty when it is ready."""
        return (*self._store_faults(), *self._cloud_faults())

    def list_warnings(self) -> tuple[str, ...]:
        """What somebody must mend though the portal works: looking goes on, changes do not.

        The faults themselves may name users, so they stand in the log alone.
        """
        if not self.policy.faults:
            return ()
        return (f"{FAULTY} All changes are frozen until it is mended; the log names the faults.",)

    def list_details(self) -> tuple[str, ...]:
        """Who acts when nobody looks, and what is odd about the processes; none of it keeps the
        portal from working. Raises nothing."""
        try:
            return describe(self.processes.read())
        except StoreUnavailable:
            return ()

    def _store_faults(self) -> list[str]:
        self.inspection.run(self.changes.engine)
        try:
            self.changes.check_readable()
            return self.anchors.list_faults()
        except StoreUnavailable as error:
            return [error.message]

    def _cloud_faults(self) -> list[str]:
        view = self.snapshot.peek()
        if view.taken_at is None and not self.snapshot.is_watched:
            view = self.snapshot.view()
        if view.error is None or not self.snapshot.is_watched:
            return []
        age_seconds = view.age_seconds(self.now())
        is_old = age_seconds is None or age_seconds > OLDEST_VIEW_SECONDS
        if is_old or isinstance(view.error, CloudDown | CloudKeyRefused):
            return [f"Nothing recent is known from ClickHouse Cloud. {view.error.message}"]
        return []
