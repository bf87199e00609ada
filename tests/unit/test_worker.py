"""The worker: jobs in time, each by itself, and those of the leader in one process only."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine

from app.context import current_context
from app.deadlines import REQUEST_SECONDS, remaining_seconds
from app.domain.leadership import Tenure
from app.errors import StoreUnavailable
from app.services.monitoring.leadership import Leadership
from app.store.database.engine import open_engine, upgrade
from app.store.leases import LEASE_LENGTH, LeaseStore
from app.store.replicas import LIVE
from app.worker import Job, Worker
from tests.unit.services.fakes import Clock

LEASE_SECONDS = LEASE_LENGTH.total_seconds()


class Machine:
    """Processes over one database, with one clock."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.clock = Clock()
        self.done: list[str] = []
        self.ended: Counter[tuple[str, str]] = Counter()
        self.tenures: list[Tenure | None] = []

    def leases(self) -> LeaseStore:
        return LeaseStore(self.engine, clock=self._database_now)

    def worker(self, process: str, *extra: Job) -> Worker:
        jobs = (
            *extra,
            Job("often", 5, lambda: self._note(f"often {process}")),
            Job("seldom", 3600, lambda: self._note(f"seldom {process}")),
            Job("own", 60, lambda: self._note(f"own {process}"), is_for_leader=False),
        )
        return Worker(jobs, Leadership(self.leases(), process), self._count, self.clock.seconds)

    def _note(self, what: str) -> None:
        self.tenures.append(current_context().tenure)
        self.done.append(what)

    def _count(self, job: str, outcome: str) -> None:
        self.ended[job, outcome] += 1

    def _database_now(self, _: Connection) -> datetime:
        return self.clock()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """An empty one."""
    engine = open_engine(SecretStr(f"sqlite:///{tmp_path / 'portal.db'}"))
    upgrade(engine)
    yield Machine(engine)
    engine.dispose()


def test_jobs_run_when_they_are_due_and_a_missed_round_is_not_made_up_for(
    machine: Machine,
) -> None:
    worker = machine.worker("a")
    worker.run_round()
    assert machine.done == ["own a", "often a", "seldom a"]
    machine.clock.advance(4)
    worker.run_round()
    assert len(machine.done) == 3
    machine.clock.advance(50)
    worker.run_round()
    worker.run_round()
    assert machine.done[3:] == ["often a"]


def test_one_process_leads_and_each_does_its_own(machine: Machine) -> None:
    first, second = machine.worker("a"), machine.worker("b")
    for _ in range(4):
        first.run_round()
        second.run_round()
        machine.clock.advance(5)
    assert Counter(machine.done) == {"own a": 1, "own b": 1, "often a": 4, "seldom a": 1}


def test_a_successor_goes_on_where_the_dead_leader_stopped(machine: Machine) -> None:
    first, second = machine.worker("a"), machine.worker("b")
    first.run_round()
    first.run_round()  # what was run is written down with the next renewal
    machine.clock.advance(LEASE_SECONDS - 1)
    second.run_round()
    assert "often b" not in machine.done
    machine.clock.advance(1)
    second.run_round()
    assert "often b" in machine.done
    assert "seldom b" not in machine.done
    machine.clock.advance(3600)
    second.run_round()
    assert "seldom b" in machine.done


def test_a_leader_that_was_paused_past_its_lease_runs_nothing_more(machine: Machine) -> None:
    first, second = machine.worker("a"), machine.worker("b")
    first.run_round()
    machine.clock.advance(LEASE_SECONDS)
    second.run_round()
    machine.done.clear()
    first.run_round()
    assert machine.done == []


def test_after_a_stop_in_good_order_another_leads_at_once(machine: Machine) -> None:
    first, second = machine.worker("a"), machine.worker("b")
    first.run_round()
    first.stop()
    machine.clock.advance(5)
    second.run_round()
    assert "often b" in machine.done
    assert "seldom b" not in machine.done


def test_jobs_run_under_the_leader_and_within_a_deadline(machine: Machine) -> None:
    seen: list[float] = []
    worker = machine.worker("a", Job("timed", 5, lambda: seen.append(remaining_seconds())))
    worker.run_round()
    assert machine.tenures == [None, *[Tenure("worker", "a", 1)] * 2]
    assert 0 < seen[0] < LEASE_SECONDS
    assert current_context().tenure is None


def test_an_odd_job_takes_no_other_with_it(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def refuse() -> None:
        raise StoreUnavailable(message="No disk.")

    worker = machine.worker("a", Job("odd", 5, fail), Job("full", 5, refuse))
    worker.run_round()
    machine.clock.advance(5)
    worker.run_round()
    assert machine.ended["odd", "ZeroDivisionError"] == 2
    assert machine.ended["full", "store_unavailable"] == 2
    assert machine.ended["often", "ok"] == 2
    assert "No disk." in caplog.text
    errors = {run.name: run.error for run in machine.leases().read().runs}
    assert errors["odd"] == "ZeroDivisionError"
    assert errors["often"] == ""


def test_what_was_run_while_the_store_was_away_is_written_down_later(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable(message="No disk.")

    worker = machine.worker("a")
    worker.run_round()
    with monkeypatch.context() as broken:
        broken.setattr(LeaseStore, "renew", fail)
        with pytest.raises(StoreUnavailable):
            worker.run_round()
    worker.run_round()
    assert {run.name for run in machine.leases().read().runs} == {"often", "seldom"}


def test_a_job_is_no_sooner_due_than_a_clock_that_was_set_back_says_wrongly(
    machine: Machine,
) -> None:
    first, second = machine.worker("a"), machine.worker("b")
    first.run_round()
    first.stop()
    machine.clock.advance(-7200)
    second.run_round()
    assert "seldom b" in machine.done


def test_the_thread_goes_on_after_a_round_that_failed_and_ends_when_it_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.worker.ROUND_SECONDS", 0.01)
    rounds = threading.Semaphore(0)

    def fail(_: Worker, **__: object) -> None:
        rounds.release()
        raise ZeroDivisionError

    monkeypatch.setattr(Worker, "run_round", fail)
    worker = machine.worker("a")
    worker.start(may_lead=True)
    assert all(rounds.acquire(timeout=5) for _ in range(3))
    worker.stop()
    assert not any(thread.name == "worker" for thread in threading.enumerate())


def test_a_process_that_leaves_the_jobs_to_others_never_leads(machine: Machine) -> None:
    worker = machine.worker("a")
    worker.run_round(may_lead=False)
    assert machine.done == ["own a"]
    assert machine.leases().read().lease is None


def test_a_process_does_its_own_jobs_in_time_while_those_of_the_leader_are_slow(
    machine: Machine,
) -> None:
    def be_slow() -> None:
        machine.clock.advance(REQUEST_SECONDS)

    def report() -> None:
        reported_at.append(machine.clock.seconds())

    reported_at: list[float] = []
    slow = [Job(f"slow {number}", 5, be_slow) for number in range(6)]
    worker = machine.worker("a", *slow, Job("report", 10, report, is_for_leader=False))
    for _ in range(3):
        worker.run_round()
    gaps = [later - earlier for earlier, later in pairwise(reported_at)]
    assert max(gaps) < LIVE.total_seconds()
    assert machine.ended["slow 5", "ok"] == 3
