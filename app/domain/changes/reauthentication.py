"""Which changes ask for the password again: those that cost or break the most, and every change
when the password was last verified long ago."""

from datetime import datetime, timedelta

from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, Change
from app.domain.clock import is_ahead
from app.domain.groups.limits import Limits

REAUTHENTICATION_LIFE = timedelta(minutes=5)
"""How long the draft of a big step can be confirmed."""


def needs_reauthentication(change: Change, limits: Limits, *, is_verification_recent: bool) -> bool:
    """Every big step, and any change of somebody whose password was last verified long ago."""
    return not is_verification_recent or is_big_step(change, limits)


def is_verification_recent(verified_at: datetime, now: datetime, counts_for: timedelta) -> bool:
    """Whether a verification in a session still counts for changes that are no big step.

    Not where the clock was set back since: it would count until this time comes again, and longer.
    """
    return now - verified_at <= counts_for and not is_ahead(verified_at, now)


def is_big_step(change: Change, limits: Limits) -> bool:
    """Stopping, switching idling off, and growing beyond the owners' soft limit."""
    if change.action is Action.STOP or change.patch.get("idleScaling") is False:
        return True
    if limits.reauthenticate_above_gb is None or change.before is None or change.target is None:
        return False
    total_gb = change.target.max_total_gb
    return total_gb > change.before.max_total_gb and total_gb > limits.reauthenticate_above_gb


def confirmable_until(change: Change, limits: Limits) -> datetime:
    """When a draft can no longer be confirmed."""
    return change.created_at + life_of(change, limits)


def life_of(change: Change, limits: Limits) -> timedelta:
    """How long a draft can be confirmed."""
    return REAUTHENTICATION_LIFE if is_big_step(change, limits) else DRAFT_LIFE
