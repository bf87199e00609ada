"""How often a group may be changed, and the rest after a change of its size."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.rate import check_rate, find_pause, find_pause_after
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingMode
from tests.unit.builders import (
    HORIZONTAL,
    NOW,
    VERTICAL,
    changed,
    make_change,
    make_command,
)

C = ChangeState
TWICE = Limits(max_changes_per_hour=2)
COOLING_DOWN = Limits(cooldown_minutes=10)
MINUTE = timedelta(minutes=1)
ONLY_IDLING = make_change(target=changed(VERTICAL, idle_timeout_minutes=20))
ONLY_MEMORY = make_change(target=changed(VERTICAL, max_memory_gb=64))
SIDEWAYS = make_change(HORIZONTAL, changed(HORIZONTAL, max_replicas=8))


def sent(ago: timedelta, change: Change | None = None, state: ChangeState = C.APPLIED) -> Change:
    """An earlier change that was sent so long ago."""
    named = replace(change or make_change(), reference=f"OLD-{ago}-{state}")
    return replace(named, state=state, sent_at=NOW - ago)


def codes(change: Change, earlier: list[Change], limits: Limits) -> list[str]:
    """The rules of pace that one more change breaks."""
    return [item.code for item in check_rate(change, earlier, limits, NOW)]


def test_as_many_changes_as_allowed_may_be_sent_in_any_hour_and_no_more() -> None:
    once = [sent(5 * MINUTE)]
    assert codes(make_change(), once, TWICE) == []
    assert codes(make_change(), [*once, sent(59 * MINUTE)], TWICE) == ["too_many_changes"]
    assert codes(make_change(), [*once, sent(60 * MINUTE)], TWICE) == []
    assert codes(make_change(), [sent(MINUTE)] * 50, Limits()) == []


def test_a_change_that_is_still_to_come_closes_nothing_for_hours() -> None:
    later = [sent(-120 * MINUTE), sent(-121 * MINUTE)]
    assert codes(make_change(), later, TWICE) == []
    assert codes(ONLY_MEMORY, later, COOLING_DOWN) == []


@pytest.mark.parametrize("action", [Action.WAKE, Action.START, Action.STOP])
def test_waking_starting_and_stopping_do_not_count(action: Action) -> None:
    commands = [sent(MINUTE, make_command(action))] * 9
    assert codes(make_change(), [sent(MINUTE), *commands], TWICE) == []


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (C.APPLYING, True),
        (C.APPLIED, True),
        (C.UNKNOWN, True),
        (C.REJECTED, False),
        (C.FAILED, False),
        (C.DRAFT, False),
    ],
)
def test_only_what_changed_something_or_may_have_counts(
    state: ChangeState, *, counts: bool
) -> None:
    earlier = [sent(MINUTE, state=state)]
    limits = Limits(max_changes_per_hour=1, cooldown_minutes=10)
    broken = ["too_many_changes", "cooling_down"] if counts else []
    assert codes(make_change(), earlier, limits) == broken


def test_a_change_does_not_count_against_itself() -> None:
    mine = sent(timedelta(), state=C.APPLYING)
    limits = Limits(max_changes_per_hour=1, cooldown_minutes=10)
    assert codes(mine, [mine], limits) == []


@pytest.mark.parametrize(
    ("one_more", "before", "must_cool_down"),
    [
        (make_change(), make_change(), True),
        (ONLY_MEMORY, make_change(), True),
        (make_change(), ONLY_MEMORY, True),
        (ONLY_IDLING, make_change(), False),
        (make_change(), ONLY_IDLING, False),
        (SIDEWAYS, SIDEWAYS, False),
        (make_change(), make_command(Action.STOP), False),
    ],
)
def test_after_a_vertical_change_of_size_the_next_one_waits(
    one_more: Change, before: Change, *, must_cool_down: bool
) -> None:
    broken = ["cooling_down"] if must_cool_down else []
    assert codes(one_more, [sent(9 * MINUTE, before)], COOLING_DOWN) == broken
    assert codes(one_more, [sent(10 * MINUTE, before)], COOLING_DOWN) == []


@pytest.mark.parametrize(
    ("before", "mode", "minutes", "left"),
    [
        (make_change(), ScalingMode.VERTICAL, 9, 1),
        (make_change(), ScalingMode.VERTICAL, 10, None),
        (make_change(), ScalingMode.HORIZONTAL, 9, None),
        (ONLY_IDLING, ScalingMode.VERTICAL, 9, None),
    ],
)
def test_while_a_group_cools_down_idling_alone_can_be_changed_and_the_end_is_told(
    before: Change, mode: ScalingMode, minutes: int, left: int | None
) -> None:
    pause = find_pause([sent(minutes * MINUTE, before)], mode, COOLING_DOWN, NOW)
    ends_at = None if left is None else NOW + left * MINUTE
    assert (pause and pause.ends_at) == ends_at
    assert pause is None or not pause.covers_idling


def test_beyond_the_number_of_an_hour_nothing_can_be_asked_for_until_one_is_an_hour_old() -> None:
    earlier = [sent(MINUTE), sent(2 * MINUTE), sent(9 * MINUTE)]
    for mode in ScalingMode:
        pause = find_pause(earlier, mode, TWICE, NOW)
        assert pause is not None
        assert (pause.ends_at, pause.covers_idling) == (NOW + 58 * MINUTE, True)
        later = [change for change in earlier if codes(ONLY_IDLING, [change], TWICE)]
        assert later == []
        assert find_pause(earlier[:1], mode, TWICE, NOW) is None


def test_what_a_pause_tells_is_what_the_rule_then_does() -> None:
    limits = Limits(max_changes_per_hour=2, cooldown_minutes=90)
    earlier = [sent(MINUTE), sent(20 * MINUTE)]
    pause = find_pause(earlier, ScalingMode.VERTICAL, limits, NOW)
    assert pause is not None
    assert pause.reason == "Cooldown after a memory change."
    assert check_rate(make_change(), earlier, limits, pause.ends_at - timedelta(seconds=1))
    assert not check_rate(make_change(), earlier, limits, pause.ends_at)


def test_the_pause_that_a_change_begins_is_known_before_it_is_sent() -> None:
    assert find_pause_after(ONLY_IDLING, [], COOLING_DOWN, NOW) is None
    pause = find_pause_after(make_change(), [], COOLING_DOWN, NOW)
    assert pause is not None
    assert pause.ends_at == NOW + 10 * MINUTE
    last = find_pause_after(ONLY_IDLING, [sent(5 * MINUTE)], TWICE, NOW)
    assert last is not None
    assert (last.ends_at, last.covers_idling) == (NOW + 55 * MINUTE, True)


def test_the_wait_is_said_in_whole_minutes_rounded_up() -> None:
    earlier = [sent(20 * MINUTE), sent(timedelta(seconds=90))]
    (problem,) = check_rate(make_change(), earlier, COOLING_DOWN, NOW)
    assert problem.message == "Cooldown after a memory change; try again in 9 min"
