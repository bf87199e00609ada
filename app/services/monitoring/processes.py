"""The processes of the portal: each says that it lives and which rules it has, and who leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.access.policy import Policy
from app.store.leases import JobRun, LeaseStore
from app.store.replicas import Replica, ReplicaStore

RULES_MAY_DIFFER = timedelta(seconds=30)
"""A rules file is not put in place everywhere at the same moment. Not shorter than a process that
ended without a word counts as living."""

DIFFERENT_RULES = "The processes have different files of groups and permissions."


@dataclass(frozen=True)
class WorkerStatus:
    """Who leads the jobs, when they ran, and which processes live; times are the database's.

    `leader` is empty while nobody leads. `lag_seconds`: since the leader was last heard of, None if
    there never was one.
    """

    leader: str
    lease_until: datetime | None
    lag_seconds: float | None
    runs: Sequence[JobRun]
    processes: Sequence[Replica]
    is_of_different_rules: bool


@dataclass(frozen=True)
class Processes:
    """What each process says of itself, and what all have said. Methods raise StoreUnavailable
    unless they say otherwise. `own` is the name of this process: its machine and its number
    there.
    """

    own: str
    replicas: ReplicaStore
    leases: LeaseStore
    policy: Policy

    def follow_rules(self) -> None:
        """Read this machine's rules file if it has changed, so that a faulty one is told at once
        and not on the next visit. Raises nothing."""
        self.policy.follow()

    def report(self) -> None:
        """This process lives, and has the rules file as it is."""
        self.replicas.report(self.own, self.policy.fingerprint)

    def leave(self) -> None:
        """This process ends in good order."""
        self.replicas.forget(self.own)

    def read(self) -> WorkerStatus:
        """What is known of all."""
        records, replicas = self.leases.read(), self.replicas.read()
        lease, now = records.lease, records.now
        is_led = lease is not None and lease.is_held(now)
        heard_at = lease.round_at if lease else None
        return WorkerStatus(
            leader=lease.holder if lease and is_led else "",
            lease_until=lease.expires_at if lease and is_led else None,
            lag_seconds=max(0.0, (now - heard_at).total_seconds()) if heard_at else None,
            runs=records.runs,
            processes=replicas.live,
            is_of_different_rules=_differ(replicas.live, replicas.now),
        )


def _differ(live: Sequence[Replica], now: datetime) -> bool:
    """Whether two processes have had different rules files for longer than RULES_MAY_DIFFER."""
    if len({replica.rules_hash for replica in live}) < 2:
        return False
    return now - max(replica.rules_since for replica in live) > RULES_MAY_DIFFER


def describe(status: WorkerStatus) -> tuple[str, ...]:
    """Lines for whoever runs the portal."""
    lines = [_describe_leader(status), f"processes: {len(status.processes)}"]
    lines += [f"job {run.name}: failed with {run.error}" for run in status.runs if run.error]
    if status.is_of_different_rules:
        lines.append(DIFFERENT_RULES)
    return tuple(lines)


def _describe_leader(status: WorkerStatus) -> str:
    if status.lag_seconds is None:
        return "worker: no process has led the jobs yet"
    heard = f"last round {status.lag_seconds:.0f} s ago"
    if not status.leader:
        return f"worker: no process leads the jobs, {heard}"
    return f"worker: {status.leader} leads the jobs, {heard}"
