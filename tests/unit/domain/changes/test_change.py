"""The life of a change: what its state admits, and what reading Cloud back tells."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, ChangeState, SettledCode
from app.domain.changes.effect import Effect, effect_of
from app.domain.changes.outcome import outcome_read_back
from app.domain.clock import SMALL_STEP
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import ServiceState
from tests.unit.builders import NOW, VERTICAL, changed, make_change, make_service

MOMENT = timedelta(microseconds=1)
TARGET = changed(VERTICAL, min_replicas=5, max_replicas=5, max_memory_gb=64)
SENT = make_change(VERTICAL, TARGET, state=ChangeState.UNKNOWN, sent_at=NOW)
OVERDUE = NOW + ANSWER_DEADLINE
SURE = OVERDUE + STATE_LAG


@pytest.mark.parametrize("state", ChangeState)
def test_only_what_was_sent_and_is_not_reconciled_is_in_flight(state: ChangeState) -> None:
    is_sent = state in {ChangeState.APPLYING, ChangeState.UNKNOWN}
    assert make_change(state=state, sent_at=NOW).is_in_flight == is_sent
    assert not make_change(state=state, sent_at=NOW, settled_at=NOW).is_in_flight


def test_a_change_in_flight_is_overdue_when_no_answer_can_come_any_more() -> None:
    assert not SENT.is_overdue(OVERDUE - MOMENT)
    assert SENT.is_overdue(OVERDUE)
    assert not SENT.is_overdue(NOW - SMALL_STEP)  # a clock that was set right
    assert SENT.is_overdue(NOW - SMALL_STEP - MOMENT)
    assert SENT.is_overdue(NOW - timedelta(hours=2))
    assert not make_change().is_overdue(OVERDUE)
    settled = make_change(state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    assert not settled.is_overdue(OVERDUE)


def test_a_change_that_was_accepted_in_time_to_come_is_not_settling_until_then() -> None:
    accepted = make_change(state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    assert accepted.is_settling(NOW + STATE_LAG - MOMENT)
    assert not accepted.is_settling(NOW + STATE_LAG)
    assert accepted.is_settling(NOW - SMALL_STEP)  # a clock that was set right
    assert not accepted.is_settling(NOW - SMALL_STEP - MOMENT)
    assert not accepted.is_settling(NOW - timedelta(hours=2))


@pytest.mark.parametrize(
    ("reads", "early", "late"),
    [
        (TARGET, ChangeState.APPLIED, ChangeState.APPLIED),
        (VERTICAL, None, ChangeState.FAILED),
        (changed(TARGET, max_memory_gb=32), None, None),  # a mixture: only a person can judge
        (changed(VERTICAL, max_memory_gb=120), None, None),  # somebody else's value
        (changed(TARGET, idle_scaling=False), ChangeState.APPLIED, ChangeState.APPLIED),
        (changed(VERTICAL, idle_scaling=False), None, ChangeState.FAILED),
        (None, None, None),
    ],
)
def test_the_outcome_is_what_the_configuration_read_back_tells(
    reads: ScalingConfig | None, early: ChangeState | None, late: ChangeState | None
) -> None:
    service = make_service(configured=reads)
    assert outcome_read_back(SENT, service, SURE - MOMENT) == early
    assert outcome_read_back(SENT, service, SURE) == late


@pytest.mark.parametrize(
    ("service", "effect"),
    [
        (None, Effect.NOT_KNOWN),
        (make_service(configured=None), Effect.NOT_KNOWN),
        (make_service(configured=TARGET, effective=None), Effect.NOT_KNOWN),
        (make_service(configured=changed(TARGET, max_memory_gb=32)), Effect.SUPERSEDED),
        (make_service(configured=TARGET, effective=TARGET), Effect.IN_EFFECT),
        (make_service(configured=TARGET, effective=VERTICAL), Effect.ON_ITS_WAY),
        (
            make_service(configured=TARGET, effective=VERTICAL, active_entry="Campaign"),
            Effect.WAITS_FOR_SCHEDULE,
        ),
        (
            make_service(configured=TARGET, effective=VERTICAL, state=ServiceState.AWAKING),
            Effect.ON_ITS_WAY,
        ),
        (
            make_service(configured=TARGET, effective=TARGET, state=ServiceState.IDLE),
            Effect.WAITS_FOR_START,
        ),
        (
            make_service(configured=TARGET, effective=TARGET, state=ServiceState.STOPPED),
            Effect.WAITS_FOR_START,
        ),
    ],
)
def test_an_applied_change_shows_as_far_as_it_is_what_applies(
    service: Service | None, effect: Effect
) -> None:
    change = make_change(VERTICAL, TARGET, state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    assert effect_of(change, service, NOW) is effect


def test_values_of_before_are_no_later_change_for_a_while() -> None:
    applied = make_change(VERTICAL, TARGET, state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    before = make_service(configured=VERTICAL)
    early, late = NOW + STATE_LAG - MOMENT, NOW + STATE_LAG
    assert effect_of(applied, before, early) is Effect.ON_ITS_WAY
    assert effect_of(applied, before, late) is Effect.SUPERSEDED
    assert effect_of(applied, before, early, is_newest=False) is Effect.SUPERSEDED
    by_answer, by_reading = replace(applied, effective_at=NOW), replace(applied, effective_at=early)
    assert effect_of(by_answer, before, early) is Effect.IN_EFFECT
    assert effect_of(by_answer, before, late) is Effect.SUPERSEDED
    assert effect_of(by_reading, before, early) is Effect.SUPERSEDED


def test_what_cloud_accepted_unseen_is_never_said_to_have_failed() -> None:
    accepted = replace(SENT, settled_code=SettledCode.ACCEPTED_UNSEEN)
    before = make_service(configured=VERTICAL)
    assert outcome_read_back(accepted, before, SURE - MOMENT) is None
    assert outcome_read_back(accepted, before, SURE) is ChangeState.UNKNOWN
    assert outcome_read_back(accepted, make_service(configured=TARGET), NOW) is ChangeState.APPLIED
