"""Leading the jobs: one process at a time, by a lease that has to be renewed."""

import logging
from collections.abc import Sequence

from app.domain.leadership import Tenure
from app.errors import LeaseLost, StoreUnavailable
from app.store.leases import FinishedRun, LeaseStore

log = logging.getLogger("portal.worker")


class Leadership:
    """What one process has of the lease; for the one thread that runs its jobs."""

    def __init__(self, store: LeaseStore, process: str) -> None:
        self._store = store
        self._process = process
        self._tenure: Tenure | None = None

    def hold(self, runs: Sequence[FinishedRun] = ()) -> Tenure | None:
        """Go on leading and write down what was run, or begin to lead if nobody else does.

        None while another process leads. Raises StoreUnavailable.
        """
        if self._tenure and not self._renew(self._tenure, runs):
            self._tenure = None
            return None
        if self._tenure is None:
            self._tenure = self._store.acquire(self._process)
            if self._tenure:
                log.info("this process leads the jobs, as epoch %d", self._tenure.epoch)
        return self._tenure

    def seconds_until_due(self) -> dict[str, float]:
        """In how many seconds each job is due that any process has run. Raises StoreUnavailable."""
        records = self._store.read()
        return {run.name: (run.next_at - records.now).total_seconds() for run in records.runs}

    def release(self, runs: Sequence[FinishedRun] = ()) -> None:
        """Let a successor lead at once. Raises nothing: without this it leads a little later."""
        tenure, self._tenure = self._tenure, None
        if tenure is None:
            return
        try:
            self._store.release(tenure, runs)
        except StoreUnavailable as error:
            log.warning("the lease could not be given back: %s", error.message)

    def _renew(self, tenure: Tenure, runs: Sequence[FinishedRun]) -> bool:
        try:
            self._store.renew(tenure, runs)
        except LeaseLost:
            log.warning("another process leads the jobs now")
            return False
        return True
