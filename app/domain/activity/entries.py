"""One thing that happened to a group: a change, a request that was refused, or what was done to it
without the portal."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.activity.activities import Activity
from app.domain.changes.change import Change, ChangeState


class ActivityOutcome(StrEnum):
    """How it ended. REFUSED: by a rule of the portal, so nothing was sent. OUTSIDE: it was not done
    through the portal, and Cloud's own log tells of it."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    OUTSIDE = "outside"


STATES_OF: dict[ActivityOutcome, frozenset[ChangeState]] = {
    ActivityOutcome.DONE: frozenset({ChangeState.APPLIED, ChangeState.UNCHANGED}),
    ActivityOutcome.IN_PROGRESS: frozenset({ChangeState.APPLYING}),
    ActivityOutcome.FAILED: frozenset({ChangeState.REJECTED, ChangeState.FAILED}),
    ActivityOutcome.UNKNOWN: frozenset({ChangeState.UNKNOWN}),
}
"""The states of a change that each outcome stands for; none where it is no change."""


@dataclass(frozen=True)
class Refusal:
    """A request that a rule of the portal refused. `codes` are those of the rules; `step` is what
    was asked for, as the audit log names it."""

    seq: int
    at: datetime
    service_id: str
    user: str
    step: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class ActivityEntry:
    """One row: exactly one of `change`, `refusal` and `activity` is there. Rows are in the order of
    their keys, which no two share."""

    change: Change | None = None
    refusal: Refusal | None = None
    activity: Activity | None = None

    @property
    def at(self) -> datetime:
        """When it was asked for or written down."""
        return self._fact.created_at if isinstance(self._fact, Change) else self._fact.at

    @property
    def service_id(self) -> str:
        """The group."""
        return self._fact.service_id

    @property
    def outcome(self) -> ActivityOutcome:
        """How it ended."""
        if self.change is None:
            return ActivityOutcome.REFUSED if self.refusal else ActivityOutcome.OUTSIDE
        state = self.change.state
        return next(outcome for outcome, states in STATES_OF.items() if state in states)

    @property
    def key(self) -> tuple[datetime, str]:
        """Where it stands among all others."""
        fact = self._fact
        if isinstance(fact, Change):
            return self.at, f"c{fact.reference}"
        if isinstance(fact, Refusal):
            return self.at, f"e{fact.seq:012}"
        return self.at, f"a{fact.service_id}{fact.kind}"

    @property
    def _fact(self) -> Change | Refusal | Activity:
        fact = self.change or self.refusal or self.activity
        assert fact is not None  # noqa: S101 - one of the three is there
        return fact
