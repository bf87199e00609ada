"""One change of a group, from draft to known outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.changes.actions import Action
from app.domain.clock import is_ahead
from app.domain.groups.group import Service
from app.domain.groups.scaling import PATCHED_FIELDS, ScalingConfig, has_taken

DRAFT_LIFE = timedelta(minutes=15)
"""How long a draft can be confirmed; after that its figures are too old to be believed."""

NO_LAG = timedelta()
STATE_LAG = timedelta(minutes=2)
"""How long Cloud may still show the old state after it accepted a command."""

ANSWER_DEADLINE = timedelta(seconds=60)
"""After this no answer can come any more: longer than every timeout of the call together.

Ten seconds to the call at most, some for connecting, eight for the answer, and room.

A change that is still `applying` by then belongs to a process that died.
"""


class ChangeState(StrEnum):
    """Where a change stands.

    UNCHANGED: confirmed, but it was as requested already, so nothing was sent. REJECTED: Cloud said
    no. FAILED: certainly not carried out. UNKNOWN: sent, and nothing tells whether it was done.
    """

    DRAFT = "draft"
    APPLYING = "applying"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"
    UNKNOWN = "unknown"


class SettledBy(StrEnum):
    """How the outcome became known."""

    ANSWER = "answer"
    READING = "reading"
    PERSON = "person"


@dataclass(frozen=True)
class Change:
    """A change as the ledger holds it. Times are UTC; None means not yet.

    `patch` is the body of the call. `before` and `target` belong to scaling alone.
    """

    reference: str
    action: Action
    service_id: str
    warehouse: str
    user: str
    state: ChangeState
    patch: dict[str, int | bool | str]
    created_at: datetime
    before: ScalingConfig | None = None
    target: ScalingConfig | None = None
    reason: str = ""
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: SettledBy | None = None
    settled_note: str = ""
    effective_at: datetime | None = None
    cloud_request_id: str | None = None

    @property
    def is_read_back(self) -> bool:
        """Whether only reading Cloud back tells that it is as asked, not Cloud's own answer."""
        return self.state is ChangeState.APPLIED and self.settled_by is SettledBy.READING

    @property
    def is_in_flight(self) -> bool:
        """Whether it was sent and is not settled: it keeps the group closed to other changes."""
        is_sent = self.state in {ChangeState.APPLYING, ChangeState.UNKNOWN}
        return is_sent and self.settled_at is None

    def is_overdue(self, now: datetime, lag: timedelta = NO_LAG) -> bool:
        """Whether no answer can come any more, so that only reading Cloud back can tell; with a
        lag, whether that has been so for as long.

        It cannot either where the clock was set back since: nobody waits for that time again.
        """
        if not self.is_in_flight or self.sent_at is None:
            return False
        return now >= self.sent_at + ANSWER_DEADLINE + lag or is_ahead(self.sent_at, now)


def is_no_op(change: Change, service: Service) -> bool:
    """Whether a change has nothing left to do: all of it is as its author reviewed it already."""
    if change.action is Action.SCALE:
        return service.configured is not None and service.configured == change.target
    return service.state in change.action.spec.in_progress_in | change.action.spec.done_in


def outcome_read_back(change: Change, service: Service, now: datetime) -> ChangeState | None:
    """What the configuration read back tells about a change in flight; None if nothing yet.

    It is as asked: applied, though somebody else may have made it so. It is as before, and no
    answer can come any more: it did not happen.
    Anything else means that somebody else changed the group too, which only a person can judge.
    """
    if _is_as_requested(change, service):
        return ChangeState.APPLIED
    if _must_show_by_now(change, now) and _is_as_before(change, service):
        return ChangeState.FAILED
    return None


def _must_show_by_now(change: Change, now: datetime) -> bool:
    # Accepted values show at once; an accepted command may leave the old state for a while.
    lag = NO_LAG if change.action is Action.SCALE else STATE_LAG
    return change.is_overdue(now, lag)


def _is_as_requested(change: Change, service: Service) -> bool:
    if change.action is Action.SCALE:
        return service.configured is not None and has_taken(service.configured, change.patch)
    return service.state in change.action.spec.in_progress_in | change.action.spec.done_in


def _is_as_before(change: Change, service: Service) -> bool:
    if change.action is not Action.SCALE:
        return service.state in change.action.spec.begins_in
    names = [PATCHED_FIELDS[name] for name in change.patch]
    now, then = service.configured, change.before
    return now is not None and all(getattr(now, name) == getattr(then, name) for name in names)


class Effect(StrEnum):
    """How far an applied change shows in what runs."""

    IN_EFFECT = "in_effect"
    ON_ITS_WAY = "on_its_way"
    WAITS_FOR_SCHEDULE = "waits_for_schedule"
    WAITS_FOR_START = "waits_for_start"
    SUPERSEDED = "superseded"
    NOT_KNOWN = "not_known"


def effect_of(change: Change, service: Service | None, now: datetime) -> Effect:
    """How far an accepted change shows in what Cloud says now."""
    if service is None:
        return Effect.NOT_KNOWN
    if change.effective_at:
        return Effect.IN_EFFECT if _is_as_requested(change, service) else Effect.SUPERSEDED
    if change.action is Action.SCALE:
        return _effect_of_scaling(change, service)
    spec = change.action.spec
    if service.state in spec.done_in:
        return Effect.IN_EFFECT
    is_recent = change.settled_at is not None and now - change.settled_at < STATE_LAG
    if service.state in spec.in_progress_in or (service.state in spec.begins_in and is_recent):
        return Effect.ON_ITS_WAY
    return Effect.SUPERSEDED


def _effect_of_scaling(change: Change, service: Service) -> Effect:
    # Cloud does not give the number of replicas that run; its effective values are the nearest.
    if service.configured is None or service.effective is None:
        return Effect.NOT_KNOWN
    if not has_taken(service.configured, change.patch):
        return Effect.SUPERSEDED
    if service.active_entry:
        return Effect.WAITS_FOR_SCHEDULE
    if not (service.state.spec.is_reachable or service.state.spec.is_on_its_way):
        return Effect.WAITS_FOR_START
    return Effect.IN_EFFECT if has_taken(service.effective, change.patch) else Effect.ON_ITS_WAY
