"""What is counted for whoever watches the portal, in Prometheus' text format.

Each application has a registry of its own. Labels hold only words of the portal's and of HTTP's,
never a person's name, so that their number stays small.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds. No page may take longer than the last."""

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Any other that somebody makes up is counted as one."""


@dataclass(frozen=True)
class JobFigures:
    """A job's last run, in whatever process, and the next one: seconds since 1970."""

    ran_at: float
    next_at: float
    is_ok: bool


@dataclass(frozen=True)
class WorkerFigures:
    """The jobs of all processes. `leader` and `lease_until` (seconds since 1970) are empty and None
    while nobody leads, `lag_seconds` is None if nobody ever did."""

    leader: str
    lease_until: float | None
    lag_seconds: float | None
    jobs: Mapping[str, JobFigures]
    processes: int
    is_of_different_rules: bool


@dataclass(frozen=True)
class Figures:
    """What is so at the moment. `snapshot_age_seconds` is None while nothing is known of Cloud."""

    budget_left: int
    snapshot_age_seconds: float | None
    changes: Mapping[str, int]
    sessions: int
    worker: WorkerFigures
    is_rules_file_faulty: bool


class Metrics:
    """Counters that go on, and figures of the moment. Thread-safe.

    Each process counts for itself, and `portal_process_info` says which one has answered; what is
    read from the database is the same in all.
    """

    def __init__(self, process: str = "") -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._gauge("process_info", "The process that answers.", "process").labels(process).set(1)
        self._requests = Histogram(
            "portal_request_seconds",
            "Requests served, with how long they took.",
            ["endpoint", "method", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._cloud_calls = Counter(
            "portal_cloud_calls",
            "Calls of ClickHouse Cloud's API, sent or held back.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._sign_ins = Counter(
            "portal_sign_ins",
            "Checks of a name and password, of people and of programs.",
            ["door", "outcome"],
            registry=registry,
        )
        self._job_runs = Counter(
            "portal_job_runs",
            "Runs of the jobs that the portal does by itself.",
            ["job", "outcome"],
            registry=registry,
        )
        self._make_gauges()
        self._make_worker_gauges()

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"portal_{name}", meaning, labels, registry=self._registry)

    def _make_gauges(self) -> None:
        self._budget_left = self._gauge(
            "cloud_budget_left", "Requests that all processes together may send to Cloud now."
        )
        self._snapshot_age = self._gauge("snapshot_age_seconds", "Age of what is known of Cloud.")
        self._changes = self._gauge("changes", "Changes in the ledger.", "state")
        self._sessions = self._gauge("sessions", "Sessions that have not ended.")
        self._rules_file_faulty = self._gauge(
            "rules_file_faulty",
            "1 while the file of groups and permissions has faults, so that changes are frozen.",
        )

    def _make_worker_gauges(self) -> None:
        gauge = self._gauge
        self._leader = gauge("worker_leader_info", "The process that leads the jobs.", "process")
        self._lease_until = gauge(
            "worker_lease_until_seconds", "When its lease ends, as Unix time."
        )
        self._lag = gauge("worker_lag_seconds", "Since the last round of whoever leads the jobs.")
        self._ran_at = gauge("job_last_run_seconds", "When it ran last, as Unix time.", "job")
        self._next_at = gauge("job_next_run_seconds", "When it is due again, as Unix time.", "job")
        self._is_ok = gauge("job_last_run_ok", "Whether its last run went well.", "job")
        self._processes = gauge("processes", "Processes that share the database and live.")
        self._rules_differ = gauge(
            "rules_files_differ", "Whether they have had different rules files for a while."
        )

    def count_request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count an HTTP request; `endpoint` is "none" where no route matched."""
        known = method if method in METHODS else "other"
        self._requests.labels(endpoint, known, str(status)).observe(seconds)

    def count_cloud_call(self, kind: str, outcome: str) -> None:
        """One call of Cloud's API: "ok", or the code of the error it ended with."""
        self._cloud_calls.labels(kind, outcome).inc()

    def count_sign_in(self, channel: str, outcome: str) -> None:
        """One check of a password: "ok", or why it was refused."""
        self._sign_ins.labels(channel, outcome).inc()

    def count_job_run(self, job: str, outcome: str) -> None:
        """One run of a job in this process: "ok", or the code of the error it ended with."""
        self._job_runs.labels(job, outcome).inc()

    def set_figures(self, figures: Figures) -> None:
        """What is so now."""
        self._budget_left.set(figures.budget_left)
        self._snapshot_age.set(_number(figures.snapshot_age_seconds))
        for state, count in figures.changes.items():
            self._changes.labels(state).set(count)
        self._sessions.set(figures.sessions)
        self._rules_file_faulty.set(figures.is_rules_file_faulty)
        self._set_worker(figures.worker)

    def _set_worker(self, worker: WorkerFigures) -> None:
        self._leader.clear()
        if worker.leader:
            self._leader.labels(worker.leader).set(1)
        self._lease_until.set(_number(worker.lease_until))
        self._lag.set(_number(worker.lag_seconds))
        for name, job in worker.jobs.items():
            self._ran_at.labels(name).set(job.ran_at)
            self._next_at.labels(name).set(job.next_at)
            self._is_ok.labels(name).set(job.is_ok)
        self._processes.set(worker.processes)
        self._rules_differ.set(worker.is_of_different_rules)

    def render(self) -> bytes:
        """All of it as text."""
        return generate_latest(self._registry)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
