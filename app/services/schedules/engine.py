"""Carries schedules out. Level-triggered: each round asks what ought to be now, replaying nothing.

A due instant is claimed by a row of its own before anything is sent, so that of several processes
one acts, and once. After that a size that is not the planned one is somebody's choice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from app.deadlines import remaining_seconds
from app.domain.access.permissions import Permission
from app.domain.changes.change import Change, ChangeState
from app.domain.schedules.record import Edge, EdgeState, ScheduleRecord
from app.domain.schedules.timeline import Due
from app.errors import (
    BrokenRules,
    DraftUnusable,
    LeaseLost,
    OutcomeNotRecorded,
    PortalError,
    StoreUnavailable,
)
from app.services.access.control import Access
from app.services.changes.orders import SENDING_SECONDS
from app.services.schedules.orders import PlannedChanges, PlannedSize
from app.services.schedules.standings import Standing, Standings
from app.store.changes import ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.records import ScheduleStore

KNOWN_SECONDS = 60.0
"""What decides is judged by a look at Cloud so long ago at most, before Cloud is looked at anew."""

FAILURE_CODES = {ChangeState.FAILED: "cloud_failed", ChangeState.REJECTED: "rejected"}
"""Outcomes of a change of which nothing was done, and the code under which that is kept."""


@dataclass(frozen=True)
class ScheduleEngine:
    """The job of the worker."""

    access: Access
    schedules: ScheduleStore
    edges: ScheduleEdgeStore
    changes: ChangeStore
    standings: Standings
    orders: PlannedChanges
    now: Callable[[], datetime]

    def run_due(self) -> int:
        """Set the size of every group whose plan wants another; how many changes went out.

        What goes wrong with one group is kept with its due instant, and the others go on. Raises
        StoreUnavailable, LeaseLost.
        """
        sent = 0
        # Cloud is looked at only where a due instant is still to be met.
        for standing in self.standings.list_all(self._list_deciding()):
            if (
                remaining_seconds() < SENDING_SECONDS
            ):  # the others have their turn in the next round
                break
            sent += self._run(standing)
        return sent

    def _list_deciding(self) -> list[ScheduleRecord]:
        """Those whose instant is unmet and that decide, as far as is known of Cloud already: what
        waits for the end of a pause or a boost does not have it read every few seconds."""
        unmet = [it.record for it in self._list_unmet() if it.record]
        known = self.standings.list_all(unmet, oldest_seconds=KNOWN_SECONDS)
        return [it.record for it in known if it.record and it.precedence.is_schedule_deciding]

    def _list_unmet(self) -> list[Standing]:
        found = self.standings.list_last_due(self.schedules.list_records())
        for edge in (it.edge for it in found if it.edge):
            if edge.state is EdgeState.ACTED and edge.reference:
                self._note_failure(edge)
        now = self.now()
        return [
            it
            for it in found
            if it.key
            and (it.edge is None or (it.edge.state is not EdgeState.ACTED and it.edge.may_try(now)))
        ]

    def _run(self, standing: Standing) -> bool:
        record, due, edge = standing.record, standing.due, standing.edge
        if record is None or due is None or standing.key is None or standing.target is None:
            return False
        now = self.now()
        if not standing.precedence.is_schedule_deciding or (edge and not edge.may_try(now)):
            return False
        claimed = self.edges.claim(standing.key, now, edge)
        if claimed is None:
            return False
        if standing.is_as_planned:
            self.edges.finish(replace(claimed, state=EdgeState.ACTED))
            return False
        return self._send(record, due, claimed)

    def _send(self, record: ScheduleRecord, due: Due, claimed: Edge) -> bool:
        try:
            change = self._order(record, due)
        except (StoreUnavailable, LeaseLost):
            raise
        except OutcomeNotRecorded as sent:
            self.edges.finish(replace(claimed, state=EdgeState.ACTED, reference=sent.reference))
            return True
        except PortalError as error:
            self.edges.finish(replace(claimed, state=EdgeState.FAILED, error=_code_of(error)))
            return False
        self.edges.finish(_finished(claimed, change))
        return change is not None

    def _order(self, record: ScheduleRecord, due: Due) -> Change | None:
        author = record.version.author
        # The roles are those of the day on which it was saved; what the file says is of today.
        self.access.check_action(author, record.service_id, Permission.SCHEDULE)
        request = due.settings.model_copy(update={"reason": _reason(record, due)})
        planned = PlannedSize(author, record.service_id, request)
        return self.orders.send(planned, lambda: self._check_still(record))

    def _check_still(self, record: ScheduleRecord) -> None:
        """Between claim and call: raises DraftUnusable where something else decides by now."""
        known = self.schedules.find_record(record.service_id)
        is_same = known is not None and known.version.number == record.version.number
        if known is None or not is_same:
            raise _overtaken()
        if not self.standings.find(record.service_id, known).precedence.is_schedule_deciding:
            raise _overtaken()

    def _note_failure(self, edge: Edge) -> None:
        """A change whose outcome came late, and is that nothing was done, is tried again."""
        change = self.changes.find_change(edge.reference)
        if change is not None and change.state in FAILURE_CODES:
            self.edges.finish(
                replace(edge, state=EdgeState.FAILED, error=FAILURE_CODES[change.state])
            )


def _code_of(error: PortalError) -> str:
    """Of broken rules the first, which says more."""
    return error.problems[0].code if isinstance(error, BrokenRules) else error.code


def _overtaken() -> DraftUnusable:
    return DraftUnusable(
        message="Something else decides the size by now.", remedy="Nothing was sent."
    )


def _finished(claimed: Edge, change: Change | None) -> Edge:
    if change is None:
        return replace(claimed, state=EdgeState.ACTED)
    if change.state in FAILURE_CODES:
        failed = replace(claimed, state=EdgeState.FAILED, error=FAILURE_CODES[change.state])
        return replace(failed, reference=change.reference)
    return replace(claimed, state=EdgeState.ACTED, reference=change.reference)


def _reason(record: ScheduleRecord, due: Due) -> str:
    name = f"“{due.window.name}”" if due.window else "outside all windows"
    return f"Schedule, version {record.version.number}: {name}"
