"""Carries schedules out. Level-triggered: each round asks what ought to be now, replaying nothing.

A due instant is claimed by a row of its own before anything is sent, so that of several processes
one acts, and once. After that what is not as planned is somebody's choice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.deadlines import remaining_seconds
from app.domain.access.permissions import Permission
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.groups.states import ServiceState
from app.domain.schedules.commands import RUNS
from app.domain.schedules.record import EdgeState, ScheduleRecord
from app.domain.schedules.standing import Standing
from app.domain.schedules.timeline import Due
from app.errors import DraftUnusable
from app.services.access.control import Access
from app.services.changes.orders import SENDING_SECONDS
from app.services.schedules.acting import EdgeActions, is_open
from app.services.schedules.orders import PlannedChanges, PlannedCommand, PlannedSize
from app.services.schedules.standings import Standings
from app.store.schedules.records import ScheduleStore

KNOWN_SECONDS = 60.0
"""What decides is judged by a look at Cloud so long ago at most, before Cloud is looked at anew."""


@dataclass(frozen=True)
class ScheduleEngine:
    """The job of the worker."""

    access: Access
    schedules: ScheduleStore
    sizes: EdgeActions
    commands: EdgeActions
    standings: Standings
    orders: PlannedChanges
    now: Callable[[], datetime]

    def run_due(self) -> int:
        """Set the size of every group whose plan wants another, start and stop those whose plan
        does; how many changes went out, of each group one at most.

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
        return [it.record for it in known if it.record and _has_work(it)]

    def _list_unmet(self) -> list[Standing]:
        found = self.standings.list_last_due(self.schedules.list_records())
        for standing in found:
            self.sizes.note_failure(standing.edge)
            self.commands.note_failure(standing.command_edge)
        now = self.now()
        return [
            it
            for it in found
            if it.key and (is_open(it.edge, now) or (_stops(it) and is_open(it.command_edge, now)))
        ]

    def _run(self, standing: Standing) -> bool:
        """One change at most. A group is stopped before its size is set, and started with the size
        that it is to have; a size that is refused keeps nobody waiting for the start."""
        record, due = standing.record, standing.due
        if record is None or due is None:
            return False
        steps = (self._give_command, self._set_size)
        return any(step(standing, record, due) for step in steps[:: 1 if due.is_stopped else -1])

    def _set_size(self, standing: Standing, record: ScheduleRecord, due: Due) -> bool:
        key, now = standing.key, self.now()
        if key is None or standing.target is None or not is_open(standing.edge, now):
            return False
        if _is_size_early(standing):
            return False
        if not standing.is_size_deciding:
            return False
        if standing.is_as_planned and not standing.is_seen_lately:
            return False
        if standing.current and self.orders.is_settling(record.service_id, standing.current):
            return False

        def order() -> Change | None:
            return None if standing.is_as_planned else self._order_size(record, due)

        return self.sizes.carry_out(key, standing.edge, now, order)

    def _give_command(self, standing: Standing, record: ScheduleRecord, due: Due) -> bool:
        key, now, run_state = standing.key, self.now(), standing.run_state
        command = standing.command
        if key is None or run_state is None or not is_open(standing.command_edge, now):
            return False
        if command is None and not (run_state.is_as_planned and standing.is_seen_lately):
            return False

        def order() -> Change | None:
            return self._order_command(record, due, command) if command else None

        return self.commands.carry_out(key, standing.command_edge, now, order)

    def _order_size(self, record: ScheduleRecord, due: Due) -> Change | None:
        author = record.version.author
        # The roles are those of the day on which it was saved; what the file says is of today.
        self.access.check_action(author, record.service_id, Permission.SCHEDULE)
        request = due.settings.model_copy(update={"reason": _reason(record, due)})
        planned = PlannedSize(author, record.service_id, request)
        return self.orders.send(planned, lambda: self._check_still(record))

    def _order_command(self, record: ScheduleRecord, due: Due, action: Action) -> Change:
        author = record.version.author
        for permission in (Permission.SCHEDULE, action.spec.permission):
            self.access.check_action(author, record.service_id, permission)
        planned = PlannedCommand(author, record.service_id, action, _reason(record, due))
        return self.orders.command(planned, lambda: self._check_still(record, action))

    def _check_still(self, record: ScheduleRecord, action: Action | None = None) -> None:
        """Between claim and call: raises DraftUnusable where something else decides by now."""
        known = self.schedules.find_record(record.service_id)
        is_same = known is not None and known.version.number == record.version.number
        if known is None or not is_same:
            raise _overtaken()
        standing = self.standings.find(record.service_id, known)
        is_size = action is None and standing.is_size_deciding
        if not is_size and (action is None or standing.command is not action):
            raise _overtaken()


def _stops(standing: Standing) -> bool:
    return standing.schedule is not None and standing.schedule.stops_outside


def _is_size_early(standing: Standing) -> bool:
    """Whether the size waits for the stop, or until it is certain whether the group runs: what is
    being stopped takes none. Where the stop was refused, or somebody has started the group since,
    the size is set at least."""
    run_state, edge = standing.run_state, standing.command_edge
    if run_state is None or standing.is_started:
        return False
    if run_state.is_uncertain or run_state.state is ServiceState.STOPPING:
        return True
    is_refused = edge is not None and edge.state is EdgeState.FAILED
    return run_state.wants_stopped and run_state.state in RUNS and not is_refused


def _has_work(standing: Standing) -> bool:
    """Whether the plan decides, or there is a start or stop to give or to tick off."""
    run_state = standing.run_state
    has_command = run_state is not None and (
        run_state.is_as_planned or standing.command is not None
    )
    return standing.is_size_deciding or has_command


def _overtaken() -> DraftUnusable:
    return DraftUnusable(message="Something else decides by now.", remedy="Nothing was sent.")


def _reason(record: ScheduleRecord, due: Due) -> str:
    name = f"“{due.window.name}”" if due.window else "outside all windows"
    return f"Schedule, version {record.version.number}: {name}"
