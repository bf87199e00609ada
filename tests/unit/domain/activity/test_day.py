"""What Cloud's own record adds to a group's last day."""

from datetime import timedelta

import pytest

from app.domain.activity.day import transition_marks
from app.domain.activity.timeline import Mark
from app.domain.groups.states import ServiceState as S
from tests.unit.builders import NOW

SINCE = NOW - timedelta(hours=24)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (S.RUNNING, S.RUNNING),
        (S.STOPPED, S.STOPPED),
        (S.STARTING, S.STOPPED),
        (S.AWAKING, S.IDLE),
    ],
)
def test_without_a_turn_it_was_what_it_is_but_nothing_of_minutes_lasts_a_day(
    now: S, before: S
) -> None:
    assert transition_marks([], now, SINCE) == [Mark(SINCE, before)]


def test_what_is_being_stopped_ran_or_slept_before_which_nobody_can_tell() -> None:
    assert transition_marks([], S.STOPPING, SINCE) == []
