"""The counters that go on, and the figures of the moment.

Each application has a registry of its own. Labels hold only words of the portal's, of HTTP's and of
the file of groups, never a person's name, so that their number stays small.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector

from app.metrics.figures import Figures
from app.metrics.group_gauges import GroupGauges
from app.metrics.worker_gauges import WorkerGauges, number

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds. No page may take longer than the last."""

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
"""Any other that somebody makes up is counted as one."""


class Metrics:
    """Counters that go on, and figures of the moment. Thread-safe.

    Each process counts for itself, and `portal_process_info` says which one has answered; what is
    read from the database is the same in all.
    """

    def __init__(self, process: str = "", version: str = "") -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._gauge("process_info", "The process that answers.", "process").labels(process).set(1)
        self._gauge("build_info", "The version that it runs.", "version").labels(version).set(1)
        self._requests = Histogram(
            "portal_request_seconds",
            "Requests served, with how long they took.",
            ["endpoint", "method", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._cloud_calls = self._counter(
            "cloud_calls",
            "Calls of ClickHouse Cloud's API, sent or held back.",
            *("kind", "outcome"),
        )
        self._sign_ins = self._counter(
            "sign_ins",
            "Checks of a name and password, of people and of programs.",
            *("door", "outcome"),
        )
        self._job_runs = self._counter(
            "job_runs", "Runs of the jobs that the portal does by itself.", "job", "outcome"
        )
        self._make_gauges()
        self._worker, self._groups = WorkerGauges(registry), GroupGauges(registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"portal_{name}", meaning, labels, registry=self._registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"portal_{name}", meaning, labels, registry=self._registry)

    def _make_gauges(self) -> None:
        self._budget_left = self._gauge(
            "cloud_budget_left", "Requests that all processes together may send to Cloud now."
        )
        self._snapshot_age = self._gauge("snapshot_age_seconds", "Age of what is known of Cloud.")
        self._changes = self._gauge("changes", "Changes in the ledger.", "state")
        self._boosts = self._gauge("boosts", "Boosts that have not ended.", "state")
        self._overdue = self._gauge(
            "boost_overdue_seconds", "Since the end of the boost that should have gone back first."
        )
        self._sessions = self._gauge("sessions", "Sessions that have not ended.")
        self._checks = self._gauge("sign_in_checks", "Passwords that all processes check now.")
        self._waiting = self._gauge(
            "sign_in_waiting", "Names that must wait at some address before they may try again."
        )
        self._rules_file_faulty = self._gauge(
            "rules_file_faulty",
            "1 while the file of groups and permissions has faults, so that changes are frozen.",
        )
        self._frozen = self._gauge("changes_frozen", "1 while nobody can change anything.")

    def count_request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count an HTTP request; `endpoint` is "none" where no route matched."""
        known = method if method in METHODS else "other"
        self._requests.labels(endpoint, known, str(status)).observe(seconds)

    def count_cloud_call(self, kind: str, outcome: str) -> None:
        """One call of Cloud's API: "ok", or the code of the error it ended with."""
        self._cloud_calls.labels(kind, outcome).inc()

    def begin_sign_ins(self, channel: str, outcomes: Iterable[str]) -> None:
        """Show these outcomes from the start, as 0: a rate needs a figure before the first one."""
        for outcome in outcomes:
            self._sign_ins.labels(channel, outcome)

    def count_sign_in(self, channel: str, outcome: str) -> None:
        """One check of a password: "ok", or why it was refused."""
        self._sign_ins.labels(channel, outcome).inc()

    def count_job_run(self, job: str, outcome: str) -> None:
        """One run of a job in this process: "ok", or the code of the error it ended with."""
        self._job_runs.labels(job, outcome).inc()

    def set_figures(self, figures: Figures) -> None:
        """What is so now."""
        self._budget_left.set(figures.budget_left)
        self._snapshot_age.set(number(figures.snapshot_age_seconds))
        for state, count in figures.changes.items():
            self._changes.labels(state).set(count)
        for state, count in figures.boosts.by_state.items():
            self._boosts.labels(state).set(count)
        self._overdue.set(figures.boosts.overdue_seconds)
        self._sessions.set(figures.sessions)
        self._checks.set(figures.throttle.checks)
        self._waiting.set(figures.throttle.waiting)
        self._rules_file_faulty.set(figures.is_rules_file_faulty)
        self._frozen.set(figures.is_frozen)
        self._worker.set(figures.worker)
        self._groups.set(figures.groups)

    def render(self) -> bytes:
        """All of it as text."""
        return generate_latest(self._registry)
