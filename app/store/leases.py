"""Who leads the jobs, and when each job ran last: rows that every process reads and one writes.

Times are the database's, since several processes compare them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.clock import SMALL_STEP
from app.domain.leadership import Tenure
from app.errors import LeaseLost
from app.store.database.clock import StoreClock, database_now
from app.store.database.engine import reading, writing
from app.store.database.locks import is_held_by
from app.store.schema import job_runs, leases

LEASE_LENGTH = timedelta(seconds=8)
"""So long a leader may be silent before another process leads."""

FIRST_EPOCH = 1


@dataclass(frozen=True)
class Lease:
    """Who leads, or led last; `round_at` is the last time at which the leader was heard of."""

    holder: str
    epoch: int
    expires_at: datetime
    round_at: datetime | None

    def is_held(self, now: datetime) -> bool:
        """Whether its holder leads. An end that lies further ahead than any lease is left from
        before the clock was set back."""
        return now < self.expires_at <= now + LEASE_LENGTH + SMALL_STEP


@dataclass(frozen=True)
class FinishedRun:
    """A job that was run a moment ago; `error` is a code, empty if it went well."""

    name: str
    interval_seconds: float
    error: str = ""


@dataclass(frozen=True)
class JobRun:
    """When a job ran last, in which process, how that ended, and when it is due again."""

    name: str
    holder: str
    ran_at: datetime
    next_at: datetime
    error: str


@dataclass(frozen=True)
class LeaseRecords:
    """All of it at one moment, `now`, by the database's clock."""

    lease: Lease | None
    runs: tuple[JobRun, ...]
    now: datetime


@dataclass(frozen=True)
class LeaseStore:
    """The records of one lease and its jobs. Every method raises StoreUnavailable."""

    engine: Engine
    name: str = "worker"
    clock: StoreClock = database_now

    def acquire(self, holder: str) -> Tenure | None:
        """Lead from now on, if nobody does; None while somebody else does."""
        with reading(self.engine) as connection:  # those who wait must not take the writers' lock
            lease = self._find(connection)
            if lease and lease.is_held(self.clock(connection)):
                return None
        return self._take_over(holder) if lease else self._create(holder)

    def renew(self, tenure: Tenure, runs: Iterable[FinishedRun]) -> None:
        """Lead for another LEASE_LENGTH, and write down what was run. Raises LeaseLost."""
        with writing(self.engine) as connection:
            now = self.clock(connection)
            own = update(leases).where(is_held_by(tenure))
            values = {"expires_at": now + LEASE_LENGTH, "round_at": now}
            if connection.execute(own.values(values)).rowcount != 1:
                raise LeaseLost
            _write_runs(connection, runs, tenure.holder, now)

    def release(self, tenure: Tenure, runs: Iterable[FinishedRun]) -> None:
        """Stop leading in good order: whoever asks next leads at once."""
        with writing(self.engine) as connection:
            now = self.clock(connection)
            own = update(leases).where(is_held_by(tenure))
            if connection.execute(own.values(holder="", expires_at=now)).rowcount == 1:
                _write_runs(connection, runs, tenure.holder, now)

    def read(self) -> LeaseRecords:
        """Who leads and what was run."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(job_runs).order_by(job_runs.c.name))
            runs = tuple(JobRun(**row._mapping) for row in rows)  # noqa: SLF001 - documented
            return LeaseRecords(self._find(connection), runs, self.clock(connection))

    def _find(self, connection: Connection) -> Lease | None:
        columns = (leases.c.holder, leases.c.epoch, leases.c.expires_at, leases.c.round_at)
        row = connection.execute(select(*columns).where(leases.c.name == self.name)).one_or_none()
        return Lease(*row) if row else None

    def _take_over(self, holder: str) -> Tenure | None:
        with writing(self.engine) as connection:
            now = self.clock(connection)
            taking = update(leases).where(leases.c.name == self.name, _may_be_taken(now))
            values = {
                "holder": holder,
                "epoch": leases.c.epoch + 1,
                "expires_at": now + LEASE_LENGTH,
                "round_at": now,
            }
            epoch = connection.scalar(taking.values(values).returning(leases.c.epoch))
        return None if epoch is None else Tenure(self.name, holder, epoch)

    def _create(self, holder: str) -> Tenure | None:
        try:
            with writing(self.engine) as connection:
                now = self.clock(connection)
                lease = Lease(holder, FIRST_EPOCH, now + LEASE_LENGTH, now)
                connection.execute(leases.insert().values(name=self.name, **lease.__dict__))
        except IntegrityError:  # another process came first
            return None
        return Tenure(self.name, holder, FIRST_EPOCH)


def _may_be_taken(now: datetime) -> ColumnElement[bool]:
    """That nobody holds the lease, as `Lease.is_held` says."""
    latest = now + LEASE_LENGTH + SMALL_STEP
    return or_(leases.c.expires_at <= now, leases.c.expires_at > latest)


def _write_runs(
    connection: Connection, runs: Iterable[FinishedRun], holder: str, now: datetime
) -> None:
    for run in runs:
        next_at = now + timedelta(seconds=run.interval_seconds)
        row = JobRun(run.name, holder, now, next_at, run.error[:64])
        connection.execute(delete(job_runs).where(job_runs.c.name == run.name))
        connection.execute(job_runs.insert().values(row.__dict__))
