"""The steps of a change: as far as is known, and nothing said that Cloud does not tell."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState, SettledBy
from app.domain.changes.effect import Effect
from app.web.changes.steps import DRAINING, StepStatus, steps_of
from tests.unit.builders import HORIZONTAL, NOW, VERTICAL, changed, make_change

DONE, NOW_, NEXT, NOT = StepStatus.DONE, StepStatus.NOW, StepStatus.NEXT, StepStatus.NOT
APPLIED = make_change(state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
IN_EFFECT = make_change(
    state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW, effective_at=NOW + timedelta(minutes=3)
)
IDLING = make_change(
    target=changed(VERTICAL, idle_timeout_minutes=30),
    state=ChangeState.APPLIED,
    sent_at=NOW,
    settled_at=NOW,
)


def make(state: ChangeState, *, is_settled: bool = False) -> Change:
    """A change in this state."""
    return make_change(state=state, sent_at=NOW, settled_at=NOW if is_settled else None)


@pytest.mark.parametrize(
    ("change", "effect", "expected"),
    [
        (make(ChangeState.APPLYING), Effect.NOT_KNOWN, [DONE, NOW_, NEXT, NEXT]),
        (make(ChangeState.UNKNOWN), Effect.NOT_KNOWN, [DONE, NOW_, NEXT, NEXT]),
        (make(ChangeState.UNCHANGED, is_settled=True), Effect.NOT_KNOWN, [DONE, DONE]),
        (make(ChangeState.UNKNOWN, is_settled=True), Effect.NOT_KNOWN, [DONE, NOT]),
        (make(ChangeState.REJECTED, is_settled=True), Effect.NOT_KNOWN, [DONE, NOT]),
        (make(ChangeState.FAILED, is_settled=True), Effect.NOT_KNOWN, [DONE, NOT]),
        (APPLIED, Effect.ON_ITS_WAY, [DONE, DONE, NOW_, NEXT]),
        (APPLIED, Effect.NOT_KNOWN, [DONE, DONE, NOW_, NEXT]),
        (APPLIED, Effect.WAITS_FOR_SCHEDULE, [DONE, DONE, NEXT, NEXT]),
        (APPLIED, Effect.WAITS_FOR_START, [DONE, DONE, NEXT, NEXT]),
        (APPLIED, Effect.IN_EFFECT, [DONE, DONE, DONE, DONE]),
        (IN_EFFECT, Effect.IN_EFFECT, [DONE, DONE, DONE, DONE, NOW_]),
        (IN_EFFECT, Effect.SUPERSEDED, [DONE, DONE, DONE, DONE, DONE]),
        (APPLIED, Effect.SUPERSEDED, [DONE, DONE, DONE]),
    ],
)
def test_the_steps_stand_as_far_as_is_known(
    change: Change, effect: Effect, expected: list[StepStatus]
) -> None:
    assert [step.status for step in steps_of(change, effect, NOW)] == expected


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (ChangeState.REJECTED, "Rejected by ClickHouse Cloud"),
        (ChangeState.FAILED, "Not carried out"),
        (ChangeState.UNKNOWN, "Outcome not known"),
    ],
)
def test_what_came_to_nothing_is_not_called_accepted(state: ChangeState, label: str) -> None:
    last = steps_of(make(state, is_settled=True), Effect.NOT_KNOWN, NOW)[-1]
    assert (last.label, last.status) == (label, StepStatus.NOT)


def test_what_was_superseded_is_not_called_in_effect() -> None:
    labels = [step.label for step in steps_of(APPLIED, Effect.SUPERSEDED, NOW)]
    assert "In effect" not in labels


@pytest.mark.parametrize(
    ("minutes", "status", "words"),
    [
        (4, NOW_, "for up to an hour; Cloud does not show it"),
        (62, NOW_, "for up to an hour; Cloud does not show it"),
        (63, DONE, "done by now at the latest"),
    ],
)
def test_draining_is_told_by_its_longest_time_alone(
    minutes: int, status: StepStatus, words: str
) -> None:
    last = steps_of(IN_EFFECT, Effect.IN_EFFECT, NOW + timedelta(minutes=minutes))[-1]
    assert (last.label, last.status, last.note) == (DRAINING, status, words)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect.WAITS_FOR_SCHEDULE, "when the schedule entry ends"),
        (Effect.WAITS_FOR_START, "when the group next runs"),
    ],
)
def test_a_change_that_waits_says_for_what(effect: Effect, words: str) -> None:
    assert steps_of(APPLIED, effect, NOW)[2].note == words


@pytest.mark.parametrize(
    ("settled_by", "words"),
    [
        (SettledBy.PERSON, "closed manually"),
        (SettledBy.READING, "closed, as reading back does not tell"),
    ],
)
def test_a_change_that_was_closed_says_by_what(settled_by: SettledBy, words: str) -> None:
    closed = replace(make(ChangeState.UNKNOWN, is_settled=True), settled_by=settled_by)
    last = steps_of(closed, Effect.NOT_KNOWN, NOW)[-1]
    assert (last.label, last.words) == ("Outcome not known", words)


def test_where_no_replica_is_replaced_none_is_said_to_start_or_drain() -> None:
    more = make_change(HORIZONTAL, changed(HORIZONTAL, max_replicas=8), state=ChangeState.APPLIED)
    for change in (IDLING, more):
        labels = [step.label for step in steps_of(change, Effect.ON_ITS_WAY, NOW)]
        assert labels == ["Requested", "Accepted by ClickHouse Cloud", "In effect"]


@pytest.mark.parametrize(
    ("action", "label"),
    [(Action.WAKE, "Waking up"), (Action.START, "Starting"), (Action.STOP, "Stopping")],
)
def test_the_actions_on_the_state_have_steps_of_their_own(action: Action, label: str) -> None:
    change = make_change(action=action, state=ChangeState.APPLIED, sent_at=NOW, settled_at=NOW)
    steps = steps_of(change, Effect.ON_ITS_WAY, NOW)
    assert [step.label for step in steps[2:]] == [label, "In effect"]
