"""Which changes ask for the password again: those that cost or break the most, and every change
when the password was last verified long ago."""

from datetime import datetime, timedelta

from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, Change
from app.domain.clock import is_ahead
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig

REAUTHENTICATION_LIFE = timedelta(minutes=5)
"""How long the draft of a big step can be confirmed."""


def needs_reauthentication(
    change: Change, limits: Limits, size: ScalingConfig | None, *, is_verification_recent: bool
) -> bool:
    """Every big step, and any change of somebody whose password was last verified long ago."""
    return not is_verification_recent or is_big_step(change, limits, size)


def is_verification_recent(verified_at: datetime, now: datetime, counts_for: timedelta) -> bool:
    """Whether a verification in a session still counts for changes that are no big step.

    Not where the clock was set back since: it would count until this time comes again, and longer.
    """
    return now - verified_at <= counts_for and not is_ahead(verified_at, now)


def is_big_step(change: Change, limits: Limits, size: ScalingConfig | None) -> bool:
    """Stopping, switching idling off, and growing beyond the owners' soft limit, be it by another
    size or by waking or starting a group of `size`. One of unknown size could be any."""
    if change.action is Action.STOP or change.patch.get("idleScaling") is False:
        return True
    if change.action in {Action.WAKE, Action.START}:
        return is_beyond_soft_limit(size, limits)
    if change.before is None or change.target is None:
        return False
    is_growing = change.target.max_total_gb > change.before.max_total_gb
    return is_growing and is_beyond_soft_limit(change.target, limits)


def is_beyond_soft_limit(size: ScalingConfig | None, limits: Limits) -> bool:
    """Whether so much asks for the password; one that is not known could be any."""
    most_gb = limits.reauthenticate_above_gb
    return most_gb is not None and (size is None or size.max_total_gb > most_gb)


def confirmable_until(change: Change, limits: Limits, size: ScalingConfig | None) -> datetime:
    """When a draft can no longer be confirmed."""
    return change.created_at + life_of(change, limits, size)


def life_of(change: Change, limits: Limits, size: ScalingConfig | None) -> timedelta:
    """How long a draft can be confirmed."""
    return REAUTHENTICATION_LIFE if is_big_step(change, limits, size) else DRAFT_LIFE
