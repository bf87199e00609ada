"""A size set by hand while a schedule decides: how long it holds, and who may say so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import ScalingConfig
from app.domain.schedules.precedence import Ruling
from app.domain.schedules.record import ScheduleRecord
from app.errors import (
    BrokenRules,
    CloudRejected,
    NotAllowed,
    ScheduleNotPaused,
    StoreUnavailable,
)
from app.services.changes.idempotency import Submitter
from app.services.schedules.holding import FIELD
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, giving, make_catalog
from tests.unit.domain.schedules.builders import a_plan, utc
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import World, confirmation

# NOW is a Wednesday, 13:00 in Berlin.
EVENING, FRIDAY = utc("2026-03-04 17:00"), utc("2026-03-06 17:00")
SHORTER, LONGER = utc("2026-03-05 17:00"), utc("2026-03-09 17:00")
LATER = "2026-03-06 18:00"
ASKED = {"min_memory_gb": 32, "max_memory_gb": 120, "num_replicas": 3}


@pytest.fixture
def planned(plans: Plans) -> Plans:
    """Office hours, which are carried out."""
    plans.save()
    plans.run_at(NOW)
    plans.clock.advance(6)
    return plans


def _draft(world: World, person: Identity = ALICE) -> Change:
    reference = world.draft(_larger(world), person)
    found = world.changes.find_change(reference)
    assert found
    return found


def _larger(world: World) -> ScalingConfig:
    return world.config().model_copy(update={"max_memory_gb": 120})


def _confirm(
    world: World, reference: str, pause_until: str | None, who: Identity = ALICE
) -> Change:
    return world.holds.confirm(
        who,
        reference,
        confirmation(),
        reason="",
        pause_until=pause_until,
        check_signed_in=lambda: None,
    )


def _record(plans: Plans) -> ScheduleRecord:
    record = plans.store.find_record(PRIMARY_ID)
    assert record
    return record


def test_the_question_names_the_window_and_its_end(planned: Plans, world: World) -> None:
    question = world.holds.find_question(ALICE, _draft(world))
    assert question
    assert (question.until, question.window, question.zone, question.may_edit) == (
        EVENING, "Office hours", "Europe/Berlin", True,
    )  # fmt: skip
    planned.clock.time = EVENING + timedelta(minutes=5)
    outside = world.holds.find_question(ALICE, _draft(world))
    assert outside
    assert (outside.until, outside.window) == (utc("2026-03-05 07:00"), "")


def test_nothing_is_asked_where_no_schedule_decides(plans: Plans, world: World) -> None:
    assert world.holds.find_question(ALICE, _draft(world)) is None
    plans.save()
    change = _draft(world)
    assert world.holds.find_question(ALICE, replace(change, boost_until=EVENING)) is None
    plans.editing.pause(ALICE, PRIMARY_ID, FRIDAY, seen=1)
    assert world.holds.find_question(ALICE, change) is None
    plans.editing.resume(ALICE, PRIMARY_ID, seen=1)
    plans.boosts.end = EVENING
    assert plans.standings.find(PRIMARY_ID, _record(plans)).precedence.current.ruling == "boost"
    plans.editing.save(ALICE, PRIMARY_ID, {**a_plan(), "windows": []}, seen=1)
    assert world.holds.find_question(ALICE, change) is None  # there is no next change


def test_whoever_may_not_plan_is_told_and_not_asked(planned: Plans, world: World) -> None:
    catalog = make_catalog(rules=(giving(Permission.SCALE, Permission.VIEW, users=("alice",)),))
    world.set_policy(catalog)
    question = world.holds.find_question(ALICE, _draft(world))
    assert question
    assert not question.may_edit
    with pytest.raises(NotAllowed):
        _confirm(world, _draft(world).reference, LATER)
    assert planned.sent == 1


def test_without_an_order_it_holds_until_the_window_ends(planned: Plans, world: World) -> None:
    _confirm(world, _draft(world).reference, None)
    planned.clock.advance(6)
    assert planned.engine.run_due() == 0
    rule = planned.standings.find(PRIMARY_ID, _record(planned)).precedence.current
    assert (rule.ruling, rule.until) == (Ruling.HELD, EVENING)
    assert planned.run_at(EVENING) == 1


def test_with_a_pause_it_holds_until_the_pause_ends(planned: Plans, world: World) -> None:
    change = _confirm(world, _draft(world).reference, LATER)
    assert change.state is ChangeState.APPLIED
    assert _record(planned).exceptions.paused_until == FRIDAY
    assert planned.run_at(EVENING) == 0
    assert planned.run_at(FRIDAY) == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "pause_not_a_time"), ("soon", "pause_not_a_time"), ("1999-01-01", "pause_out_of_range")],
)
def test_an_end_that_cannot_be_is_refused_before_anything_is_sent(
    planned: Plans, world: World, typed: str, code: str
) -> None:
    draft = _draft(world)
    with pytest.raises(BrokenRules) as refused:
        _confirm(world, draft.reference, typed)
    assert [(it.field, it.code) for it in refused.value.problems] == [(FIELD, code)]
    assert planned.sent == 1
    kept = world.changes.find_change(draft.reference)
    assert kept
    assert kept.state is ChangeState.DRAFT


def test_a_change_that_came_to_nothing_pauses_nothing(planned: Plans, world: World) -> None:
    draft = _draft(world)
    world.cloud.errors["update"] = CloudRejected(
        message="No.", request_id=None, upstream_status=None
    )
    _confirm(world, draft.reference, LATER)
    assert _record(planned).exceptions.paused_until is None


def test_a_schedule_that_is_gone_meanwhile_is_told(
    planned: Plans, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(planned.store), "set_pause", lambda *_args, **_more: False)
    draft = _draft(world)
    with pytest.raises(ScheduleNotPaused) as told:
        _confirm(world, draft.reference, LATER)
    assert told.value.reference == draft.reference
    assert planned.sent == 2


def test_records_that_fail_after_the_change_do_not_say_that_nothing_was_sent(
    planned: Plans, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _draft(world)

    def fail(*_: object) -> None:
        raise StoreUnavailable(message="No disk.")

    world.cloud.while_sending = lambda: monkeypatch.setattr(
        type(planned.store), "find_record", fail
    )
    with pytest.raises(ScheduleNotPaused) as told:
        _confirm(world, draft.reference, LATER)
    assert told.value.reference == draft.reference
    assert planned.sent == 2


def _scale(world: World, until: object, key: str = "k1") -> Change | None:
    by = Submitter(ALICE, replace(confirmation(), is_proven=True), key)
    return world.holds.scale(by, PRIMARY_ID, {**ASKED, FIELD: until})


def test_a_program_orders_the_pause_with_the_change_and_once(planned: Plans, world: World) -> None:
    change = _scale(world, "2026-03-06T17:00:00+00:00")
    assert change
    assert _record(planned).exceptions.paused_until == FRIDAY
    planned.clock.advance(60)
    planned.editing.resume(ALICE, PRIMARY_ID, seen=1)
    again = _scale(world, "2026-03-06T17:00:00+00:00")
    assert again
    assert again.reference == change.reference
    assert _record(planned).exceptions.paused_until == planned.clock.time  # it stays resumed
    with pytest.raises(BrokenRules):  # another pause is another request
        _scale(world, "2026-03-07T17:00:00+00:00")


@pytest.mark.parametrize(
    ("standing", "expected"), [(LONGER, LONGER), (SHORTER, FRIDAY), (FRIDAY, FRIDAY)]
)
def test_a_pause_that_stands_is_made_longer_by_the_order_and_never_shorter(
    planned: Plans, world: World, standing: datetime, expected: datetime
) -> None:
    planned.editing.pause(ALICE, PRIMARY_ID, standing, seen=1)
    _confirm(world, _draft(world).reference, LATER)
    assert _record(planned).exceptions.paused_until == expected


def test_a_program_without_a_schedule_to_pause_is_told(plans: Plans, world: World) -> None:
    with pytest.raises(BrokenRules) as refused:
        _scale(world, LATER)
    assert [it.code for it in refused.value.problems] == ["no_schedule_to_pause"]
    assert plans.sent == 0
