"""The audit log in the database: chained, searched, pruned; whatever is touched is named."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text

from app.domain.audit.chain import REMOVED_HASH, REMOVED_TO, Break, Report, check_chain
from app.domain.audit.event_search import EventFilter
from app.domain.audit.events import (
    GENESIS_HASH,
    Actor,
    AuditTarget,
    Channel,
    Event,
    EventKind,
    Origin,
    Result,
    canonical,
    entry_hash,
)
from app.errors import StoreUnavailable
from app.store.audit.event_rows import COLUMNS, details_in
from app.store.audit.log import EventStore, Removal
from app.store.audit.recording import recording
from app.store.changes import ChangeStore
from app.store.schema import events
from tests.support.events import EVENT, NOW
from tests.unit.builders import make_change

HOUR = timedelta(hours=1)
ROWS = 6
SHUT = {
    "sqlite": (
        "CREATE TRIGGER shut BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'shut'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'shut'; END $$",
        "CREATE TRIGGER shut BEFORE INSERT ON events EXECUTE FUNCTION shut()",
    ),
}


@pytest.fixture
def store(engine: Engine) -> EventStore:
    """An empty audit_log."""
    return EventStore(engine)


@pytest.fixture
def filled(store: EventStore) -> EventStore:
    """An audit log of some events, an hour between each."""
    return fill(store)


def fill(store: EventStore) -> EventStore:
    """Record `ROWS` events."""
    for number in range(ROWS):
        store.record(made(number))
    return store


def made(number: int) -> Event:
    """The event of this number."""
    return replace(
        EVENT,
        time=NOW + number * HOUR,
        actor=Actor("analytics", f"käse {number % 2}"),
        about=AuditTarget(f"service-{number % 3}", "Group", f"REF-{number}"),
        details={"reason": "x\n=1"},
    )


def check(store: EventStore) -> Report:
    """What verification finds."""
    return check_chain(store.iterate())


def tamper(engine: Engine, statement: str, **values: object) -> int:
    """Reach into the database past the portal; how many rows it hit."""
    with engine.begin() as connection:
        return connection.execute(text(statement), values).rowcount


def longest_of(column: str) -> int | None:
    """How many characters fit into a column."""
    return getattr(events.c[column].type, "length", None)


def test_each_event_follows_the_one_before(filled: EventStore) -> None:
    links = filled.list_latest(EventFilter(), most=10)
    assert [link.seq for link in links] == [6, 5, 4, 3, 2, 1]
    assert links[-1].prev_hash == GENESIS_HASH
    assert [link.prev_hash for link in links[:-1]] == [link.hash for link in links[1:]]
    report = check(filled)
    assert (report.broken, report.count) == (None, ROWS)
    assert (report.last_seq, report.last_hash) == (6, links[0].hash)


def test_an_empty_audit_log_holds(store: EventStore) -> None:
    assert check(store) == Report()


# ASVS 16.4.2
@pytest.mark.parametrize("column", ["prev_hash", "hash", "text", *COLUMNS])
@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_one_byte_changed_anywhere_is_named(
    filled: EventStore, engine: Engine, column: str, seq: int
) -> None:
    update = f'UPDATE events SET "{column}" = :value WHERE seq = :seq'  # noqa: S608 - our own names
    with engine.connect() as connection:
        value = connection.scalar(select(events.c[column]).where(events.c.seq == seq))
    assert value is not None
    for place in {0, len(value) // 2, len(value) - 1}:
        for mark in ("\x01", "x" if value[place] != "x" else "y"):
            changed = value[:place] + mark + value[place + 1 :]
            assert tamper(engine, update, value=changed[: longest_of(column)], seq=seq)
            broken = check(filled).broken
            assert broken is not None
            assert broken.seq == seq
    tamper(engine, update, value=value, seq=seq)
    assert check(filled).broken is None


@pytest.mark.parametrize("column", ["prev_hash", "hash", "text", *COLUMNS])
@pytest.mark.parametrize("value", ["X'FF'", "CAST(X'FF' AS TEXT)", "''"])
def test_what_is_no_text_at_all_is_named_too(
    sqlite_engine: Engine, column: str, value: str
) -> None:
    filled = fill(EventStore(sqlite_engine))
    statement = f'UPDATE events SET "{column}" = {value} WHERE seq = 4'  # noqa: S608 - our own names
    tamper(sqlite_engine, statement)
    broken = check(filled).broken
    assert broken is not None
    assert broken.seq == 4


@pytest.mark.parametrize("said", ["[" * 100_000, '{"a":' * 100_000, "[]", "null", "{}"])
def test_a_text_that_is_no_event_is_named_and_costs_no_other_reader_anything(
    filled: EventStore, engine: Engine, said: str
) -> None:
    """Also where whoever wrote it has worked out the hash."""
    last = filled.find_last()
    assert last is not None
    with engine.connect() as connection:
        query = select(events.c.prev_hash).where(events.c.seq == last.seq)
        previous = str(connection.scalar(query))
    values = {"text": said, "hash": entry_hash(last.seq, previous, said), "seq": last.seq}
    tamper(engine, "UPDATE events SET text = :text, hash = :hash WHERE seq = :seq", **values)
    assert check(filled).broken == Break(last.seq, "its text is no event")
    assert details_in(said) == {}


@pytest.mark.parametrize("part", ["action", "error", "source", "app", "details"])
@pytest.mark.parametrize("value", ["null", "[]", "1"])
def test_an_event_of_which_a_part_is_something_else_is_named(
    filled: EventStore, engine: Engine, part: str, value: str
) -> None:
    """Also where whoever wrote it has worked out the hash: its columns are as they were."""
    last = filled.list_latest(EventFilter(), most=1)[0]
    said = canonical(last.values | {part: json.loads(value)})
    values = {"text": said, "hash": entry_hash(last.seq, last.prev_hash, said), "seq": last.seq}
    tamper(engine, "UPDATE events SET text = :text, hash = :hash WHERE seq = :seq", **values)
    assert check(filled).broken == Break(last.seq, "its text is no event")


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("DELETE FROM events WHERE seq = 3", 3),
        ("DELETE FROM events WHERE seq = 1", 2),
        ("DELETE FROM events WHERE seq <= 4", 5),
        ("UPDATE events SET seq = 77 WHERE seq = 2", 2),
        ("UPDATE events SET seq = -3 WHERE seq = 2", -3),
        ("UPDATE events SET seq = seq + 1000", 1001),
    ],
)
def test_what_is_missing_or_renumbered_is_named(
    filled: EventStore, engine: Engine, statement: str, seq: int
) -> None:
    tamper(engine, statement)
    broken = check(filled).broken
    assert broken is not None
    assert broken.seq == seq
    assert broken.words


def test_events_that_changed_places_are_named(filled: EventStore, engine: Engine) -> None:
    for statement in (
        "UPDATE events SET seq = 99 WHERE seq = 2",
        "UPDATE events SET seq = 2 WHERE seq = 4",
        "UPDATE events SET seq = 4 WHERE seq = 99",
    ):
        tamper(engine, statement)
    broken = check(filled).broken
    assert broken is not None
    assert broken.seq == 2


def test_a_cut_end_cannot_be_told_but_the_last_hash_is_another(
    filled: EventStore, engine: Engine
) -> None:
    whole = check(filled)
    tamper(engine, "DELETE FROM events WHERE seq = 6")
    cut = check(filled)
    assert cut.broken is None
    assert (cut.last_seq, cut.last_hash) != (whole.last_seq, whole.last_hash)


# ASVS 15.4.1
def test_writers_of_two_processes_never_fork_the_chain(
    store: EventStore, other_engine: Engine
) -> None:
    stores = (store, EventStore(other_engine))
    barrier = threading.Barrier(8)

    def write(number: int) -> None:
        barrier.wait()
        for _ in range(5):
            stores[number % 2].record(EVENT)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    report = check(store)
    assert (report.broken, report.count, report.last_seq) == (None, 40, 40)


def test_an_action_that_fails_leaves_no_event(engine: Engine, store: EventStore) -> None:
    def write_and_fail() -> None:
        with recording(engine) as recorder:
            recorder.add(EVENT)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        write_and_fail()
    assert check(store).count == 0


def test_what_is_written_is_shipped_after_it_is_kept(
    store: EventStore, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "portal.audit")
    with recording(engine) as recorder:
        recorder.add(EVENT)
        assert caplog.records == []
    (record,) = caplog.records
    (link,) = store.list_latest(EventFilter(), most=1)
    shipped = record.__dict__["event"]
    assert (shipped["seq"], shipped["hash"]) == (1, link.hash)
    assert shipped["kind"] == EVENT.kind


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EventFilter(service_id="service-1"), [5, 2]),
        (EventFilter(user="käse 1"), [6, 4, 2]),
        (EventFilter(kind=EventKind.SENSITIVE_UPDATE), [6, 5, 4, 3, 2, 1]),
        (EventFilter(kind=EventKind.STARTUP), []),
        (EventFilter(result=Result.FAIL), []),
        (EventFilter(since=NOW + 4 * HOUR), [6, 5]),
        (EventFilter(until=NOW + HOUR), [1]),
        (EventFilter(user="käse 0", since=NOW + HOUR, until=NOW + 4 * HOUR), [3]),
    ],
)
def test_events_are_found_by_what_is_known_of_them(
    filled: EventStore, wanted: EventFilter, numbers: list[int]
) -> None:
    assert [link.seq for link in filled.list_latest(wanted, most=10)] == numbers
    assert [link.seq for link in filled.iterate(wanted)] == numbers[::-1]


def test_pages_go_on_where_the_last_one_ended(filled: EventStore) -> None:
    first = filled.list_latest(EventFilter(), most=4)
    older = filled.list_latest(EventFilter(), most=4, before=first[-1].seq)
    assert [link.seq for link in (*first, *older)] == [6, 5, 4, 3, 2, 1]


def removed(removal: Removal) -> Event:
    """The record of a removal."""
    details = {REMOVED_TO: removal.last, REMOVED_HASH: removal.last_hash}
    kind, origin = EventKind.SENSITIVE_DELETE, Origin(Channel.COMMAND)
    return Event(kind, NOW + 10 * HOUR, "prune", Result.SUCCESS, origin, details=details)


def test_a_removal_closes_the_chain_over_what_it_takes_out(filled: EventStore) -> None:
    removal = filled.prune(NOW + 3 * HOUR, removed)
    assert removal
    assert (removal.first, removal.last) == (1, 3)
    assert [link.seq for link in filled.iterate()] == [4, 5, 6, 7]
    assert check(filled).broken is None
    assert filled.prune(NOW + 3 * HOUR, removed) is None
    again = filled.prune(NOW + 99 * HOUR, removed)
    assert again
    assert again.last == 7
    report = check(filled)
    assert (report.broken, report.count, report.last_seq) == (None, 1, 8)


def test_a_removal_that_no_event_tells_of_is_named(filled: EventStore, engine: Engine) -> None:
    filled.prune(NOW + 3 * HOUR, removed)
    tamper(engine, "DELETE FROM events WHERE seq = 4")
    broken = check(filled).broken
    assert broken is not None
    assert broken.seq == 5


def test_the_order_of_the_audit_log_decides_what_is_old_and_not_a_clock_that_jumped(
    store: EventStore,
) -> None:
    for hours in (0, 9, 1, 10):
        store.record(replace(EVENT, time=NOW + hours * HOUR))
    store.prune(NOW + 5 * HOUR, removed)
    assert [link.seq for link in store.iterate()] == [2, 3, 4, 5]


@pytest.fixture
def shut(engine: Engine) -> EventStore:
    """An audit log that takes nothing."""
    for statement in SHUT[engine.dialect.name]:
        tamper(engine, statement)
    return EventStore(engine)


def test_a_audit_log_that_takes_nothing_is_a_store_that_is_not_available(shut: EventStore) -> None:
    with pytest.raises(StoreUnavailable):
        shut.record(EVENT)


# ASVS 16.4.2
@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM events", "DELETE FROM events WHERE seq > 3", "UPDATE events SET hash = 'x'"],
)
def test_nothing_follows_a_log_whose_end_this_process_has_seen_and_misses(
    filled: EventStore, engine: Engine, statement: str
) -> None:
    tamper(engine, statement)
    assert filled.is_end_lost()
    with pytest.raises(StoreUnavailable, match="emptied, cut or replaced") as caught:
        ChangeStore(engine).create_draft(make_change(), EVENT)
    assert "audit accept" in caught.value.remedy
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM changes")) == 0
    filled.forget_end()
    filled.record(EVENT)
    assert not filled.is_end_lost()


def test_what_was_taken_back_or_another_process_wrote_is_not_missed(
    filled: EventStore, engine: Engine, other_engine: Engine
) -> None:
    def write_and_fail() -> None:
        with recording(engine) as recorder:
            recorder.add(EVENT)
            recorder.add(EVENT)
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        write_and_fail()
    EventStore(other_engine).record(EVENT)
    filled.record(EVENT)
    assert (check(filled).count, filled.is_end_lost()) == (ROWS + 2, False)


def test_what_a_process_has_only_looked_at_is_missed_too(
    filled: EventStore, engine: Engine, other_engine: Engine
) -> None:
    other = EventStore(other_engine)
    assert other.find_last()
    tamper(engine, "DELETE FROM events WHERE seq = 6")
    with pytest.raises(StoreUnavailable, match="emptied, cut or replaced"):
        other.record(EVENT)


def test_what_others_add_after_a_gap_makes_nobody_forget_what_was_there(
    engine: Engine, other_engine: Engine
) -> None:
    ours, theirs = EventStore(engine), EventStore(other_engine)
    theirs.record(EVENT)
    ours.record(EVENT)
    tamper(engine, "DELETE FROM events WHERE seq = 2")
    for hours in (1, 2):  # the other process has never met the one that is gone
        theirs.record(replace(EVENT, time=NOW + hours * HOUR))
    assert ours.is_end_lost()
    assert ours.find_last() is not None
    with pytest.raises(StoreUnavailable):  # looking at the end does not make it whole
        ours.record(EVENT)
