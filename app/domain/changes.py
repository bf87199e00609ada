"""One change of a group's scaling, from draft to known outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.groups import Service
from app.domain.scaling import PATCHED_FIELDS, ScalingConfig, has_taken

DRAFT_LIFE = timedelta(minutes=15)
"""How long a draft can be confirmed; after that its figures are too old to be believed."""

ANSWER_DEADLINE = timedelta(seconds=30)
"""After this no answer can come any more: longer than every timeout of the call together.

A change that is still `applying` by then belongs to a process that died.
"""


class ChangeState(StrEnum):
    """Where a change stands. UNKNOWN: it was sent, and nothing tells whether it was done."""

    DRAFT = "draft"
    APPLYING = "applying"
    APPLIED = "applied"
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
    """A change as the ledger holds it. Times are UTC; None means not yet."""

    reference: str
    service_id: str
    warehouse: str
    user: str
    state: ChangeState
    before: ScalingConfig
    target: ScalingConfig
    patch: dict[str, int | bool]
    reason: str
    created_at: datetime
    sent_at: datetime | None = None
    settled_at: datetime | None = None
    settled_by: SettledBy | None = None
    settled_note: str = ""
    cloud_request_id: str | None = None

    @property
    def is_in_flight(self) -> bool:
        """Whether it was sent and is not settled: it keeps the group closed to other changes."""
        is_sent = self.state in {ChangeState.APPLYING, ChangeState.UNKNOWN}
        return is_sent and self.settled_at is None

    @property
    def confirmable_until(self) -> datetime:
        """When a draft can no longer be confirmed."""
        return self.created_at + DRAFT_LIFE

    def is_expired(self, now: datetime) -> bool:
        """Whether it is a draft that can no longer be confirmed."""
        return self.state is ChangeState.DRAFT and now >= self.confirmable_until

    def is_overdue(self, now: datetime) -> bool:
        """Whether no answer can come any more, so that only reading Cloud back can tell."""
        if not self.is_in_flight or self.sent_at is None:
            return False
        return now >= self.sent_at + ANSWER_DEADLINE


def outcome_read_back(change: Change, service: Service, now: datetime) -> ChangeState | None:
    """What the configuration read back tells about a change in flight; None if nothing yet.

    All asked values stand there: applied. None of them, and no answer can come any more: it did
    not happen. A mixture means that somebody else changed the group too, which only a person
    can judge.
    """
    if service.configured is None:
        return None
    if has_taken(service.configured, change.patch):
        return ChangeState.APPLIED
    if change.is_overdue(now) and _is_as_before(change, service.configured):
        return ChangeState.FAILED
    return None


def _is_as_before(change: Change, config: ScalingConfig) -> bool:
    names = (PATCHED_FIELDS[name] for name in change.patch)
    return all(getattr(config, name) == getattr(change.before, name) for name in names)


class Effect(StrEnum):
    """How far an applied change shows in what runs."""

    IN_EFFECT = "in_effect"
    ON_ITS_WAY = "on_its_way"
    WAITS_FOR_SCHEDULE = "waits_for_schedule"
    WAITS_FOR_START = "waits_for_start"
    SUPERSEDED = "superseded"
    NOT_KNOWN = "not_known"


def effect_of(change: Change, service: Service | None) -> Effect:
    """How far the values of an applied change are what applies now.

    Cloud does not give the number of replicas that run; its effective values are the nearest.
    """
    if service is None or service.configured is None or service.effective is None:
        return Effect.NOT_KNOWN
    if not has_taken(service.configured, change.patch):
        return Effect.SUPERSEDED
    if service.active_entry:
        return Effect.WAITS_FOR_SCHEDULE
    if not (service.state.facts.is_reachable or service.state.facts.is_on_its_way):
        return Effect.WAITS_FOR_START
    return Effect.IN_EFFECT if has_taken(service.effective, change.patch) else Effect.ON_ITS_WAY
