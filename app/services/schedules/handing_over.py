"""Giving a schedule to Cloud, which then carries it out by itself, and taking it back.

The intent is recorded before Cloud is asked, and from then on the portal's own edges stand still
(`Standings`). Cloud's entries are replaced as a whole, so the portal writes only where there are
none, and removes only what it wrote itself.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import Result
from app.domain.groups.group import Service
from app.domain.schedules.cloud_entries import are_these, has_entries
from app.domain.schedules.cloud_form import find_exception, find_obstacle, list_wanted
from app.domain.schedules.handover import Handover, HandoverState
from app.domain.schedules.record import ScheduleRecord
from app.domain.schedules.schedule import Schedule
from app.errors import (
    CloudAnswerLost,
    CloudError,
    CloudNotFound,
    ConfigurationChanged,
    NotPossible,
    PortalError,
)
from app.services.access.control import Access
from app.services.access.policy import Policy
from app.services.changes.preconditions import scalable_config
from app.services.changes.sending import LATEST_SENDING
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.standings import Standings
from app.store.changes import ChangeStore
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore

HAND_OVER, TAKE_BACK = "hand_over_schedule", "take_back_schedule"


@dataclass(frozen=True)
class CloudSchedules:
    """The use cases. Those of people need the permission `schedule` and raise NotFound, NotAllowed,
    ChangesFrozen, BrokenRules, NotPossible, ConfigurationChanged, CloudError, StoreUnavailable;
    with CloudAnswerLost it is found out by reading what Cloud has done."""

    access: Access
    policy: Policy
    schedules: ScheduleStore
    handovers: HandoverStore
    changes: ChangeStore
    standings: Standings
    rules: ScheduleRules
    client: CloudClient
    snapshot: Snapshot
    events: ScheduleEvents
    now: Callable[[], datetime]

    def hand_over(self, identity: Identity, service_id: str, *, seen: int) -> None:
        """Let Cloud carry out the version that the person saw. Only while the base size holds and
        is configured, so that no size is lost or sent twice on the way."""
        with self.events.audit.recording_rejections(
            identity, HAND_OVER, self.events.about(service_id)
        ):
            handover = self._judge(identity, service_id, seen)
            details = {"version": seen, "entries": [it.to_request() for it in handover.entries]}
            event = self.events.edited(
                identity, service_id, HAND_OVER, details, result=Result.DEFER
            )
            _check_taken(self.handovers.claim(handover, event))
        self._write(handover)
        self._read_back(service_id)

    def take_back(self, identity: Identity, service_id: str) -> None:
        """Let the portal carry it out again. Entries that others have put there are left."""
        self.access.check_action(identity, service_id, Permission.SCHEDULE)
        handover = self.handovers.find(service_id)
        _check_taken(handover is not None and handover.is_settled)
        if handover is None:
            return
        service, asked_at = self.client.get_service(service_id), self.now()
        details = {"version": handover.version}
        event = self.events.edited(identity, service_id, TAKE_BACK, details, result=Result.DEFER)
        state = HandoverState.REMOVING
        _check_taken(self.handovers.advance(handover, state, asked_at, event))
        removing = replace(handover, state=state, asked_at=asked_at)
        if are_these(service, handover.entries):
            self._remove(removing)
        else:
            self._end(removing, TAKE_BACK)
        self._read_back(service_id)

    def reconcile(self) -> None:
        """Find out by reading what Cloud has done where no answer told, or a process died. Raises
        StoreUnavailable, LeaseLost."""
        for handover in self.handovers.list_unsettled():
            if not handover.is_abandoned(self.now()):
                continue
            with suppress(CloudError):  # Cloud is away: the next round looks again
                service = self.client.get_service(handover.service_id)
                self._reconcile_one(handover, are_there=are_these(service, handover.entries))
                self.snapshot.put(service)

    def _judge(self, identity: Identity, service_id: str, seen: int) -> Handover:
        self.access.check_action(identity, service_id, Permission.SCHEDULE)
        record = self.schedules.find_record(service_id)
        _check_taken(record is not None and record.version.number == seen)
        if record is None or not self.policy.catalog.calendar.may_hand_over:
            raise _not_possible("The file of groups does not let schedules be given to Cloud.")
        schedule = record.version.schedule
        self._check_can_be_said(record, schedule)
        standing = self.standings.find(service_id, record)
        if standing.current is None or not standing.is_at_base:
            raise _not_at_base()
        self.rules.check(identity, service_id, schedule, record.version.reason)
        entries = list_wanted(schedule, standing.current, self.now())
        return Handover(service_id, seen, entries, identity, self.now())

    def _check_can_be_said(self, record: ScheduleRecord, schedule: Schedule) -> None:
        calendar, now = self.policy.catalog.calendar, self.now()
        plan = find_obstacle(schedule, now)
        if plan or find_exception(schedule, record.exceptions, calendar, now):
            raise _not_possible("ClickHouse Cloud cannot have this schedule.")

    def _write(self, handover: Handover) -> None:
        try:
            self._check_now(handover)
            entries = [entry.to_request() for entry in handover.entries]
            self.client.write_schedule(handover.service_id, entries)
        except CloudAnswerLost:
            raise  # what came of it is found out by reading
        except PortalError as error:
            self._end(handover, HAND_OVER, error.code)
            raise
        self._confirm(handover, HAND_OVER)

    def _check_now(self, handover: Handover) -> None:
        """Between intent and call: no change is on its way, Cloud shows the base size and no entry
        of anybody, and nothing has held this process up."""
        service = self._read_now(handover.service_id)
        is_free = self.changes.find_in_flight(handover.service_id) is None
        if has_entries(service) or not is_free:
            raise _changed()
        schedule = self._schedule_of(handover)
        config = scalable_config(service)
        if schedule is None or schedule.base.applied_to(config) != config:
            raise _not_at_base()
        if list_wanted(schedule, config, self.now()) != handover.entries:
            raise _changed()
        if abs(self.now() - handover.asked_at) > LATEST_SENDING:
            raise _changed()

    def _read_now(self, service_id: str) -> Service:
        try:
            return self.client.get_service(service_id)
        except CloudAnswerLost as error:  # nothing was asked to be changed
            raise _unread() from error

    def _schedule_of(self, handover: Handover) -> Schedule | None:
        version = self.schedules.find_version(handover.service_id, handover.version)
        return version.schedule if version else None

    def _remove(self, handover: Handover) -> None:
        try:
            with suppress(CloudNotFound):  # there is none any more, which was wanted
                self.client.remove_schedule(handover.service_id)
        except CloudAnswerLost:
            raise
        except PortalError as error:
            self._confirm(handover, TAKE_BACK, error.code)
            raise
        self._end(handover, TAKE_BACK)

    def _reconcile_one(self, handover: Handover, *, are_there: bool) -> None:
        is_writing = handover.state is HandoverState.WRITING
        action = HAND_OVER if is_writing else TAKE_BACK
        error = "" if are_there is is_writing else "cloud_answer_lost"
        if are_there:
            self._confirm(handover, action, error)
        else:
            self._end(handover, action, error)

    def _confirm(self, handover: Handover, action: str, error: str = "") -> None:
        event = self.events.handover(handover, action, error)
        self.handovers.advance(handover, HandoverState.WRITTEN, self.now(), event)

    def _end(self, handover: Handover, action: str, error: str = "") -> None:
        self.handovers.forget(handover, self.events.handover(handover, action, error))

    def _read_back(self, service_id: str) -> None:
        with suppress(CloudError):  # the next view of all services shows it
            self.snapshot.put(self.client.get_service(service_id))


def _check_taken(is_as_seen: bool) -> None:
    if not is_as_seen:
        raise _changed()


def _changed() -> ConfigurationChanged:
    return ConfigurationChanged(
        message="The schedule or its group was changed meanwhile.",
        remedy="Look at it as it is now, then decide again.",
    )


def _not_at_base() -> NotPossible:
    return _not_possible(
        "A schedule is given to ClickHouse Cloud only while its base size holds and is configured.",
        "Do it outside all windows.",
    )


def _unread() -> NotPossible:
    return _not_possible("ClickHouse Cloud cannot be read at the moment.", "Try again later.")


def _not_possible(message: str, remedy: str = "The portal carries it out.") -> NotPossible:
    return NotPossible(message=message, remedy=remedy)
