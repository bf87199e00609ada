"""Going back behind a change: the values before it, for the fields that it touched."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import PATCHED_FIELDS, ScalingConfig, has_taken, patch_between

REPLICAS = {"min_replicas", "max_replicas"}
"""A fixed number of replicas is one field at Cloud and both ends of the range here."""


@dataclass(frozen=True)
class Undo:
    """What undoing a change leads to. `obstacle` is why it cannot be asked for now, and
    `possible_from` when that is over, where that is known."""

    change: Change
    target: ScalingConfig
    obstacle: str | None = None
    possible_from: datetime | None = None


def undo_draft(change: Change, current: ScalingConfig, now: datetime) -> Change | None:
    """The change that would undo another one; None as for `undone`."""
    target = undone(change, current)
    if target is None:
        return None
    return Change(
        reference="",
        action=Action.SCALE,
        service_id=change.service_id,
        warehouse=change.warehouse,
        user=change.user,
        state=ChangeState.DRAFT,
        patch={**patch_between(current, target)},
        created_at=now,
        before=current,
        target=target,
        reason=undo_reason(change.reference),
    )


def undo_reason(reference: str) -> str:
    """What the form says as the reason of undoing."""
    return f"Undo of change {reference}"


def undone(change: Change, current: ScalingConfig) -> ScalingConfig | None:
    """The present configuration without the change; None where it is not in it any more.

    What others have changed since stays as it is.
    """
    before = change.before
    if (
        change.action is not Action.SCALE
        or change.state is not ChangeState.APPLIED
        or before is None
    ):
        return None
    if before.mode is not current.mode or not has_taken(current, change.patch):
        return None
    touched = {PATCHED_FIELDS[name] for name in change.patch}
    if touched & REPLICAS:
        touched |= REPLICAS
    if "idle_scaling" in touched and current.idle_timeout_minutes is None:
        touched.add("idle_timeout_minutes")  # Cloud forgets it once nothing idles
    return current.model_copy(update={name: getattr(before, name) for name in touched})
