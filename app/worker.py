"""The worker: what the portal does when nobody looks, as a list of jobs.

One thread per process goes round the list. Most jobs are for one process at a time, the one that
holds the lease; the others wait to take it over. A job computes what ought to be now and does it,
so that a round that was missed is never made up for.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.context import RequestContext, in_context
from app.deadlines import REQUEST_SECONDS
from app.domain.leadership import Tenure
from app.errors import PortalError
from app.services.monitoring.leadership import Leadership
from app.services.portal import Portal
from app.store.leases import FinishedRun

ROUND_SECONDS = 2.0
"""The pause between two rounds: a lease is renewed several times before it ends."""

STOP_SECONDS = 3.0
"""How long a stop waits for the job that is being run; it may be cut off anywhere."""

MINUTE_SECONDS, HOUR_SECONDS = 60.0, 3600.0

log = logging.getLogger("portal.worker")


@dataclass(frozen=True)
class Job:
    """What is done every `interval_seconds`, by the leader alone or by each process for itself.

    Its calls of Cloud end within REQUEST_SECONDS, shorter than the lease. What the leader writes
    in it is refused with LeaseLost once another process leads.
    """

    name: str
    interval_seconds: float
    run: Callable[[], object]
    is_for_leader: bool = True


def list_jobs(portal: Portal) -> tuple[Job, ...]:
    """Every job of the portal."""
    housekeeping = portal.housekeeping
    return (
        Job("rules", ROUND_SECONDS, portal.processes.follow_rules, is_for_leader=False),
        Job("report", 10.0, portal.processes.report, is_for_leader=False),
        Job("reconcile", 5.0, portal.reconciler.reconcile_all),
        Job("boosts", 2.0, portal.boosts.reverts.advance_all),
        Job("schedules", 5.0, portal.schedule_engine.run_due),
        Job("handovers", 30.0, portal.cloud_schedules.reconcile),
        Job("tidy", HOUR_SECONDS, housekeeping.tidy),
        Job("inspect", HOUR_SECONDS, housekeeping.inspect, is_for_leader=False),
        Job("anchor", HOUR_SECONDS, housekeeping.renew_anchor, is_for_leader=False),
        Job("refusals", MINUTE_SECONDS, housekeeping.tell_refusals, is_for_leader=False),
        Job("budgets", MINUTE_SECONDS, portal.budgets.tell_steps),
        Job("spent", MINUTE_SECONDS, portal.boosts.end_spent),
        Job("estimates", 10.0, portal.spend_estimator.estimate_due),
        *_list_readings(portal),
    )


def _list_readings(portal: Portal) -> list[Job]:
    """What is read of Cloud besides, as far as the settings want it."""
    jobs = []
    if portal.load_sampler:
        jobs.append(Job("load", 5.0, portal.load_sampler.sample))
    if portal.spend_reader:
        jobs.append(Job("costs", MINUTE_SECONDS, portal.spend_reader.read_due))
    return jobs


def make_worker(portal: Portal) -> "Worker":
    """The worker of this process, with every job."""
    leadership = Leadership(portal.processes.leases, portal.processes.own)
    return Worker(list_jobs(portal), leadership, portal.metrics.count_job_run)


class Worker:
    """Runs the jobs that are due, round after round. `count` is told how each run ended."""

    def __init__(
        self,
        jobs: Sequence[Job],
        leadership: Leadership,
        count: Callable[[str, str], object],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._leadership = leadership
        self._count = count
        self._monotonic = monotonic
        self._due_at: dict[str, float] = {}
        self._finished: dict[str, FinishedRun] = {}
        self._epoch: int | None = None
        self._is_ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, *, may_lead: bool) -> None:
        """Go round in a thread that ends with the process. Without `may_lead` the jobs of the
        leader are left to other processes."""
        self._thread = threading.Thread(
            target=self._go_round, args=(may_lead,), name="worker", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End in good order: another process leads at once. Raises nothing."""
        self._is_ended.set()
        if self._thread:
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():  # the lease ends by itself
                return
        self._leadership.release(list(self._finished.values()))

    def run_round(self, *, may_lead: bool = True) -> None:
        """Run what is due now. Raises StoreUnavailable where it cannot be told who leads."""
        self._run_own()
        if may_lead:
            self._lead()

    def _go_round(self, may_lead: bool) -> None:
        while not self._is_ended.is_set():
            try:
                self.run_round(may_lead=may_lead)
            except PortalError as error:
                log.warning("a round of the worker ended early: %s", error.message)
            except Exception:
                log.exception("a round of the worker ended early")
            self._is_ended.wait(ROUND_SECONDS)

    def _run_own(self) -> None:
        for job in self._list_due(is_for_leader=False):
            self._run(job)

    def _lead(self) -> None:
        due = self._list_due(is_for_leader=True)
        if not due:
            self._hold()
        for job in due:
            self._run_own()  # where those of the leader are slow, the process still says it lives
            # Renewed before each job, so that each has the whole of the lease for itself.
            tenure = self._hold()
            if tenure is None or self._is_ended.is_set():
                return
            if self._is_due(job):  # a leader before this one may have run it just now
                self._finished[job.name] = self._run(job, tenure)

    def _hold(self) -> Tenure | None:
        tenure = self._leadership.hold(list(self._finished.values()))
        self._finished.clear()
        epoch = tenure.epoch if tenure else None
        if epoch is not None and epoch != self._epoch:
            self._take_up()
        self._epoch = epoch
        return tenure

    def _take_up(self) -> None:
        """Go on where the leader before this one stopped."""
        now, waits = self._monotonic(), self._leadership.seconds_until_due()
        for job in self._jobs:
            # No job waits for longer than its interval: then a clock was set back.
            if job.is_for_leader and 0 < waits.get(job.name, 0) <= job.interval_seconds:
                self._due_at[job.name] = now + waits[job.name]

    def _list_due(self, *, is_for_leader: bool) -> list[Job]:
        jobs = [job for job in self._jobs if job.is_for_leader is is_for_leader]
        return [job for job in jobs if self._is_due(job)]

    def _is_due(self, job: Job) -> bool:
        return self._monotonic() >= self._due_at.get(job.name, 0.0)

    def _run(self, job: Job, tenure: Tenure | None = None) -> FinishedRun:
        self._due_at[job.name] = self._monotonic() + job.interval_seconds
        error = _try(
            job, RequestContext(deadline=time.monotonic() + REQUEST_SECONDS, tenure=tenure)
        )
        self._count(job.name, error or "ok")
        return FinishedRun(job.name, job.interval_seconds, error)


def _try(job: Job, context: RequestContext) -> str:
    """Run it whatever comes of it; the code of what went wrong, empty if nothing did."""
    try:
        with in_context(context):
            job.run()
    except PortalError as error:
        log.warning("the job %s was not done: %s", job.name, error.message)
        return error.code
    except Exception as error:
        log.exception("the job %s was not done", job.name)
        return type(error).__name__
    return ""
