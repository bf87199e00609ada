"""Whether what Cloud shows of a group may be from before its last change."""

from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import PATCHED_FIELDS, ScalingConfig
from app.errors import NotPossible
from app.store.changes import ChangeStore


def is_size_settling(
    changes: ChangeStore, service_id: str, shown: ScalingConfig, now: datetime
) -> bool:
    """Whether nothing can be concluded from the size that Cloud shows: it has accepted another so
    lately that it may not show it yet, or nobody knows yet whether it has. Raises StoreUnavailable.
    """
    sent = changes.find_in_flight(service_id)
    # One that is being sent is the one for which this is asked, at the last moment before.
    is_untold = sent and (sent.state is ChangeState.UNKNOWN or sent.is_overdue(now))
    if sent and is_untold and sent.action is Action.SCALE:
        return True
    last = changes.find_last_size(service_id)
    if last is None or not last.is_settling(now):
        return False
    accepted = {PATCHED_FIELDS[name]: value for name, value in last.patch.items()}
    # Cloud forgets a timeout once nothing idles.
    taken = shown.model_copy(update=accepted).without_unused_timeout
    return taken != shown.without_unused_timeout


def check_nothing_to_do(changes: ChangeStore, change: Change, now: datetime) -> None:
    """Called where Cloud shows that a group is as a change asks for already.

    Raises NotPossible while that may be from before an accepted change that leads elsewhere, and
    StoreUnavailable.
    """
    if change.target is None:
        is_open = _is_state_settling(changes, change, now)
    else:
        is_open = is_size_settling(changes, change.service_id, change.target, now)
    if is_open:
        raise _not_shown_yet()


def check_changed(
    changes: ChangeStore, service_id: str, shown: ScalingConfig, now: datetime
) -> None:
    """Called where Cloud shows another size than the one that somebody saw.

    Raises NotPossible while that is the one from before the last change, and StoreUnavailable.
    """
    last = changes.find_last_size(service_id)
    if last is None or last.before is None or not last.is_settling(now):
        return
    names = [PATCHED_FIELDS[name] for name in last.patch]
    if all(getattr(shown, name) == getattr(last.before, name) for name in names):
        raise _not_shown_yet()


def _not_shown_yet() -> NotPossible:
    return NotPossible(
        message="ClickHouse Cloud does not show yet what was requested here last, so nobody can "
        "tell what there is to change.",
        remedy="Nothing was sent. Try again in two minutes.",
    )


def _is_state_settling(changes: ChangeStore, command: Change, now: datetime) -> bool:
    last = changes.find_last_command(command.service_id)
    if last is None or not last.is_settling(now):
        return False
    return last.action.spec.done_in != command.action.spec.done_in
