"""What Cloud's description of a group tells about a change of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.changes.actions import Action
from app.domain.changes.change import ACCEPTED, GONE, Change, ChangeState, SettledCode
from app.domain.groups.group import Service
from app.domain.groups.scaling import PATCHED_FIELDS, has_taken

STILL_AS_BEFORE = f"{ACCEPTED}, and nothing of it shows."
ENDED_IDLE = "The group is idle, which does not tell whether it was stopped."


def is_no_op(change: Change, service: Service) -> bool:
    """Whether a change has nothing left to do: all of it is as its author reviewed it already."""
    if change.action is Action.SCALE:
        now, then = service.configured, change.target
        return (
            now is not None
            and then is not None
            and now.without_unused_timeout == then.without_unused_timeout
        )
    return is_as_requested(change, service)


def with_accepted(change: Change, accepted: Sequence[Change]) -> Change:
    """The change with `before` as the group was when its intent was recorded.

    Somebody else's scalings, `accepted` between drawing up and intent, have made another size of
    what the draft had seen. None comes later: a group has one change in flight at a time.
    """
    if change.before is None:
        return change
    values: dict[str, object] = {}
    for item in sorted(accepted, key=lambda item: item.settled_at or item.created_at):
        values |= {PATCHED_FIELDS[name]: value for name, value in item.patch.items()}
    return replace(change, before=change.before.model_copy(update=values))


def outcome_read_back(change: Change, service: Service, now: datetime) -> ChangeState | None:
    """What the configuration read back tells about a change in flight; None if nothing yet.

    It is as asked: applied, though somebody else may have made it so. It is as before, and no
    answer can come any more: it did not happen, unless Cloud had accepted it, which leaves it
    unknown for good; so does a stopped group that fell asleep, or an idle one that never stopped.
    Anything else means that somebody else changed the group too, which only a person can judge.
    """
    if is_as_requested(change, service):
        return ChangeState.APPLIED
    if not change.must_show(now):
        return None
    if service.state in change.action.spec.may_end_in:
        return ChangeState.UNKNOWN
    if not is_as_before(change, service):
        return None
    is_accepted = change.settled_code is SettledCode.ACCEPTED_UNSEEN
    return ChangeState.UNKNOWN if is_accepted else ChangeState.FAILED


def closing_note(change: Change, service: Service | None) -> str:
    """Why a change is closed whose outcome nothing will tell any more."""
    if service is None:
        return GONE
    return ENDED_IDLE if service.state in change.action.spec.may_end_in else STILL_AS_BEFORE


def is_as_requested(change: Change, service: Service) -> bool:
    """Whether the group is what the change asks for, or on its way there."""
    if change.action is Action.SCALE:
        return service.configured is not None and has_taken(service.configured, change.patch)
    return service.state in change.action.spec.in_progress_in | change.action.spec.done_in


def is_as_before(change: Change, service: Service) -> bool:
    """Whether the group is what it was before the change, as far as that touches it."""
    if change.action is not Action.SCALE:
        return service.state in change.action.spec.begins_in
    names = [PATCHED_FIELDS[name] for name in change.patch]
    now, then = service.configured, change.before
    return now is not None and all(getattr(now, name) == getattr(then, name) for name in names)
