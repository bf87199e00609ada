"""Undoing: the values before a change, for what it touched, while it is still there."""

from dataclasses import replace

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.undo import undone
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import HORIZONTAL, VERTICAL, changed, make_change

GROWN = changed(VERTICAL, max_memory_gb=64, min_replicas=5, max_replicas=5)


def applied(target: ScalingConfig = GROWN, before: ScalingConfig = VERTICAL) -> Change:
    """An accepted change."""
    return make_change(before, target, state=ChangeState.APPLIED)


def test_the_values_before_come_back() -> None:
    assert undone(applied(), GROWN) == VERTICAL


def test_what_others_changed_since_stays() -> None:
    now = changed(GROWN, idle_timeout_minutes=60)
    assert undone(applied(), now) == changed(VERTICAL, idle_timeout_minutes=60)


def test_a_change_that_is_no_longer_there_cannot_be_undone() -> None:
    assert undone(applied(), changed(GROWN, max_memory_gb=120)) is None


def test_a_range_of_replicas_comes_back_whole() -> None:
    target = changed(HORIZONTAL, min_replicas=3)
    assert undone(applied(target, HORIZONTAL), target) == HORIZONTAL


def test_idling_comes_back_with_the_timeout_that_cloud_forgot() -> None:
    target = changed(VERTICAL, idle_scaling=False)
    forgotten = changed(target, idle_timeout_minutes=None)
    assert undone(applied(target), forgotten) == VERTICAL


def test_a_group_whose_mode_changed_has_nothing_to_go_back_to() -> None:
    idling = applied(changed(VERTICAL, idle_timeout_minutes=30))
    assert undone(idling, changed(HORIZONTAL, idle_timeout_minutes=30)) is None


@pytest.mark.parametrize("state", sorted(set(ChangeState) - {ChangeState.APPLIED}))
def test_only_what_was_accepted_can_be_undone(state: ChangeState) -> None:
    assert undone(make_change(target=GROWN, state=state), GROWN) is None


def test_waking_and_stopping_have_no_values_to_go_back_to() -> None:
    stop = replace(
        applied(), action=Action.STOP, patch={"command": "stop"}, before=None, target=None
    )
    assert undone(stop, VERTICAL) is None
