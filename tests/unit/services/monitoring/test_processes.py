"""Which processes live, who leads them, and whether they have the same rules."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from app.services.access.policy import Policy
from app.services.monitoring.processes import RULES_MAY_DIFFER, Processes
from app.store.leases import LEASE_LENGTH, FinishedRun, LeaseStore
from app.store.replicas import LIVE, ReplicaStore
from tests.support.events import RememberedAudit
from tests.unit.builders import NOW, make_catalog
from tests.unit.services.fakes import Clock

MakeProcess = Callable[[str], Processes]


@pytest.fixture
def process(engine: Engine, clock: Clock, tmp_path: Path) -> MakeProcess:
    """Makes one, with a rules file of its own."""

    def database_now(_: Connection) -> datetime:
        return clock()

    def make(name: str) -> Processes:
        policy = Policy(
            tmp_path / name, lambda _: make_catalog(), make_catalog(), RememberedAudit()
        )
        replicas = ReplicaStore(engine, clock=database_now)
        return Processes(name, replicas, LeaseStore(engine, clock=database_now), policy)

    return make


def write(process: Processes, rules: str, tmp_path: Path) -> None:
    (tmp_path / process.own).write_text(rules, encoding="utf-8")


def test_nothing_is_known_before_anybody_leads(process: MakeProcess) -> None:
    status = process("a:1").read()
    assert (status.leader, status.lease_until, status.lag_seconds) == ("", None, None)
    assert (status.processes, status.is_of_different_rules) == ((), False)


def test_who_leads_and_how_long_ago_it_was_heard_of(process: MakeProcess, clock: Clock) -> None:
    first, second = process("a:1"), process("b:2")
    tenure = first.leases.acquire(first.own)
    assert tenure is not None
    first.leases.renew(tenure, [FinishedRun("tidy", 60)])
    clock.advance(4)
    status = second.read()
    assert (status.leader, status.lag_seconds) == ("a:1", 4)
    assert status.lease_until == NOW + LEASE_LENGTH
    assert [run.name for run in status.runs] == ["tidy"]
    clock.advance(LEASE_LENGTH.total_seconds())
    status = second.read()
    assert (status.leader, status.lease_until) == ("", None)
    assert status.lag_seconds == 4 + LEASE_LENGTH.total_seconds()


def test_processes_live_until_they_leave_or_are_silent(process: MakeProcess, clock: Clock) -> None:
    first, second, third = process("a:1"), process("b:2"), process("c:3")
    for one in (first, second, third):
        one.report()
    second.leave()
    clock.advance(LIVE.total_seconds() - 1)
    third.report()
    assert [item.process for item in first.read().processes] == ["a:1", "c:3"]
    clock.advance(1)
    status = first.read()
    assert [item.process for item in status.processes] == ["c:3"]
    assert (status.processes[0].began_at, status.processes[0].seen_at) == (
        NOW,
        clock() - timedelta(seconds=1),
    )


def test_different_rules_are_told_when_they_stay_different(
    process: MakeProcess, clock: Clock, tmp_path: Path
) -> None:
    first, second = process("a:1"), process("b:2")

    def pass_by(seconds: float) -> bool:
        clock.advance(seconds)
        first.report()
        second.report()
        return first.read().is_of_different_rules

    write(first, "old", tmp_path)
    write(second, "old", tmp_path)
    assert not pass_by(0)
    assert not pass_by(1000)
    write(first, "new", tmp_path)
    assert not pass_by(10)
    assert not pass_by(RULES_MAY_DIFFER.total_seconds())
    assert pass_by(1)
    write(second, "new", tmp_path)
    assert not pass_by(1)


def test_who_was_heard_of_before_the_clock_was_set_back_lives_no_more(
    process: MakeProcess, clock: Clock, tmp_path: Path
) -> None:
    gone, first, second = process("gone:1"), process("a:1"), process("b:2")
    write(gone, "old", tmp_path)
    write(first, "old", tmp_path)
    write(second, "new", tmp_path)
    for one in (gone, first, second):
        one.report()
    clock.advance(-3600)
    for _ in range(2):
        first.report()
        second.report()
        clock.advance(RULES_MAY_DIFFER.total_seconds() + 1)
    first.report()
    second.report()
    status = first.read()
    assert [item.process for item in status.processes] == ["a:1", "b:2"]
    assert status.is_of_different_rules


def test_nobody_is_said_to_lead_by_a_lease_from_before_the_clock_was_set_back(
    process: MakeProcess, clock: Clock
) -> None:
    first = process("a:1")
    assert first.leases.acquire(first.own) is not None
    clock.advance(-3600)
    status = process("b:2").read()
    assert (status.leader, status.lease_until) == ("", None)
