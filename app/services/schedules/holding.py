"""How long a size that somebody sets by hand holds, where a schedule decides otherwise.

Without an order it holds until the plan's next change. The order that goes with a change is to
pause the schedule until a moment; it takes force once the change was sent.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.access.permissions import Identity, Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import NOT_DONE, Change, ChangeState
from app.domain.messages import problem
from app.domain.schedules.parsing import parse_local_moment
from app.domain.schedules.precedence import PLANNED, Ruling
from app.domain.schedules.record import ScheduleRecord
from app.errors import BrokenRules, PortalError, Problem, ScheduleNotPaused
from app.services.access.control import Access
from app.services.changes.apply import ChangeApplier
from app.services.changes.confirmation import Confirmation
from app.services.changes.idempotency import IdempotentChanges, Submitter
from app.services.changes.ledger import Ledger
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.standings import Standings
from app.store.schedules.records import ScheduleStore

log = logging.getLogger("portal.schedules")

FIELD = "pause_schedule_until"
"""Under which name programs and the form give the end of the pause."""

DECIDES = PLANNED | {Ruling.HELD, Ruling.WAITING}
"""The plan is in force: it would set another size at its next change."""


@dataclass(frozen=True)
class HoldQuestion:
    """What is asked of whoever sets a size by hand: it holds until `until`, when the plan changes
    the size anyway. `window` is the one that holds now, empty outside all windows.

    `may_edit`: this person may pause or change the schedule instead.
    """

    until: datetime
    window: str
    zone: str
    may_edit: bool


@dataclass(frozen=True)
class ManualHolds:
    """The use cases. Every method raises StoreUnavailable."""

    access: Access
    ledger: Ledger
    applier: ChangeApplier
    programs: IdempotentChanges
    schedules: ScheduleStore
    standings: Standings
    editing: ScheduleEditing
    now: Callable[[], datetime]

    def find_question(self, identity: Identity, change: Change) -> HoldQuestion | None:
        """What is to be asked about a draft; None where no schedule decides afterwards."""
        record = self._find_concerned(change)
        if record is None:
            return None
        standing = self.standings.find(change.service_id, record)
        due = standing.due
        if standing.precedence.current.ruling not in DECIDES or due is None or due.until is None:
            return None
        return HoldQuestion(
            until=due.until,
            window=due.window.name if due.window else "",
            zone=record.version.schedule.zone,
            may_edit=self.access.has_permission(identity, change.service_id, Permission.SCHEDULE),
        )

    def confirm(
        self,
        identity: Identity,
        reference: str,
        confirmation: Confirmation,
        *,
        reason: str,
        pause_until: str | None,
        check_signed_in: Callable[[], object],
    ) -> Change:
        """Carry out a draft; with `pause_until` its size holds until that local time.

        Raises what ChangeApplier.apply does, ScheduleNotPaused, and BrokenRules beside
        `pause_schedule_until`.
        """
        until = None
        if pause_until is not None:
            draft = self.ledger.get_own_change(identity, reference)
            if draft.state is ChangeState.DRAFT:
                until = self._parse_pause(identity, draft.service_id, pause_until)
        change = self.applier.apply(
            identity, reference, confirmation, reason=reason, check_signed_in=check_signed_in
        )
        if until:
            self._pause_after(identity, change, until)
        return change

    def scale(
        self,
        by: Submitter,
        service_id: str,
        values: Mapping[str, Any],
        *,
        problems: tuple[Problem, ...] = (),
    ) -> Change | None:
        """The same for a program that asks and confirms at once; None if the size is so already.

        A pause is then not ordered: there is nothing to hold. Raises what IdempotentChanges.scale
        does.
        """
        size = {name: value for name, value in values.items() if name != FIELD}
        given = values.get(FIELD)
        if given is None:
            return self.programs.scale(by, service_id, size, problems=problems)
        until = self._parse_pause(by.identity, service_id, given)
        with_pause = f"\n{FIELD}\n{until.isoformat()}"
        change = self.programs.scale(by, service_id, size, problems=problems, beside=with_pause)
        if change:
            self._pause_after(by.identity, change, until)
        return change

    def check_order(self, identity: Identity, service_id: str, until: object) -> None:
        """Judge the order of a pause alone, for whoever only looks. Raises BrokenRules beside the
        field, and what ScheduleEditing.check_pause does."""
        if until is not None:
            self._parse_pause(identity, service_id, until)

    def _parse_pause(self, identity: Identity, service_id: str, until: object) -> datetime:
        """The moment until which the schedule is to be paused, judged before anything is sent."""
        with _beside_the_field():
            record = self.schedules.find_record(service_id)
            if record is None:
                raise BrokenRules((problem(FIELD, "no_schedule_to_pause"),))
            moment = parse_local_moment(str(until or ""), record.version.schedule.zone_info)
            self.editing.check_pause(identity, service_id, moment, seen=record.version.number)
        return moment

    def _pause_after(self, identity: Identity, change: Change, until: datetime) -> None:
        """Pause the schedule now that a change was sent, once: where it was resumed since, that
        stays. Nothing for a change that came to nothing."""
        try:
            record = self._find_concerned(change)
            if record is None or change.state in NOT_DONE:
                return
            if self._is_new(record, change, until):
                number = record.version.number
                self.editing.pause(identity, change.service_id, until, seen=number)
        except PortalError as error:
            log.warning("the schedule of %s was not paused: %s", change.service_id, error.message)
            raise ScheduleNotPaused(reference=change.reference, why=error.message) from error

    def _find_concerned(self, change: Change) -> ScheduleRecord | None:
        is_lasting_size = change.action is Action.SCALE and not change.is_boost
        return self.schedules.find_record(change.service_id) if is_lasting_size else None

    def _is_new(self, record: ScheduleRecord, change: Change, until: datetime) -> bool:
        known = record.exceptions.paused_until
        if known is None or known > self.now():
            return known is None or known < until
        return change.sent_at is None or known < change.sent_at  # else somebody has resumed it


@contextmanager
def _beside_the_field() -> Iterator[None]:
    try:
        yield
    except BrokenRules as broken:
        raise BrokenRules(
            tuple(Problem(FIELD, item.code, item.message) for item in broken.problems)
        ) from None
