"""How far an accepted change shows in what Cloud says of its group, and whether another reading can
tell more."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.changes.outcome import is_as_before, is_as_requested, outcome_read_back
from app.domain.groups.group import Service
from app.domain.groups.scaling import has_taken

EFFECT_AWAITED = timedelta(hours=1)
"""So long after Cloud accepted a change its effect is looked for by itself. What waits for longer,
such as for the start of a stopped group, is noted when somebody looks."""


class Effect(StrEnum):
    """How far an applied change shows in what runs."""

    IN_EFFECT = "in_effect"
    ON_ITS_WAY = "on_its_way"
    WAITS_FOR_SCHEDULE = "waits_for_schedule"
    WAITS_FOR_START = "waits_for_start"
    SUPERSEDED = "superseded"
    NOT_KNOWN = "not_known"


def effect_of(
    change: Change, service: Service | None, now: datetime, *, is_newest: bool = True
) -> Effect:
    """How far an accepted change shows in what Cloud says now.

    For a while Cloud may still show what was before, which is then no later change; `is_newest`
    is False where the portal itself has made one since.
    """
    if service is None:
        return Effect.NOT_KNOWN
    is_stale = is_newest and change.is_settling(now) and is_as_before(change, service)
    if change.effective_at:
        return _effect_of_seen(change, service, is_stale=is_stale)
    if change.action is Action.SCALE:
        return _effect_of_scaling(change, service, is_stale=is_stale)
    return _effect_of_command(change, service, is_stale=is_stale)


def _effect_of_seen(change: Change, service: Service, *, is_stale: bool) -> Effect:
    # What only the answer itself has shown, a reading may be too old to show.
    is_by_answer = change.effective_at == change.settled_at
    is_kept = is_as_requested(change, service) or service.state in change.action.spec.may_end_in
    return Effect.IN_EFFECT if is_kept or (is_stale and is_by_answer) else Effect.SUPERSEDED


def _effect_of_command(change: Change, service: Service, *, is_stale: bool) -> Effect:
    spec = change.action.spec
    if service.state in spec.done_in:
        return Effect.IN_EFFECT
    if service.state in spec.in_progress_in or is_stale:
        return Effect.ON_ITS_WAY
    return Effect.IN_EFFECT if service.state in spec.may_end_in else Effect.SUPERSEDED


def _effect_of_scaling(change: Change, service: Service, *, is_stale: bool) -> Effect:
    # Cloud does not give the number of replicas that run; its effective values are the nearest.
    if service.configured is None or service.effective is None:
        return Effect.NOT_KNOWN
    if not has_taken(service.configured, change.patch):
        return Effect.ON_ITS_WAY if is_stale else Effect.SUPERSEDED
    if service.active_entry:
        return Effect.WAITS_FOR_SCHEDULE
    if not service.state.spec.is_up:
        return Effect.WAITS_FOR_START
    return Effect.IN_EFFECT if has_taken(service.effective, change.patch) else Effect.ON_ITS_WAY


def is_awaited(
    change: Change, service: Service | None, taken_at: datetime | None, now: datetime
) -> bool:
    """Whether reading Cloud can tell more of a change than is known of it, though nobody looks.

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
