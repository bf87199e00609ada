"""The figures for whoever watches the portal: those that were counted, and those of now."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.cloud.snapshot import Snapshot
from app.cloud.transport.budget import RequestBudget
from app.domain.boosts.boost import OPEN_STATES, Boost
from app.domain.changes.change import ChangeState
from app.metrics import BoostFigures, Figures, JobFigures, Metrics, ThrottleFigures, WorkerFigures
from app.services.access.control import ChangeFreeze
from app.services.access.policy import Policy
from app.services.monitoring.group_figures import figures_of
from app.services.monitoring.processes import Processes, WorkerStatus
from app.services.sign_in.throttling.waits import LONGEST_WAIT_SECONDS
from app.services.spend.budgets import Budgets
from app.store.boosts import BoostStore
from app.store.changes import ChangeStore
from app.store.sign_in.sessions import SessionStore
from app.store.sign_in.throttle import SignInThrottleStore


@dataclass(frozen=True)
class MetricsReport:
    """Reads what is known; never asks Cloud."""

    metrics: Metrics
    budget: RequestBudget
    snapshot: Snapshot
    changes: ChangeStore
    boosts: BoostStore
    sessions: SessionStore
    processes: Processes
    policy: Policy
    freeze: ChangeFreeze
    attempts: SignInThrottleStore
    budgets: Budgets
    now: Callable[[], datetime]
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count_request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """One request that was answered."""
        self.metrics.count_request(endpoint, method, status, seconds)

    def count_job_run(self, job: str, outcome: str) -> None:
        """One run of a job of the worker."""
        self.metrics.count_job_run(job, outcome)

    def render(self) -> bytes:
        """Every figure, in Prometheus' text format. Raises StoreUnavailable."""
        figures = self._read()
        with self.lock:  # no other reader sees half of the figures replaced
            self.metrics.set_figures(figures)
            return self.metrics.render()

    def _read(self) -> Figures:
        counts, view = self.changes.count_by_state(), self.snapshot.peek()
        in_flight = {change.service_id for change in self.changes.list_in_flight()}
        return Figures(
            budget_left=self.budget.count_left(),
            snapshot_age_seconds=view.age_seconds(self.now()),
            changes={state.value: counts.get(state, 0) for state in ChangeState},
            boosts=_boost_figures(self.boosts.list_open(), self.now()),
            sessions=self.sessions.count_sessions(self.now()),
            worker=_worker_figures(self.processes.read()),
            throttle=self._read_throttle(),
            groups=tuple(figures_of(self.policy.catalog, view, in_flight, self.budgets.map_kept())),
            is_rules_file_faulty=bool(self.policy.faults),
            is_frozen=self.freeze.find_reason() is not None,
        )

    def _read_throttle(self) -> ThrottleFigures:
        with self.attempts.reading() as records:
            waiting = records.count_waiting(LONGEST_WAIT_SECONDS)
            return ThrottleFigures(records.count_all_checks(), waiting)


def _boost_figures(boosts: Sequence[Boost], now: datetime) -> BoostFigures:
    counts = Counter(boost.state(now) for boost in boosts)
    overdue = (now - min((boost.ends_at for boost in boosts), default=now)).total_seconds()
    return BoostFigures({state.value: counts[state] for state in OPEN_STATES}, max(0.0, overdue))


def _worker_figures(status: WorkerStatus) -> WorkerFigures:
    jobs = {
        run.name: JobFigures(run.ran_at.timestamp(), run.next_at.timestamp(), not run.error)
        for run in status.runs
    }
    return WorkerFigures(
        leader=status.leader,
        lease_until=status.lease_until.timestamp() if status.lease_until else None,
        lag_seconds=status.lag_seconds,
        jobs=jobs,
        processes=len(status.processes),
        is_of_different_rules=status.is_of_different_rules,
    )
