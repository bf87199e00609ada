"""Confirming a draft happens once, by its author, in time, and one group at a time."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, update

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, ChangeOrigin, ChangeState
from app.errors import (
    ChangeInFlight,
    CloudAnswerLost,
    DraftUnusable,
    NotFound,
    OutcomeNotRecorded,
    StoreUnavailable,
)
from app.services.changes.sending import LATEST_SENDING
from app.store.changes import ChangeStore
from app.store.database.engine import writing
from app.store.schema import changes
from tests.unit.builders import (
    ALICE,
    BOB,
    DANA,
    OLGA,
    REPORTING_ID,
    make_catalog,
)
from tests.unit.services.world import World

C = ChangeState


# ASVS 2.3.1
def test_a_change_confirmed_before_is_returned_and_nothing_is_sent_again(world: World) -> None:
    reference = world.draft()
    first = world.apply(reference)
    world.log.clear()
    assert world.apply(reference) == first
    assert world.deeds == []
    assert len(world.cloud.sent) == 1


def test_a_second_press_at_the_same_time_sends_nothing(world: World) -> None:
    reference = world.draft()
    seen = []
    world.cloud.while_sending = lambda: seen.append(world.apply(reference).state)
    assert world.apply(reference).state is C.APPLIED
    assert seen == [C.APPLYING]
    assert len(world.cloud.sent) == 1


def test_a_process_that_was_held_up_for_more_than_ten_seconds_sends_nothing(world: World) -> None:
    assert LATEST_SENDING.total_seconds() == 10
    reference = world.draft()
    world.cloud.while_reading = lambda: world.clock.advance(10.001)
    with pytest.raises(DraftUnusable, match="held up"):
        world.apply(reference)
    assert world.deeds == ["intent", "read", "release"]
    world.cloud.while_reading = lambda: world.clock.advance(10)
    assert world.apply(reference).state is C.APPLIED


def test_one_change_of_a_group_is_in_flight_at_a_time_and_others_go_on(world: World) -> None:
    mine, hers = world.draft(), world.draft(person=OLGA)
    other = world.draft(service_id=REPORTING_ID)
    refused = []

    def meanwhile() -> None:
        world.cloud.while_sending = lambda: None
        with pytest.raises(ChangeInFlight) as caught:
            world.apply(hers, OLGA)
        refused.append(caught.value)
        assert world.apply(other).state is C.APPLIED

    world.cloud.while_sending = meanwhile
    world.apply(mine)
    assert [error.reference for error in refused] == [mine]
    assert "alice is changing this group" in refused[0].message
    assert len(world.cloud.sent) == 2
    assert world.changes.get(hers).state is C.DRAFT


def test_while_an_outcome_is_unknown_nobody_can_propose_or_confirm(world: World) -> None:
    mine, hers = world.draft(), world.draft(person=OLGA)
    world.cloud.errors["update"] = CloudAnswerLost(message="Lost.")
    world.apply(mine)
    with pytest.raises(ChangeInFlight):
        world.apply(hers, OLGA)
    with pytest.raises(ChangeInFlight):
        world.draft(person=OLGA)
    with pytest.raises(ChangeInFlight):
        world.draft_command(Action.STOP)


@pytest.mark.parametrize("person", [OLGA, BOB, DANA, replace(ALICE, warehouse="marketing")])
def test_a_draft_is_confirmed_by_its_author_alone(world: World, person: Identity) -> None:
    reference = world.draft()
    with pytest.raises(NotFound):
        world.apply(reference, person)
    with pytest.raises(NotFound):
        world.apply("ZZZZ-9999")
    assert world.deeds == []


def test_a_draft_can_be_confirmed_for_a_quarter_of_an_hour(world: World) -> None:
    early, late = world.draft(), world.draft(service_id=REPORTING_ID)
    world.clock.advance(DRAFT_LIFE.total_seconds() - 1)
    assert world.apply(early).state is C.APPLIED
    world.clock.advance(1)
    with pytest.raises(DraftUnusable, match="too old"):
        world.apply(late)
    assert len(world.cloud.sent) == 1


# ASVS 16.5.3
def test_without_a_record_of_the_intent_nothing_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()

    def fail(*_: object, **__: object) -> bool:
        raise StoreUnavailable(message="No disk.")

    monkeypatch.setattr(type(world.changes), "claim", fail)
    with pytest.raises(StoreUnavailable):
        world.apply(reference)
    assert world.cloud.sent == []


def test_a_draft_that_was_taken_out_of_the_ledger_is_not_found(world: World) -> None:
    reference = world.draft()
    with writing(world.changes.engine) as connection:
        connection.execute(delete(changes))
    with pytest.raises(NotFound):
        world.apply(reference)


def test_a_group_taken_out_of_the_file_cannot_be_changed(world: World) -> None:
    reference = world.draft()
    catalog = make_catalog()
    world.set_policy(replace(catalog, warehouses=catalog.warehouses[1:]))
    with pytest.raises(NotFound):
        world.apply(reference)
    assert world.cloud.sent == []


@pytest.mark.parametrize("origin", [ChangeOrigin.BOOST, ChangeOrigin.SCHEDULE])
def test_what_the_portal_drew_up_for_itself_is_nobodys_to_confirm(
    world: World, origin: ChangeOrigin
) -> None:
    reference = world.draft()
    with writing(world.engine) as connection:
        connection.execute(update(changes).values(origin=origin))
    with pytest.raises(DraftUnusable, match="for itself"):
        world.apply(reference)
    assert world.cloud.sent == []


def test_records_that_fail_after_the_call_do_not_say_that_nothing_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.draft()

    def fail(*_: object) -> None:
        raise StoreUnavailable(message="No disk.")

    def record(*given: Any, **more: Any) -> bool:  # noqa: ANN401 - as the real one
        monkeypatch.setattr(type(world.changes), "find_change", fail)
        return ChangeStore.record_outcome(*given, **more)

    monkeypatch.setattr(type(world.changes), "record_outcome", record)
    with pytest.raises(OutcomeNotRecorded) as told:
        world.apply(reference)
    assert told.value.reference == reference
    assert len(world.cloud.sent) == 1


def test_whoever_loses_the_group_after_the_call_is_told_that_it_was_sent(world: World) -> None:
    reference, catalog = world.draft(), make_catalog()
    without = replace(catalog, warehouses=catalog.warehouses[1:])
    world.cloud.while_sending = lambda: world.set_policy(without)
    assert world.apply(reference).state is C.APPLIED
