"""Looking at the load costs the records next to nothing, and lets it be read more often."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine, event

from app.domain.changes.change import ChangeState
from app.domain.load.advice import Advice, AdviceKind, Silence
from app.domain.load.buckets import Bucket, start_of
from app.domain.load.samples import Activity
from app.domain.load.spans import Span
from app.errors import NotFound
from app.services.load.reports import LoadReports
from app.store.load import LoadStore
from app.store.schedules.records import ScheduleStore
from tests.unit.builders import ALICE, BOB, CHARLIE, PRIMARY_ID, REPORTING_ID, make_change
from tests.unit.services.fakes import Clock
from tests.unit.services.world import World


@pytest.fixture
def reports(world: World, engine: Engine, clock: Clock) -> LoadReports:
    """Over two days of one group that has 16 to 32 GB, at 24 of 32 GB."""
    store, newest = LoadStore(engine), start_of(clock.seconds())
    store.add_targets([PRIMARY_ID])
    read = [
        Bucket(
            newest - 300 * age,
            Activity.AWAKE,
            memory_used_gb=24.0,
            memory_total_gb=32.0,
            cpu_share=0.5,
            cpu_cores=8.0,
            replicas=3,
        )
        for age in range(576, -1, -1)
    ]
    store.record(PRIMARY_ID, read, {}, clock.seconds())
    boosts, schedules = world.boost_store, ScheduleStore(engine)
    return LoadReports(world.groups, store, world.changes, boosts, schedules, world.rules, clock)


def count_statements(engine: Engine) -> list[str]:
    """What is asked of the records from now on."""
    asked: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        if any(name in statement for name in ("load_", "changes", "schedules")):
            asked.append(statement.split(maxsplit=1)[0])

    return asked


def test_a_report_has_the_steps_of_its_span_and_advice(reports: LoadReports) -> None:
    report = reports.show(ALICE, PRIMARY_ID)
    assert len(report.buckets) == 96
    assert report.since.timestamp() == report.until.timestamp() - 24 * 3600
    assert isinstance(report.advice, Advice)
    assert report.advice.kind is AdviceKind.KEEP
    assert len(reports.show(ALICE, PRIMARY_ID, Span.WEEK).buckets) in {48, 49}
    assert len(reports.show(ALICE, PRIMARY_ID, Span.MONTH).buckets) in {12, 13}


def test_for_whoever_looks_within_the_minute_nothing_is_read_again(
    reports: LoadReports, engine: Engine, clock: Clock
) -> None:
    asked = count_statements(engine)
    reports.show(ALICE, PRIMARY_ID)
    assert asked.count("SELECT") == 4
    assert asked.count("UPDATE") == 1
    for identity in (ALICE, BOB, ALICE):
        reports.show(identity, PRIMARY_ID)
    assert len(asked) == 5
    clock.advance(60)
    reports.show(ALICE, PRIMARY_ID)
    assert len(asked) == 10


def test_looking_lets_a_group_be_read_more_often(reports: LoadReports, clock: Clock) -> None:
    reports.show(ALICE, PRIMARY_ID)
    (target,) = reports.store.list_targets()
    assert target.watched_at == clock.seconds()


def test_a_group_that_one_may_not_see_has_no_load(reports: LoadReports) -> None:
    with pytest.raises(NotFound):
        reports.show(CHARLIE, PRIMARY_ID)
    (target,) = reports.store.list_targets()
    assert target.watched_at is None


def test_why_nothing_newer_is_known_is_told(reports: LoadReports, clock: Clock) -> None:
    reports.store.note_attempt(PRIMARY_ID, clock.seconds(), "It makes no sense.")
    assert reports.show(ALICE, PRIMARY_ID).error == ""
    clock.advance(3600)
    assert reports.show(ALICE, PRIMARY_ID).error == "It makes no sense."


def test_nothing_is_advised_where_there_is_nothing_to_ask_for(reports: LoadReports) -> None:
    assert reports.find_advice(ALICE, PRIMARY_ID) is None
    assert reports.show(ALICE, REPORTING_ID).advice is Silence.TOO_LITTLE
    assert reports.find_advice(ALICE, REPORTING_ID) is None


def test_every_change_of_a_month_is_marked(reports: LoadReports, clock: Clock) -> None:
    moments = [clock() - timedelta(hours=9 * place) for place in range(1, 78)]
    made = [make_change(state=ChangeState.APPLIED, sent_at=at, settled_at=at) for at in moments]
    changes = cast("Any", SimpleNamespace(list_latest=lambda *_, most, **__: made[:most]))
    found = replace(reports, changes=changes).show(ALICE, PRIMARY_ID, Span.MONTH).changes
    assert len(found) == len(made)
