"""Which changes ask for the password again: those that cost or break the most."""

from datetime import datetime, timedelta

from app.domain.changes.actions import Action
from app.domain.changes.change import DRAFT_LIFE, Change
from app.domain.groups.limits import Limits

REAUTHENTICATION_LIFE = timedelta(minutes=5)
"""How long a draft that asks for the password can be confirmed."""


def needs_reauthentication(change: Change, limits: Limits) -> bool:
    """Stopping, switching idling off, and growing beyond the owners' soft limit."""
    if change.action is Action.STOP or change.patch.get("idleScaling") is False:
        return True
    if limits.reauthenticate_above_gb is None or change.before is None or change.target is None:
        return False
    total_gb = change.target.max_total_gb
    return total_gb > change.before.max_total_gb and total_gb > limits.reauthenticate_above_gb


def confirmable_until(change: Change, limits: Limits) -> datetime:
    """When a draft can no longer be confirmed."""
    return change.created_at + (
        REAUTHENTICATION_LIFE if needs_reauthentication(change, limits) else DRAFT_LIFE
    )
