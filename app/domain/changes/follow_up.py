"""Which changes are worth another reading of Cloud when nobody looks at them."""

from datetime import datetime, timedelta

from app.domain.changes.change import Change, ChangeState
from app.domain.changes.effect import Effect, effect_of
from app.domain.changes.outcome import outcome_read_back
from app.domain.groups.group import Service

EFFECT_AWAITED = timedelta(hours=1)
"""So long after Cloud accepted a change its effect is looked for by itself. What waits for longer,
such as for the start of a stopped group, is noted when somebody looks."""


def is_awaited(
    change: Change, service: Service | None, taken_at: datetime | None, now: datetime
) -> bool:
    """Whether reading Cloud can tell more of a change than is known of it.

    `service` is what Cloud showed at `taken_at`; None if that was nothing, or nothing was read.
    """
    if change.is_in_flight:
        return _can_be_settled(change, service, taken_at, now)
    if change.state is not ChangeState.APPLIED or change.effective_at:
        return False
    if service is None or taken_at is None or change.is_settling(taken_at):
        return True
    return effect_of(change, service, now) is not Effect.SUPERSEDED


def _can_be_settled(
    change: Change, service: Service | None, taken_at: datetime | None, now: datetime
) -> bool:
    if change.state is ChangeState.APPLYING and not change.is_overdue(now):
        return False  # its own process waits for the answer
    if service is None or taken_at is None or not change.must_show(taken_at):
        return True
    # What shows by now and tells nothing is left to a person, and costs no more readings.
    return outcome_read_back(change, service, taken_at) is not None
