"""Which changes are worth another reading of Cloud, and which are not."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain.changes.change import ANSWER_DEADLINE, STATE_LAG, Change, ChangeState
from app.domain.changes.effect import is_awaited
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import NOW, VERTICAL, make_change, make_service, replicas

TARGET = replicas(5)
SECOND = timedelta(seconds=1)
SURE = ANSWER_DEADLINE + STATE_LAG


def sent(state: ChangeState, **fields: Any) -> Change:  # noqa: ANN401 - any field
    return make_change(target=TARGET, state=state, sent_at=NOW, **fields)


def shown(configured: ScalingConfig, effective: ScalingConfig | None = None) -> Service:
    return make_service(configured=configured, effective=effective or configured)


UNKNOWN, APPLYING = sent(ChangeState.UNKNOWN), sent(ChangeState.APPLYING)
ACCEPTED = sent(ChangeState.APPLIED, settled_at=NOW)
SEEN = sent(ChangeState.APPLIED, settled_at=NOW, effective_at=NOW)
OTHER = replicas(4)


@pytest.mark.parametrize(
    ("change", "service", "seconds_later", "is_worth_it"),
    [
        (make_change(), shown(TARGET), 0, False),
        (sent(ChangeState.FAILED, settled_at=NOW), shown(VERTICAL), 1, False),
        (UNKNOWN, shown(VERTICAL), 1, True),
        (UNKNOWN, shown(TARGET), 1, True),
        (UNKNOWN, None, 1000, True),  # it may be gone, which a further reading tells
        (UNKNOWN, shown(OTHER), SURE.total_seconds() - 1, True),
        (UNKNOWN, shown(OTHER), SURE.total_seconds(), False),
        (UNKNOWN, shown(VERTICAL), SURE.total_seconds(), True),
        (APPLYING, shown(TARGET), ANSWER_DEADLINE.total_seconds() - 1, False),
        (APPLYING, shown(TARGET), ANSWER_DEADLINE.total_seconds(), True),
        (ACCEPTED, shown(TARGET, VERTICAL), 1, True),
        (ACCEPTED, None, 1000, True),
        (ACCEPTED, shown(OTHER), STATE_LAG.total_seconds() - 1, True),
        (ACCEPTED, shown(OTHER), STATE_LAG.total_seconds(), False),
        (SEEN, shown(OTHER), 1, False),
    ],
)
def test_a_change_is_followed_while_a_reading_can_tell_more_of_it(
    change: Change, service: Service | None, seconds_later: float, is_worth_it: bool
) -> None:
    now = NOW + seconds_later * SECOND
    assert is_awaited(change, service, now, now) is is_worth_it


def test_what_was_never_read_is_worth_reading() -> None:
    assert is_awaited(UNKNOWN, None, None, NOW + SURE)
    assert is_awaited(ACCEPTED, None, None, NOW + SURE)


def test_a_reading_from_before_the_change_ends_nothing() -> None:
    assert is_awaited(UNKNOWN, shown(OTHER), NOW - SECOND, NOW + SURE)
    assert is_awaited(ACCEPTED, shown(OTHER), NOW - SECOND, NOW + SURE)
