"""Who leads the jobs, when they ran, and which processes live."""

import math

from prometheus_client import CollectorRegistry, Gauge

from app.metrics.figures import WorkerFigures


class WorkerGauges:
    """The same in every process: all of it stands in the database."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, meaning: str, *labels: str) -> Gauge:
            return Gauge(f"portal_{name}", meaning, labels, registry=registry)

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

    def set(self, worker: WorkerFigures) -> None:
        """What is so now."""
        self._leader.clear()
        if worker.leader:
            self._leader.labels(worker.leader).set(1)
        self._lease_until.set(number(worker.lease_until))
        self._lag.set(number(worker.lag_seconds))
        for name, job in worker.jobs.items():
            self._ran_at.labels(name).set(job.ran_at)
            self._next_at.labels(name).set(job.next_at)
            self._is_ok.labels(name).set(job.is_ok)
        self._processes.set(worker.processes)
        self._rules_differ.set(worker.is_of_different_rules)


def number(value: float | None) -> float:
    """NaN for what is not known."""
    return math.nan if value is None else value
