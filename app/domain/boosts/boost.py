"""A boost: a change of size that ends by itself. Its first change is in the ledger under the same
reference; going back is a change of its own, ordered by it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.boosts.revert import Leftover, leftovers, reverted
from app.domain.changes.change import Change, ChangeState
from app.domain.groups.scaling import ScalingConfig
from app.domain.retries import PAUSES

FAILING_TRIES = 3
ALARM_AFTER = timedelta(minutes=15)
"""So many attempts, or so long after its end, and people are told that going back fails."""

SHORTEST = timedelta(minutes=1)
NOT_BEGUN = {ChangeState.REJECTED, ChangeState.FAILED, ChangeState.UNCHANGED}
"""First changes after which nothing is there to go back from."""

GONE_BACK = {ChangeState.APPLIED, ChangeState.UNCHANGED}
"""How the change stands that went back, once it did."""


class BoostState(StrEnum):
    """Where a boost stands. The first six are open: something is still to be done.

    REVERT_WAITING: its end has come, no attempt to go back has failed, and something is in the way.

    LEFT_AS_FOUND: others had changed what it had set, which then stays. TAKEN_OVER: a person keeps
    the size, or goes back by hand. NOT_STARTED: its first change was not carried out.
    """

    REQUESTED = "requested"
    APPLYING = "applying"
    ACTIVE = "active"
    REVERTING = "reverting"
    REVERT_WAITING = "revert_waiting"
    REVERT_FAILING = "revert_failing"
    ENDED = "ended"
    ENDED_EARLY = "ended_early"
    SUPERSEDED = "superseded"
    LEFT_AS_FOUND = "left_as_found"
    TAKEN_OVER = "taken_over"
    NOT_STARTED = "not_started"


OPEN_STATES = (
    BoostState.APPLYING,
    BoostState.ACTIVE,
    BoostState.REVERTING,
    BoostState.REVERT_WAITING,
    BoostState.REVERT_FAILING,
)
"""Of a boost that was confirmed and has not ended."""


@dataclass(frozen=True)
class Boost:
    """A boost with the changes that belong to it. Times are UTC.

    `before` is what to go back to: what was configured, without what an earlier boost had set.
    `ends_at` is the one instant that counts; it is never later than `latest_end`. `ended_by` ended
    it before its time. `outcome` and `closed_at` are None while it is open. `tries` are attempts to
    go back that failed, and before `next_try_at` no other is made. `revert` is the change that went
    back, or the last that was to.
    """

    change: Change
    before: ScalingConfig
    ends_at: datetime
    latest_end: datetime
    ended_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: BoostState | None = None
    note: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    alarmed_at: datetime | None = None
    revert: Change | None = None

    @property
    def reference(self) -> str:
        """Its name, which is that of its first change."""
        return self.change.reference

    @property
    def service_id(self) -> str:
        """Cloud's id of the group's service."""
        return self.change.service_id

    @property
    def asked(self) -> ScalingConfig:
        """What it has set."""
        return self.change.target or self.before

    @property
    def began_at(self) -> datetime:
        """When it was sent."""
        return self.change.sent_at or self.change.created_at

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done; not before it is confirmed."""
        return self.closed_at is None and self.change.state is not ChangeState.DRAFT

    def is_due(self, now: datetime) -> bool:
        """Whether its end has come."""
        return now >= self.ends_at

    def may_try(self, now: datetime) -> bool:
        """Whether the pause after the last failed attempt is over; a moment further away than any
        pause was written before the clock was set back."""
        if self.next_try_at is None:
            return True
        return now >= self.next_try_at or self.next_try_at > now + PAUSES[-1]

    def is_failing(self, now: datetime) -> bool:
        """Whether going back has failed so often, or for so long, that people must know."""
        return self.tries >= FAILING_TRIES or now >= self.ends_at + ALARM_AFTER

    def is_waiting(self, now: datetime) -> bool:
        """Whether going back waits: nothing has failed, and the note says what is in the way."""
        return self.is_due(now) and not self.tries and bool(self.note)

    def state(self, now: datetime) -> BoostState:
        """Where it stands at this moment."""
        if self.outcome:
            return self.outcome
        if self.change.state is ChangeState.DRAFT:
            return BoostState.REQUESTED
        if self.change.state in NOT_BEGUN:
            return BoostState.NOT_STARTED
        if not self.is_due(now):
            return BoostState.APPLYING if self.change.is_in_flight else BoostState.ACTIVE
        if self.is_waiting(now):
            return BoostState.REVERT_WAITING
        return BoostState.REVERT_FAILING if self.is_failing(now) else BoostState.REVERTING

    def gone_back(self, now: ScalingConfig) -> ScalingConfig:
        """What the group is once it has gone back from what it is now."""
        return reverted(self.before, self.asked, now)

    def leftovers(self, now: ScalingConfig) -> tuple[Leftover, ...]:
        """What others have set in the place of what it had set."""
        return leftovers(self.before, self.asked, now)


@dataclass(frozen=True)
class BoostTerms:
    """What a draft needs besides to be a boost: what to go back to, and how long it may last."""

    before: ScalingConfig
    latest_end: datetime
