"""What each action needs, what it leads to, and how its outcome is read from Cloud's state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.access.permissions import Permission
from app.domain.changes.actions import ACTION_SPECS, Action
from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, ChangeState, SettledCode
from app.domain.changes.consequences import consequences_of
from app.domain.changes.effect import Effect, effect_of
from app.domain.changes.outcome import is_no_op, outcome_read_back
from app.domain.groups.states import ServiceState
from tests.unit.builders import NOW, REPORTING_ID, make_command, make_group, make_service

S, C = ServiceState, ChangeState
LATER, EARLIER = NOW + ANSWER_DEADLINE, NOW + ANSWER_DEADLINE - timedelta(milliseconds=1)
COMMANDS = (Action.WAKE, Action.START, Action.STOP)


def test_the_actions_have_the_permissions_and_commands_that_their_names_say() -> None:
    assert set(ACTION_SPECS) == set(Action)
    assert {action: action.spec.permission for action in Action} == {
        Action.SCALE: Permission.SCALE,
        Action.WAKE: Permission.WAKE,
        Action.START: Permission.POWER,
        Action.STOP: Permission.POWER,
    }
    # As the reference of Cloud's state call names them.
    assert [action.spec.command for action in COMMANDS] == ["awake", "start", "stop"]


@pytest.mark.parametrize("action", COMMANDS)
def test_a_state_means_one_thing_for_an_action(action: Action) -> None:
    spec = action.spec
    together = [*spec.begins_in, *spec.in_progress_in, *spec.done_in]
    assert len(together) == len(set(together))
    assert S.UNKNOWN not in together


@pytest.mark.parametrize(
    ("action", "state", "early", "late"),
    [
        (Action.WAKE, S.IDLE, None, C.FAILED),
        (Action.WAKE, S.AWAKING, C.APPLIED, C.APPLIED),
        (Action.WAKE, S.RUNNING, C.APPLIED, C.APPLIED),
        (Action.WAKE, S.STOPPED, None, None),
        (Action.START, S.STOPPED, None, C.FAILED),
        (Action.START, S.STARTING, C.APPLIED, C.APPLIED),
        (Action.START, S.DEGRADED, C.APPLIED, C.APPLIED),
        (Action.START, S.IDLE, None, None),
        (Action.STOP, S.RUNNING, None, C.FAILED),
        (Action.STOP, S.IDLE, None, C.UNKNOWN),
        (Action.STOP, S.STOPPING, C.APPLIED, C.APPLIED),
        (Action.STOP, S.STOPPED, C.APPLIED, C.APPLIED),
        (Action.STOP, S.UNKNOWN, None, None),
    ],
)
def test_a_lost_answer_to_a_command_is_told_by_the_state(
    action: Action, state: ServiceState, early: ChangeState | None, late: ChangeState | None
) -> None:
    sent = make_command(action, state=C.UNKNOWN, sent_at=NOW)
    service = make_service(state=state)
    assert outcome_read_back(sent, service, EARLIER) is early
    not_yet = early if late in {C.FAILED, C.UNKNOWN} else late
    assert outcome_read_back(sent, service, LATER) is not_yet  # the old state may still show
    assert outcome_read_back(sent, service, LATER + STATE_LAG) is late


@pytest.mark.parametrize(
    ("action", "state", "at_first", "after_a_while"),
    [
        (Action.WAKE, S.RUNNING, Effect.IN_EFFECT, Effect.IN_EFFECT),
        (Action.WAKE, S.AWAKING, Effect.ON_ITS_WAY, Effect.ON_ITS_WAY),
        (Action.WAKE, S.IDLE, Effect.ON_ITS_WAY, Effect.SUPERSEDED),
        (Action.WAKE, S.STOPPED, Effect.SUPERSEDED, Effect.SUPERSEDED),
        (Action.STOP, S.RUNNING, Effect.ON_ITS_WAY, Effect.SUPERSEDED),
        (Action.STOP, S.STOPPED, Effect.IN_EFFECT, Effect.IN_EFFECT),
        (Action.STOP, S.IDLE, Effect.ON_ITS_WAY, Effect.IN_EFFECT),
        (Action.START, S.STOPPED, Effect.ON_ITS_WAY, Effect.SUPERSEDED),
    ],
)
def test_cloud_may_show_the_old_state_for_a_while_after_it_accepted(
    action: Action, state: ServiceState, at_first: Effect, after_a_while: Effect
) -> None:
    applied = make_command(action, state=C.APPLIED, sent_at=NOW, settled_at=NOW)
    service = make_service(state=state)
    assert effect_of(applied, service, NOW + STATE_LAG - timedelta(seconds=1)) is at_first
    assert effect_of(applied, service, NOW + STATE_LAG) is after_a_while
    assert effect_of(applied, None, NOW) is Effect.NOT_KNOWN


def test_a_stop_that_ended_idle_stays_done_until_something_wakes_it() -> None:
    seen = make_command(Action.STOP, state=C.APPLIED, sent_at=NOW, settled_at=NOW)
    seen = replace(seen, effective_at=NOW + STATE_LAG)
    later = NOW + 2 * STATE_LAG
    assert effect_of(seen, make_service(state=S.IDLE), later) is Effect.IN_EFFECT
    assert effect_of(seen, make_service(state=S.RUNNING), later) is Effect.SUPERSEDED
    assert not is_no_op(make_command(Action.STOP), make_service(state=S.IDLE))


def test_a_command_that_cloud_accepted_unseen_has_never_failed() -> None:
    unseen = SettledCode.ACCEPTED_UNSEEN
    sent = make_command(Action.WAKE, state=C.UNKNOWN, sent_at=NOW, settled_code=unseen)
    service = make_service(state=S.IDLE)
    assert outcome_read_back(sent, service, LATER) is None
    assert outcome_read_back(sent, service, LATER + STATE_LAG) is C.UNKNOWN


def test_what_stopping_means_is_said_and_of_a_primary_what_is_not_known() -> None:
    stop = make_command(Action.STOP)
    of_primary = " ".join(consequences_of(stop, make_group(make_service())))
    of_other = " ".join(consequences_of(stop, make_group(make_service(REPORTING_ID))))
    for said in (of_primary, of_other):
        assert "Queries that are running on it end at once" in said
    assert "not documented" in of_primary
    assert "other groups of the warehouse are not affected" in of_other
    assert "not affected" not in of_primary
