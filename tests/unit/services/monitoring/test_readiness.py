"""Ready or not, without asking Cloud for it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.domain.audit.anchor import AnchorSigner
from app.errors import CloudDown, CloudError, CloudKeyRefused, CloudUnreachable
from app.services.access.policy import Policy
from app.services.audit.anchors import Anchors
from app.services.monitoring import readiness as module
from app.services.monitoring.processes import Processes
from app.services.monitoring.readiness import (
    INSPECTED_EVERY_SECONDS,
    PageInspection,
    Readiness,
)
from app.store.audit.anchor_file import AnchorFile
from app.store.audit.log import EventStore
from app.store.changes import ChangeStore
from app.store.leases import FinishedRun, LeaseStore
from app.store.replicas import ReplicaStore
from tests.support.events import EVENT, RememberedAudit
from tests.unit.builders import make_catalog, make_service
from tests.unit.services.fakes import Clock, ClockedSnapshot, FakeCloud

DOWN = CloudUnreachable(message="ClickHouse Cloud cannot be reached.")
WORDS = "Nothing recent is known from ClickHouse Cloud. ClickHouse Cloud cannot be reached."
AT_ONCE: list[CloudError] = [
    CloudDown(message="Left alone.", retry_after_seconds=5),
    CloudKeyRefused(message="Refused.", request_id=None, upstream_status=401),
]


class CountedCloud(FakeCloud):
    """Counts how often it is asked for the list."""

    calls = 0

    def list_services(self) -> tuple[object, ...]:  # type: ignore[override] # same, shorter
        """One more."""
        self.calls += 1
        return super().list_services()


@pytest.fixture
def cloud() -> CountedCloud:
    """A Cloud that is well."""
    return CountedCloud([], make_service())


@pytest.fixture
def snapshot(cloud: CountedCloud, clock: Clock, engine: Engine) -> ClockedSnapshot:
    """What everybody sees of it."""
    return ClockedSnapshot(cloud, clock, engine)


@pytest.fixture
def anchors(engine: Engine, tmp_path: Path) -> Anchors:
    """What vouches for the end of the audit log."""
    return Anchors(
        EventStore(engine), AnchorFile(tmp_path / "audit.anchor"), AnchorSigner("a secret key")
    )


@pytest.fixture
def readiness(
    engine: Engine, snapshot: ClockedSnapshot, anchors: Anchors, clock: Clock, tmp_path: Path
) -> Readiness:
    """What is tested."""
    rules = tmp_path / "rules.yaml"
    policy = Policy(rules, lambda _: make_catalog(), make_catalog(), RememberedAudit())
    processes = Processes("a:1", ReplicaStore(engine), LeaseStore(engine), policy)
    return Readiness(ChangeStore(engine), snapshot, anchors, processes, policy, clock)


def test_cloud_is_asked_once_at_the_start_and_never_again(
    readiness: Readiness, cloud: CountedCloud, clock: Clock
) -> None:
    for _ in range(100):
        assert readiness.list_faults() == ()
        clock.advance(30)
    assert cloud.calls == 1


def test_a_portal_that_never_reached_cloud_is_not_ready_and_asks_once_a_minute(
    readiness: Readiness, cloud: CountedCloud, clock: Clock
) -> None:
    cloud.errors["list_services"] = DOWN
    for _ in range(10):
        assert readiness.list_faults() == (WORDS,)
        clock.advance(59)
    assert cloud.calls == 5
    cloud.errors.clear()
    clock.advance(60)
    assert readiness.list_faults() == ()


def test_a_failure_counts_once_the_view_is_old_and_while_somebody_looks(
    readiness: Readiness, snapshot: ClockedSnapshot, cloud: CountedCloud, clock: Clock
) -> None:
    snapshot.view()
    cloud.errors["list_services"] = DOWN
    clock.advance(60)
    snapshot.view()
    assert readiness.list_faults() == ()
    clock.advance(5)
    snapshot.view()
    assert readiness.list_faults() == (WORDS,)
    clock.advance(60)  # nobody has looked since, so nothing is missed
    assert readiness.list_faults() == ()


@pytest.mark.parametrize("error", AT_ONCE, ids=lambda item: item.code)
def test_what_will_not_pass_by_itself_is_told_at_once(
    readiness: Readiness,
    snapshot: ClockedSnapshot,
    cloud: CountedCloud,
    clock: Clock,
    error: CloudError,
) -> None:
    snapshot.view()
    cloud.errors["list_services"] = error
    clock.advance(5)
    snapshot.view()
    assert readiness.list_faults() == (
        f"Nothing recent is known from ClickHouse Cloud. {error.message}",
    )


def test_a_cut_end_of_the_audit_log_is_told_until_somebody_accepts_it(
    engine: Engine, readiness: Readiness, anchors: Anchors
) -> None:
    for _ in range(2):
        anchors.store.record(EVENT)
        anchors.renew()
    assert readiness.list_faults() == ()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE seq = 2")
    (fault,) = readiness.list_faults()
    assert "audit log was cut off or replaced" in fault
    anchors.renew()
    assert readiness.list_faults() == (fault,)
    anchors.replace()
    assert readiness.list_faults() == ()


def test_the_portal_is_not_ready_without_its_tables(engine: Engine, readiness: Readiness) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE changes")
    (fault,) = readiness.list_faults()
    assert "records" in fault


def test_who_leads_and_which_job_failed_is_told_and_keeps_nothing_from_working(
    readiness: Readiness,
) -> None:
    leases = readiness.processes.leases
    assert readiness.list_details()[0] == "worker: no process has led the jobs yet"
    tenure = leases.acquire("a:1")
    assert tenure is not None
    leases.renew(tenure, [FinishedRun("tidy", 60, "odd"), FinishedRun("reconcile", 5)])
    assert readiness.list_details() == (
        "worker: a:1 leads the jobs, last round 0 s ago",
        "processes: 0",
        "job tidy: failed with odd",
    )
    leases.release(tenure, [])
    assert readiness.list_details()[0].startswith("worker: no process leads the jobs, last round")
    assert readiness.list_faults() == ()


def test_the_pages_of_the_database_are_looked_at_once_a_minute_at_most(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments, looked = [100.0], list[float]()
    monkeypatch.setattr(module, "inspect_pages", lambda _: looked.append(moments[-1]))
    inspection = PageInspection(lambda: moments[-1])
    for passed_seconds in (0, 0, INSPECTED_EVERY_SECONDS - 1, INSPECTED_EVERY_SECONDS, 61):
        moments.append(100.0 + passed_seconds)
        inspection.run(engine)
    assert looked == [100.0, 160.0]


def test_whoever_asks_while_the_pages_are_looked_at_does_not_wait(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspection, looked = PageInspection(), list[Engine]()

    def inspect_again(what: Engine) -> None:
        looked.append(what)
        inspection.run(what)  # returns at once

    monkeypatch.setattr(module, "inspect_pages", inspect_again)
    inspection.run(engine)
    assert looked == [engine]
