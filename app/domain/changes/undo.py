"""Going back behind a change: the values before it, for the fields that it touched."""

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import PATCHED_FIELDS, ScalingConfig, has_taken

REPLICAS = {"min_replicas", "max_replicas"}
"""A fixed number of replicas is one field at Cloud and both ends of the range here."""


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
