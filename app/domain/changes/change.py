"""One change of a group, from draft to known outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.clock import is_ahead
from app.domain.groups.scaling import ScalingConfig

DRAFT_LIFE = timedelta(minutes=15)
"""How long a draft can be confirmed; after that its figures are too old to be believed."""

NO_LAG = timedelta()
STATE_LAG = timedelta(minutes=2)
"""How long Cloud may still show what was before, after it accepted a command or a size."""

ANSWER_DEADLINE = timedelta(seconds=60)
"""After this no answer can come any more: longer than every timeout of the call together.

Ten seconds to the call at most, some for connecting, eight for the answer, and room.

A change that is still `applying` by then belongs to a process that died.
"""

ACCEPTED = "ClickHouse Cloud accepted the change"
NOT_SHOWN = f"{ACCEPTED} and did not show what came of it."
SHOWN_OTHERWISE = f"{ACCEPTED} but shows other values."
GONE = "The group is deleted, or no longer visible to the portal's key."


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


NOT_DONE = frozenset({ChangeState.REJECTED, ChangeState.FAILED})
"""It was certainly not carried out, though it was to be sent."""


class SettledBy(StrEnum):
    """How the outcome became known."""

    ANSWER = "answer"
    READING = "reading"
    PERSON = "person"


class SettledCode(StrEnum):
    """What the note of a change says, where something is decided by it.

    ACCEPTED_UNSEEN: Cloud accepted it without showing it, so nothing says that it failed.
    KEY_REFUSED: Cloud refused the portal's own key, which is not the person's doing.
    """

    NONE = ""
    ACCEPTED_UNSEEN = "accepted_unseen"
    KEY_REFUSED = "cloud_key_refused"


class ChangeOrigin(StrEnum):
    """Who has it carried out: somebody who confirms it, or the portal at a time set before."""

    PERSON = "person"
    BOOST = "boost"
    SCHEDULE = "schedule"


@dataclass(frozen=True)
class Change:
    """A change as the ledger holds it. Times are UTC; None means not yet.

    `patch` is the body of the call. `before` and `target` belong to scaling alone. `boost_until` is
    when it ends by itself, as it was confirmed; None for a lasting one. `order_reference`
    names the boost or schedule that it was made for, `user` is whoever set that up.
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
    settled_code: SettledCode = SettledCode.NONE
    effective_at: datetime | None = None
    cloud_request_id: str | None = None
    boost_until: datetime | None = None
    origin: ChangeOrigin = ChangeOrigin.PERSON
    order_reference: str = ""

    @property
    def is_boost(self) -> bool:
        """Whether it ends by itself."""
        return self.boost_until is not None

    @property
    def permission(self) -> Permission:
        """What somebody needs to ask for it and to confirm it."""
        return Permission.BOOST if self.is_boost else self.action.spec.permission

    @property
    def is_read_back(self) -> bool:
        """Whether only reading Cloud back tells that it is as asked, not Cloud's own answer."""
        return self.state is ChangeState.APPLIED and self.settled_by is SettledBy.READING

    def is_by(self, identity: Identity) -> bool:
        """Whether this person made it, with whatever roles."""
        return (self.warehouse, self.user) == (identity.warehouse, identity.user)

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

    def must_show(self, now: datetime) -> bool:
        """Whether what Cloud shows by now is what came of it, and not what was before."""
        return self.is_overdue(now, STATE_LAG)

    def is_settling(self, now: datetime) -> bool:
        """Whether it was accepted so lately that Cloud may still show what was before.

        Not where the clock was set back since: that would last until this time comes again.
        """
        if self.state is not ChangeState.APPLIED or self.settled_at is None:
            return False
        if is_ahead(self.settled_at, now):
            return False
        return now - self.settled_at < STATE_LAG


@dataclass(frozen=True)
class Outcome:
    """How a change ended, and how that is known.

    `claimed_at` is for whoever judges a change from outside: it settles only the claim that was
    looked at, and not a later one of the same draft.
    """

    state: ChangeState
    settled_by: SettledBy
    note: str = ""
    cloud_request_id: str | None = None
    code: SettledCode = SettledCode.NONE
    claimed_at: datetime | None = None
