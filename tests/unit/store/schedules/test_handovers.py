"""What was given to Cloud: one row for each group, and each step is taken once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain.schedules.cloud_form import list_wanted
from app.domain.schedules.handover import Handover, HandoverState
from app.domain.schedules.parsing import dump_schedule
from app.domain.schedules.record import ScheduleVersion
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, VERTICAL
from tests.unit.domain.schedules.builders import a_schedule

PLAN = a_schedule(zone="UTC")
VERSION = ScheduleVersion(1, dump_schedule(PLAN), ALICE, "", NOW)
GIVEN = Handover(PRIMARY_ID, 1, list_wanted(PLAN, VERTICAL, NOW), ALICE, NOW)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def handovers(engine: Engine) -> HandoverStore:
    """Over a schedule in force."""
    assert ScheduleStore(engine).save_version(PRIMARY_ID, VERSION, EVENT, version=None)
    return HandoverStore(engine)


def test_an_intent_is_read_back_and_there_is_one_for_a_group(
    handovers: HandoverStore, other_engine: Engine
) -> None:
    assert handovers.claim(GIVEN, EVENT)
    assert not HandoverStore(other_engine).claim(replace(GIVEN, asked_at=LATER), EVENT)
    found = HandoverStore(other_engine).find(PRIMARY_ID)
    assert found is not None
    assert (found.entries, found.by.user, found.state) == (
        GIVEN.entries,
        "alice",
        HandoverState.WRITING,
    )
    assert list(handovers.find_all([PRIMARY_ID, "another"])) == [PRIMARY_ID]


def test_only_a_version_in_force_is_given(handovers: HandoverStore) -> None:
    assert not handovers.claim(replace(GIVEN, version=2), EVENT)
    assert handovers.list_unsettled() == []


def test_of_two_processes_one_takes_the_next_step(
    handovers: HandoverStore, other_engine: Engine
) -> None:
    handovers.claim(GIVEN, EVENT)
    other = HandoverStore(other_engine)
    assert handovers.advance(GIVEN, HandoverState.WRITTEN, LATER, EVENT)
    assert not other.advance(GIVEN, HandoverState.WRITTEN, LATER, EVENT)
    assert not other.forget(GIVEN, EVENT)
    assert other.list_unsettled() == []
    written = other.find(PRIMARY_ID)
    assert written is not None
    assert other.forget(written, EVENT)
    assert not handovers.forget(written, EVENT)
    assert handovers.find(PRIMARY_ID) is None


def test_while_it_is_given_nothing_of_the_schedule_is_edited(
    handovers: HandoverStore, engine: Engine
) -> None:
    handovers.claim(GIVEN, EVENT)
    store = ScheduleStore(engine)
    assert not store.remove(PRIMARY_ID, EVENT, version=1)
    assert not store.save_version(PRIMARY_ID, replace(VERSION, number=2), EVENT, version=1)
    assert store.find_record(PRIMARY_ID) is not None
