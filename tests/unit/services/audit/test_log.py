"""Whether ledger and audit log agree, over changes as they are really made."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.audit.anchor import AnchorSigner, AnchorState
from app.domain.audit.chain import ChainEntry, Unreadable
from app.domain.audit.event_search import EVERYTHING, EventFilter
from app.domain.audit.events import NOBODY
from app.domain.audit.ledger_check import LedgerReport, check_ledger
from app.domain.changes.actions import Action
from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, ChangeState
from app.errors import CloudAnswerLost, CloudNotAsked
from app.services.audit.anchors import EMPTY_LOG, Anchors
from app.services.audit.log import AuditLog
from app.store.audit import log
from app.store.audit.anchor_file import AnchorFile
from app.store.audit.ledger_reading import read_both
from app.store.audit.log import EventStore
from app.store.database.engine import writing
from tests.unit.builders import ALICE, REPORTING_ID, replicas
from tests.unit.services.world import World, confirmation


def compare(world: World) -> LedgerReport:
    """Ledger and audit log as they are now."""
    both = read_both(world.changes.engine)
    return check_ledger(both.rows, both.steps, both.known_since)


@pytest.fixture
def busy(world: World) -> World:
    """A world in which changes have ended in several ways."""
    world.apply(world.draft())
    world.draft(replicas(4))
    stop = world.draft_command(Action.STOP)
    world.cloud.errors["update"] = CloudNotAsked(message="Not asked.", retry_after_seconds=1)
    with pytest.raises(CloudNotAsked):
        world.apply(stop, confirmation=confirmation())
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    lost = world.draft(service_id=REPORTING_ID)
    assert world.apply(lost).state is ChangeState.UNKNOWN
    world.clock.advance((ANSWER_DEADLINE + STATE_LAG).total_seconds())
    assert world.ledger.get_change(ALICE, lost).state is ChangeState.FAILED
    return world


@pytest.fixture
def audit_log(busy: World, tmp_path: Path) -> AuditLog:
    """That of the busy world, with an anchor beside it."""
    anchors = Anchors(busy.audit.store, AnchorFile(tmp_path / "anchor"), AnchorSigner("x" * 32))
    return AuditLog(busy.audit, anchors)


def test_whatever_becomes_of_changes_both_tell_the_same(busy: World) -> None:
    assert compare(busy) == LedgerReport(2)


@pytest.mark.parametrize(
    ("statement", "mismatches"),
    [
        ("UPDATE changes SET state = 'applied' WHERE state = 'failed'", 1),
        ("DELETE FROM changes WHERE state = 'applied'", 1),
        ("UPDATE changes SET state = 'draft' WHERE state != 'draft'", 2),
        ('DELETE FROM events WHERE text LIKE \'%"action":"outcome"%\'', 2),
    ],
)
def test_whoever_touches_one_of_them_is_found_out(
    busy: World, statement: str, mismatches: int
) -> None:
    with writing(busy.changes.engine) as connection:
        connection.execute(text(statement))
    assert compare(busy).mismatches == mismatches


@pytest.mark.parametrize(
    ("column", "value", "name"),
    [
        ("user", "bob", "user"),
        ("warehouse", "other", "warehouse"),
        ("service_id", "0c000000-0000-4000-8000-0000000000ff", "service_id"),
        ("act", "wake", "act"),
        ("reason", "another", "reason"),
        ("patch", '{"numReplicas": 9}', "requested"),
        ("before", "null", "before"),
        ("target", "{}", "target"),
    ],
)
def test_whoever_alters_who_what_or_why_in_the_ledger_is_found_out(
    busy: World, column: str, value: str, name: str
) -> None:
    statement = f"UPDATE changes SET \"{column}\" = :value WHERE state = 'applied'"  # noqa: S608 - our own names
    with writing(busy.changes.engine) as connection:
        connection.execute(text(statement), {"value": value})
    report = compare(busy)
    assert (report.mismatches, f"has another {name} in the ledger" in report.first) == (1, True)
    with writing(busy.changes.engine) as connection:  # what is left after a prune
        connection.execute(text('DELETE FROM events WHERE text LIKE \'%"action":"confirm"%\''))
    by_outcome = f"has another {name} in the ledger" in compare(busy).first
    assert by_outcome is (name not in {"user", "warehouse"})


@pytest.mark.parametrize("days", [2, 0])
def test_a_prune_takes_many_events_in_parts_so_that_others_can_write_in_between(
    busy: World, audit_log: AuditLog, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    busy.clock.advance(timedelta(days=2, seconds=-1).total_seconds())
    count = audit_log.verify().count
    busy.clock.advance(1)
    monkeypatch.setattr(log, "REMOVED_AT_ONCE", 3)
    removal = audit_log.prune(timedelta(days=days), NOBODY)
    assert removal is not None
    report = audit_log.verify()
    assert report.broken is None
    parts = -(-(removal.last - removal.first + 1) // 3)
    assert (report.last_seq, report.count) == (count + parts, count + parts - removal.last)
    assert parts > 1
    assert audit_log.check_anchor() is AnchorState.HOLDS


def test_a_prune_in_the_middle_of_a_verification_is_taken_for_no_fault(
    busy: World, audit_log: AuditLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prune_after_first(wanted: EventFilter = EVERYTHING) -> Iterator[ChainEntry | Unreadable]:
        entries = iterate(busy.audit.store, wanted)
        yield next(entries)
        if busy.audit.store.find_start() == EMPTY_LOG:
            audit_log.prune(timedelta(days=0), NOBODY)
        yield from entries

    iterate = EventStore.iterate
    monkeypatch.setattr(log, "PAGE", 1)
    busy.clock.advance(1)
    monkeypatch.setattr(EventStore, "iterate", lambda _, *wanted: prune_after_first(*wanted))
    assert audit_log.verify().broken is None
