"""Which changes ask for the password again, and how long they can be confirmed."""

from datetime import timedelta

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, Change
from app.domain.changes.reauthentication import (
    REAUTHENTICATION_LIFE,
    confirmable_until,
    is_big_step,
    is_verification_recent,
    needs_reauthentication,
)
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import (
    HORIZONTAL,
    NOW,
    VERTICAL,
    changed,
    make_change,
    make_command,
    replicas,
)

ABOVE_128 = Limits(reauthenticate_above_gb=128)
OFF = changed(VERTICAL, idle_scaling=False)


@pytest.mark.parametrize("size", [VERTICAL, replicas(9), None])
@pytest.mark.parametrize(
    ("action", "asks"), [(Action.STOP, True), (Action.START, False), (Action.WAKE, False)]
)
def test_without_a_soft_limit_of_the_commands_only_stopping_asks_for_the_password(
    action: Action, size: ScalingConfig | None, *, asks: bool
) -> None:
    assert is_big_step(make_command(action), Limits(), size) == asks


@pytest.mark.parametrize(
    ("size", "asks"),
    [
        (VERTICAL, False),  # 96 GB
        (replicas(4), False),  # 128 GB
        (replicas(5), True),  # 160 GB
        (HORIZONTAL, True),  # 192 GB at most
        (None, True),  # could be any
    ],
)
def test_waking_and_starting_what_is_beyond_the_soft_limit_asks_as_growing_does(
    size: ScalingConfig | None, *, asks: bool
) -> None:
    for action in (Action.WAKE, Action.START):
        assert is_big_step(make_command(action), ABOVE_128, size) == asks
    assert is_big_step(make_command(Action.STOP), ABOVE_128, size)


@pytest.mark.parametrize(
    ("before", "target", "asks"),
    [
        (VERTICAL, OFF, True),
        (OFF, VERTICAL, False),
        (OFF, changed(OFF, max_memory_gb=16), False),  # off already, and stays so
        (VERTICAL, changed(VERTICAL, idle_timeout_minutes=10_000), False),
    ],
)
def test_switching_idling_off_asks_whatever_the_limits(
    before: ScalingConfig, target: ScalingConfig, *, asks: bool
) -> None:
    assert is_big_step(make_change(before, target), Limits(), before) == asks


@pytest.mark.parametrize(
    ("before", "target", "asks"),
    [
        (VERTICAL, replicas(4), False),  # 128 GB
        (VERTICAL, replicas(5), True),  # 160 GB
        (VERTICAL, changed(VERTICAL, max_memory_gb=64), True),  # 192 GB
        (replicas(9), replicas(8), False),  # shrinks, though it stays above
        (replicas(9), changed(replicas(9), min_memory_gb=32), False),
        (replicas(9), replicas(10), True),
        (HORIZONTAL, changed(HORIZONTAL, max_replicas=7), True),
    ],
)
def test_growing_beyond_the_soft_limit_asks_and_shrinking_does_not(
    before: ScalingConfig, target: ScalingConfig, *, asks: bool
) -> None:
    assert is_big_step(make_change(before, target), ABOVE_128, before) == asks
    assert not is_big_step(make_change(before, target), Limits(), before)


@pytest.mark.parametrize(
    ("change", "life"),
    [(make_change(), DRAFT_LIFE), (make_change(target=OFF), REAUTHENTICATION_LIFE)],
)
def test_what_asks_for_the_password_can_be_confirmed_for_five_minutes(
    change: Change, life: object
) -> None:
    assert REAUTHENTICATION_LIFE.total_seconds() == 300
    assert confirmable_until(change, Limits(), VERTICAL) - NOW == life


def test_a_verification_counts_for_an_hour_and_after_that_every_change_asks() -> None:
    hour, moment = timedelta(minutes=60), timedelta(microseconds=1)
    assert is_verification_recent(NOW, NOW + hour, hour)
    assert not is_verification_recent(NOW, NOW + hour + moment, hour)
    for ahead, counts in ((timedelta(minutes=1), True), (timedelta(minutes=1) + moment, False)):
        assert is_verification_recent(NOW, NOW - ahead, hour) is counts
    for change in (make_change(), make_command(Action.WAKE), make_command(Action.START)):
        assert not needs_reauthentication(change, Limits(), VERTICAL, is_verification_recent=True)
        assert needs_reauthentication(change, Limits(), VERTICAL, is_verification_recent=False)
    stop = make_command(Action.STOP)
    assert needs_reauthentication(stop, Limits(), VERTICAL, is_verification_recent=True)
