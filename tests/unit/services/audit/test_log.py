"""Whether ledger and audit log agree, over changes as they are really made."""

import pytest
from sqlalchemy import text

from app.domain.audit.ledger_check import LedgerReport, check_ledger
from app.domain.changes.actions import Action
from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, ChangeState
from app.errors import CloudAnswerLost, CloudNotAsked
from app.store.audit.ledger_reading import read_both
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
