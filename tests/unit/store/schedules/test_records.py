"""Schedules: versions, what people ordered besides, and edges that only one process takes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from app.domain.schedules.exceptions import Exceptions, Skip
from app.domain.schedules.record import Edge, EdgeKey, EdgeState, ScheduleRecord, ScheduleVersion
from app.store.audit.log import EventStore
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.records import ScheduleStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, REPORTING_ID
from tests.unit.domain.schedules.builders import a_plan

FIRST = ScheduleVersion(1, a_plan(), ALICE, "office hours", NOW)
SECOND = replace(FIRST, number=2, reason="again")
KEY = EdgeKey(PRIMARY_ID, 1, NOW)
PARALLEL = 10


@pytest.fixture
def store(engine: Engine) -> ScheduleStore:
    """With one version of one group."""
    made = ScheduleStore(engine)
    assert made.save_version(PRIMARY_ID, FIRST, EVENT, version=None)
    return made


def test_a_version_is_read_as_it_was_saved(store: ScheduleStore) -> None:
    assert store.find_record(PRIMARY_ID) == ScheduleRecord(PRIMARY_ID, FIRST, Exceptions(), 1)
    assert store.list_records() == [store.find_record(PRIMARY_ID)]
    assert store.find_record(REPORTING_ID) is None


def test_a_new_version_follows_the_one_that_was_seen(store: ScheduleStore) -> None:
    assert store.save_version(PRIMARY_ID, SECOND, EVENT, version=1)
    assert [item.number for item in store.list_versions(PRIMARY_ID, 5)] == [2, 1]
    assert store.find_version(PRIMARY_ID, 1) == FIRST
    found = store.find_record(PRIMARY_ID)
    assert found is not None
    assert found.version == SECOND


@pytest.mark.parametrize("seen", [None, 2, 3])
def test_nothing_is_saved_over_a_version_that_was_not_seen(
    store: ScheduleStore, seen: int | None
) -> None:
    assert not store.save_version(PRIMARY_ID, SECOND, EVENT, version=seen)
    assert not store.save_version(PRIMARY_ID, FIRST, EVENT, version=None)
    assert len(list(EventStore(store.engine).iterate())) == 1


def test_of_ten_parallel_versions_one_is_saved(store: ScheduleStore, other_engine: Engine) -> None:
    barrier = Barrier(PARALLEL)

    def save(number: int) -> bool:
        mine = ScheduleStore(other_engine) if number % 2 else store
        barrier.wait()
        return mine.save_version(PRIMARY_ID, SECOND, EVENT, version=1)

    with ThreadPoolExecutor(PARALLEL) as pool:
        assert sorted(pool.map(save, range(PARALLEL))) == [False] * (PARALLEL - 1) + [True]


def test_a_removed_schedule_keeps_its_versions_and_numbers_go_on(store: ScheduleStore) -> None:
    assert store.remove(PRIMARY_ID, EVENT, version=1)
    assert store.find_record(PRIMARY_ID) is None
    assert not store.remove(PRIMARY_ID, EVENT, version=1)
    assert store.list_versions(PRIMARY_ID, 5) == [FIRST]
    assert store.save_version(PRIMARY_ID, SECOND, EVENT, version=None)
    assert store.find_record(PRIMARY_ID)


def test_what_people_order_besides_is_kept_with_the_group(store: ScheduleStore) -> None:
    skip, until = Skip("Office hours", date(2026, 3, 5)), NOW + timedelta(days=3)
    assert store.set_pause(PRIMARY_ID, until, EVENT, version=1)
    assert store.add_skip(PRIMARY_ID, skip, EVENT, version=1)
    assert store.add_skip(PRIMARY_ID, skip, EVENT, version=1)
    assert not store.set_pause(PRIMARY_ID, None, EVENT, version=2)
    assert not store.add_skip(PRIMARY_ID, replace(skip, window="Other"), EVENT, version=2)
    found = store.find_record(PRIMARY_ID)
    assert found is not None
    assert found.exceptions == Exceptions(frozenset({skip}), until)
    assert len(list(EventStore(store.engine).iterate())) == 3


def test_of_ten_parallel_claims_of_an_edge_one_is_given(
    engine: Engine, other_engine: Engine
) -> None:
    barrier = Barrier(PARALLEL)

    def claim(number: int) -> Edge | None:
        store = ScheduleEdgeStore(other_engine if number % 2 else engine)
        barrier.wait()
        return store.claim(KEY, NOW, None)

    with ThreadPoolExecutor(PARALLEL) as pool:
        given = [edge for edge in pool.map(claim, range(PARALLEL)) if edge]
    assert given == [Edge(KEY, EdgeState.CLAIMED, 1, NOW)]


def test_a_failed_edge_is_taken_by_one_more_try_and_only_as_it_was_seen(engine: Engine) -> None:
    store = ScheduleEdgeStore(engine)
    first = store.claim(KEY, NOW, None)
    assert first is not None
    failed = replace(first, state=EdgeState.FAILED, error="cloud_down")
    store.finish(failed)
    assert store.list_edges([KEY]) == {KEY: failed}
    assert store.claim(KEY, NOW, first) is None
    second = store.claim(KEY, NOW, failed)
    assert second == Edge(KEY, EdgeState.CLAIMED, 2, NOW)
    assert store.claim(KEY, NOW, failed) is None
    store.finish(replace(failed, error="late"))
    assert store.list_edges([KEY]) == {KEY: second}


def test_edges_of_many_groups_are_read_by_their_keys(engine: Engine) -> None:
    store = ScheduleEdgeStore(engine)
    other = EdgeKey(REPORTING_ID, 4, NOW + timedelta(hours=1))
    for key in (KEY, other):
        store.claim(key, NOW, None)
    assert set(store.list_edges([KEY, other])) == {KEY, other}
    assert store.list_edges([replace(KEY, version=2), replace(other, due_at=NOW)]) == {}
    assert store.list_edges([]) == {}


def test_old_edges_are_forgotten_once_another_comes(engine: Engine) -> None:
    store = ScheduleEdgeStore(engine)
    store.claim(KEY, NOW, None)
    later = NOW + timedelta(days=91)
    store.claim(EdgeKey(PRIMARY_ID, 1, later), later, None)
    assert store.list_edges([KEY]) == {}
