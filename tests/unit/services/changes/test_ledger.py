"""Who sees which change: one's own, with `audit` everybody's, and all that are in flight."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import (
    ANSWER_DEADLINE,
    STATE_LAG,
    Change,
    ChangeState,
    SettledBy,
)
from app.domain.changes.effect import Effect
from app.domain.changes.group_changes import RECENT
from app.errors import (
    CloudAnswerLost,
    DraftUnusable,
    NotAllowed,
    NotFound,
    NotPossible,
    StoreUnavailable,
)
from tests.support.events import EVENT
from tests.unit.builders import (
    ALICE,
    BOB,
    CHARLIE,
    DANA,
    NOW,
    OLGA,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    giving,
    make_catalog,
    make_change,
    replicas,
)
from tests.unit.services.world import World

NAMESAKE = replace(ALICE, warehouse="marketing")
AUDITOR = Identity("analytics", "zoe", frozenset({"auditor"}))
RULES = (
    giving(*BUNDLES["operator"], roles=("analytics_operator",)),
    giving(Permission.VIEW, roles=("analytics_viewer",)),
    giving(Permission.AUDIT, roles=("auditor",)),
)


@pytest.fixture(autouse=True)
def rules(world: World) -> None:
    """Alice and Olga may scale, Bob may look, Zoe may audit."""
    world.set_policy(make_catalog(rules=RULES))


@pytest.fixture
def applied(world: World) -> Change:
    """A change of Alice's that is done."""
    return world.apply(world.draft())


@pytest.fixture
def stuck(world: World) -> Change:
    """A change of Alice's of which nothing tells what became of it, while an answer can come."""
    reference = world.draft(changed(replicas(5), max_memory_gb=64))
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    change = world.apply(reference)
    world.cloud.errors.clear()
    world.cloud.configure(PRIMARY_ID, {"numReplicas": 4})  # neither as before nor as asked
    return change


# ASVS 8.2.2
def test_a_draft_is_seen_by_its_author_alone(world: World) -> None:
    reference = world.draft()
    assert world.ledger.get_change(ALICE, reference).reference == reference
    for person in (OLGA, BOB, AUDITOR, CHARLIE, DANA, NAMESAKE):
        with pytest.raises(NotFound):
            world.ledger.get_change(person, reference)


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (ALICE, True),
        (AUDITOR, True),
        (OLGA, False),
        (BOB, False),
        (CHARLIE, False),
        (DANA, False),
        (NAMESAKE, False),
    ],
)
def test_a_change_that_is_done_is_seen_by_its_author_and_by_auditors(
    world: World, applied: Change, person: Identity, *, sees: bool
) -> None:
    if sees:
        assert world.ledger.get_change(person, applied.reference) == applied
        assert list(world.ledger.list_recent(person, PRIMARY_ID)) == [applied]
        return
    with pytest.raises(NotFound):
        world.ledger.get_change(person, applied.reference)
    if person in {OLGA, BOB}:
        assert list(world.ledger.list_recent(person, PRIMARY_ID)) == []


@pytest.mark.parametrize(
    ("person", "sees"),
    [(ALICE, True), (OLGA, True), (BOB, True), (AUDITOR, True), (CHARLIE, False), (DANA, False)],
)
def test_a_change_in_flight_is_seen_by_everybody_who_sees_the_group(
    world: World, stuck: Change, person: Identity, *, sees: bool
) -> None:
    if sees:
        assert world.ledger.get_change(person, stuck.reference).is_in_flight
        assert world.ledger.find_in_flight(person, PRIMARY_ID) == stuck
    else:
        with pytest.raises(NotFound):
            world.ledger.get_change(person, stuck.reference)
        with pytest.raises(NotFound):
            world.ledger.find_in_flight(person, PRIMARY_ID)


@pytest.mark.parametrize(("person", "sees"), [(ALICE, True), (BOB, True), (DANA, False)])
def test_what_is_in_flight_in_all_groups_is_read_at_once(
    world: World, stuck: Change, person: Identity, *, sees: bool
) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if "changes" in statement:
            statements.append(statement)

    event.listen(world.changes.engine, "before_cursor_execute", note)
    assert world.ledger.map_in_flight(person) == ({PRIMARY_ID: stuck} if sees else {})
    assert len(statements) == 1


def test_a_lost_change_that_has_shown_since_is_not_in_flight_any_more(world: World) -> None:
    reference = world.draft()
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.cloud.does_it_anyway = True
    assert world.apply(reference).is_in_flight
    world.clock.advance(6)
    assert world.ledger.map_in_flight(BOB) == {}


def test_who_loses_the_group_loses_the_changes_made_in_it(world: World, applied: Change) -> None:
    world.set_policy(make_catalog(rules=()))
    with pytest.raises(NotFound):
        world.ledger.get_change(ALICE, applied.reference)
    with pytest.raises(NotFound):
        world.ledger.list_recent(ALICE, PRIMARY_ID)


def test_the_same_name_in_another_warehouse_is_somebody_else(world: World) -> None:
    namesake = Identity("marketing", OLGA.user, frozenset())
    world.apply(world.draft(person=OLGA), OLGA)
    assert len(world.changes.list_recent(PRIMARY_ID, by=OLGA, most=9)) == 1
    assert world.changes.list_recent(PRIMARY_ID, by=namesake, most=9) == []


def test_the_latest_changes_of_the_group_come_first_and_drafts_not_at_all(world: World) -> None:
    references = []
    for count in range(RECENT + 2):
        references.append(world.draft(replicas(4 + count)))
        world.apply(references[-1])
    world.draft(replicas(1))
    world.apply(world.draft(service_id=REPORTING_ID))
    listed = [item.reference for item in world.ledger.list_recent(ALICE, PRIMARY_ID)]
    assert listed == references[::-1][:RECENT]


def test_looking_at_a_lost_change_reconciles_it_and_frees_the_group(world: World) -> None:
    reference = world.draft()
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.cloud.does_it_anyway = True
    assert world.apply(reference).is_in_flight
    world.clock.advance(6)
    assert world.ledger.find_in_flight(BOB, PRIMARY_ID) is None
    settled = world.ledger.get_change(ALICE, reference)
    assert (settled.state, settled.settled_by) == (ChangeState.APPLIED, SettledBy.READING)


def test_a_change_is_closed_by_hand_by_whoever_could_have_made_it_and_not_too_early(
    world: World, stuck: Change
) -> None:
    with pytest.raises(NotPossible):
        world.ledger.close_manually(OLGA, stuck.reference)
    world.clock.advance(ANSWER_DEADLINE.total_seconds())
    for person in (BOB, AUDITOR):
        with pytest.raises(NotAllowed):
            world.ledger.close_manually(person, stuck.reference)
    closed = world.ledger.close_manually(OLGA, stuck.reference)
    assert (closed.state, closed.settled_by) == (ChangeState.UNKNOWN, SettledBy.PERSON)
    assert closed.settled_note.startswith("olga compared")
    assert world.ledger.find_in_flight(ALICE, PRIMARY_ID) is None


def test_to_close_a_command_by_hand_takes_the_permission_of_that_command(world: World) -> None:
    command = {"command": "stop"}
    draft = make_change(action=Action.STOP, patch=command, created_at=world.clock())
    made = world.changes.create_draft(replace(draft, before=None, target=None), EVENT)
    now = world.clock()
    assert world.changes.claim(made.reference, now, EVENT, drawn_after=now - ANSWER_DEADLINE)
    with pytest.raises(NotAllowed, match="start/stop"):
        world.ledger.close_manually(ALICE, made.reference)


def test_a_change_belongs_to_its_author_and_not_to_a_namesake_of_another_warehouse() -> None:
    assert make_change().is_by(replace(ALICE, roles=frozenset()))
    assert not make_change().is_by(NAMESAKE)
    assert not make_change().is_by(OLGA)


def test_an_unknown_reference_is_not_found(world: World) -> None:
    for reference in ("ZZZZ-9999", "", "'; --"):
        with pytest.raises(NotFound):
            world.ledger.get_change(ALICE, reference)


def test_a_change_that_differs_only_in_memory_counts_as_a_change(world: World) -> None:
    target = changed(VERTICAL, max_memory_gb=64)
    assert world.apply(world.draft(target)).patch == {"maxReplicaMemoryGb": 64}


def test_what_shows_of_a_change_just_sent_is_not_known_without_records(
    world: World, applied: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.ledger.find_effect_of_sent(applied) is world.ledger.find_effect(applied)

    def fail(*_: object) -> None:
        raise StoreUnavailable(message="No disk.")

    monkeypatch.setattr(type(world.changes), "list_since", fail)
    assert world.ledger.find_effect_of_sent(applied) is Effect.NOT_KNOWN
    with pytest.raises(StoreUnavailable):
        world.ledger.find_effect(applied)


def test_a_change_closed_manually_is_the_claim_that_was_seen(
    world: World,
) -> None:
    reference = world.draft()
    seen: list[Change] = []

    def hold_up() -> None:
        world.clock.advance(ANSWER_DEADLINE.total_seconds() + 1)
        seen.append(world.changes.get(reference))

    def close() -> None:
        world.reconciler.close_manually(seen[0], OLGA)

    world.cloud.while_reading = hold_up
    with pytest.raises(DraftUnusable, match="held up"):
        world.apply(reference)
    world.cloud.while_reading, world.cloud.while_sending = lambda: None, close
    assert world.apply(reference).state is ChangeState.APPLIED


def test_of_two_drafts_the_one_confirmed_last_is_the_newest_change(world: World) -> None:
    first, second = world.draft(person=OLGA), world.draft(replicas(4))
    world.apply(second)
    world.clock.advance(STATE_LAG.total_seconds())
    back = world.draft(VERTICAL)
    world.apply(back)
    world.clock.advance(STATE_LAG.total_seconds())
    world.apply(first, OLGA)
    found = world.ledger.read_group(AUDITOR, PRIMARY_ID, NOW - timedelta(days=1))
    assert [item.reference for item in found.changes] == [first, back, second]
    listed = world.changes.list_recent(PRIMARY_ID, by=None, most=RECENT)
    assert tuple(listed) == found.changes
