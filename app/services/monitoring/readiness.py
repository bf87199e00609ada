"""Whether the portal can do its work: for load balancers and for whoever runs it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.errors import CloudDown, CloudKeyRefused, StoreUnavailable
from app.services.audit.anchors import Anchors
from app.services.worker.processes import Processes, describe
from app.store.changes import ChangeStore

OLDEST_VIEW_SECONDS = 60


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
    now: Callable[[], datetime]

    def list_faults(self) -> tuple[str, ...]:
        """What keeps the portal from working, in words; empty when it is ready."""
        return (*self._store_faults(), *self._cloud_faults())

    def list_details(self) -> tuple[str, ...]:
        """Who acts when nobody looks, and what is odd about the processes; none of it keeps the
        portal from working. Raises nothing."""
        try:
            return describe(self.processes.read())
        except StoreUnavailable:
            return ()

    def _store_faults(self) -> list[str]:
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
