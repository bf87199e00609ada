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
class Figures:
    """What is so at the moment. `snapshot_age_seconds` is None while nothing is known of Cloud."""

    budget_left: int
    snapshot_age_seconds: float | None
    changes: Mapping[str, int]
    sessions: int
    is_rules_file_faulty: bool


class Metrics:
    """Counters that go on, and figures of the moment. Thread-safe."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
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
        self._budget_left = Gauge(
            "portal_cloud_budget_left", "Requests that may be sent to Cloud now.", registry=registry
        )
        self._snapshot_age = Gauge(
            "portal_snapshot_age_seconds", "Age of what is known of Cloud.", registry=registry
        )
        self._changes = Gauge(
            "portal_changes", "Changes in the ledger.", ["state"], registry=registry
        )
        self._sessions = Gauge(
            "portal_sessions", "Sessions that have not ended.", registry=registry
        )
        self._rules_file_faulty = Gauge(
            "portal_rules_file_faulty",
            "1 while the file of groups and permissions has faults, so that changes are frozen.",
            registry=registry,
        )

    def count_request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """One request of somebody's; "none" is the endpoint where there is no such address."""
        known = method if method in METHODS else "other"
        self._requests.labels(endpoint, known, str(status)).observe(seconds)

    def count_cloud_call(self, kind: str, outcome: str) -> None:
        """One call of Cloud's API: "ok", or the code of the error it ended with."""
        self._cloud_calls.labels(kind, outcome).inc()

    def count_sign_in(self, channel: str, outcome: str) -> None:
        """One check of a password: "ok", or why it was refused."""
        self._sign_ins.labels(channel, outcome).inc()

    def set_figures(self, figures: Figures) -> None:
        """What is so now."""
        age_seconds = figures.snapshot_age_seconds
        self._budget_left.set(figures.budget_left)
        self._snapshot_age.set(math.nan if age_seconds is None else age_seconds)
        for state, count in figures.changes.items():
            self._changes.labels(state).set(count)
        self._sessions.set(figures.sessions)
        self._rules_file_faulty.set(figures.is_rules_file_faulty)

    def render(self) -> bytes:
        """All of it as text."""
        return generate_latest(self._registry)
