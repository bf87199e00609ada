"""Editing schedules: saving a version, putting one back, removing, skipping, pausing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.access.permissions import Identity, Permission
from app.domain.audit.events import Event
from app.domain.changes.scaling_request import parse_reason
from app.domain.messages import problem
from app.domain.schedules.exceptions import Skip
from app.domain.schedules.parsing import dump_schedule, parse_schedule
from app.domain.schedules.record import ScheduleRecord, ScheduleVersion
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.timeline import next_occurrence
from app.errors import BrokenRules, ConfigurationChanged, NotFound, NotPossible
from app.services.access.control import Access
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.judging import ScheduleRules
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore

LONGEST_PAUSE_DAYS = 366


@dataclass(frozen=True)
class ScheduleEditing:
    """The use cases. Each needs the permission `schedule`, and one that puts a schedule in force
    which stops its group `power` too. Each raises NotFound, NotAllowed, ChangesFrozen, BrokenRules,
    ConfigurationChanged (somebody else saved a version meanwhile), NotPossible (Cloud carries it
    out), StoreUnavailable.

    `seen` is the number of the version that the person saw, None where there was no schedule.
    """

    access: Access
    schedules: ScheduleStore
    handovers: HandoverStore
    rules: ScheduleRules
    events: ScheduleEvents
    now: Callable[[], datetime]

    def check(
        self, identity: Identity, service_id: str, values: object, *, reason: str = ""
    ) -> Schedule:
        """The schedule that `save` would put in force. Nothing is written but refusals.

        Raises CloudError as well: the sizes are judged by what is configured.
        """
        about = self.events.about(service_id)
        with self.events.audit.recording_rejections(identity, "save_schedule", about):
            self.access.check_action(identity, service_id, Permission.SCHEDULE)
            self._check_not_in_cloud(service_id)
            schedule = parse_schedule(values)
            if schedule.stops_outside:
                self.access.check_action(identity, service_id, Permission.POWER)
            self.rules.check(identity, service_id, schedule, parse_reason(reason))
        return schedule

    def save(
        self,
        identity: Identity,
        service_id: str,
        values: object,
        *,
        reason: str = "",
        seen: int | None,
    ) -> ScheduleVersion:
        """Put a new version in force; the one in force if it says the same. Raises CloudError as
        well."""
        schedule = self.check(identity, service_id, values, reason=reason)
        current = self.schedules.find_record(service_id)
        if current and current.version.number == seen and _says(current.version, schedule):
            return current.version
        settings = dump_schedule(schedule)
        latest = self.schedules.list_versions(service_id, 1)
        version = ScheduleVersion(
            latest[0].number + 1 if latest else 1,
            settings,
            identity,
            parse_reason(reason),
            self.now(),
        )
        details = {"version": version.number, "reason": version.reason, "schedule": settings}
        event = self.events.edited(identity, service_id, "save_schedule", details)
        _check_written(self.schedules.save_version(service_id, version, event, version=seen))
        return version

    def put_back(
        self, identity: Identity, service_id: str, number: int, *, seen: int | None
    ) -> ScheduleVersion:
        """Put an earlier version in force again, as a new one."""
        self.access.check_action(identity, service_id, Permission.SCHEDULE)
        version = self.schedules.find_version(service_id, number)
        if version is None:
            raise _refusal("version", "version_unknown")
        reason = f"Version {number} put back"
        return self.save(identity, service_id, version.settings, reason=reason, seen=seen)

    def remove(self, identity: Identity, service_id: str, *, seen: int) -> None:
        """Take the schedule out of force: the group stays as it is. Its versions are kept."""
        with self._recording(identity, service_id, "remove_schedule"):
            self._get_seen(identity, service_id, seen)
            event = self.events.edited(identity, service_id, "remove_schedule", {"version": seen})
            _check_written(self.schedules.remove(service_id, event, version=seen))

    def skip_next(self, identity: Identity, service_id: str, *, seen: int) -> Skip:
        """Leave out the next window that begins."""
        with self._recording(identity, service_id, "skip_window"):
            record = self._get_seen(identity, service_id, seen)
            found = next_occurrence(record.version.schedule, self.now(), record.exceptions)
            if found is None or found.window is None or found.day is None:
                raise _refusal("window", "nothing_to_skip")
            skip = Skip(found.window.name, found.day)
            details = {"window": skip.window, "day": skip.day.isoformat()}
            event = self.events.edited(identity, service_id, "skip_window", details)
            _check_written(self.schedules.add_skip(service_id, skip, event, version=seen))
        return skip

    def pause(self, identity: Identity, service_id: str, until: datetime, *, seen: int) -> None:
        """Let the schedule do nothing until then; the group stays as it is by then."""
        with self._recording(identity, service_id, "pause_schedule"):
            self.check_pause(identity, service_id, until, seen=seen)
            details = {"until": until.isoformat()}
            self._set_pause(identity, service_id, until, seen, ("pause_schedule", details))

    def check_pause(
        self, identity: Identity, service_id: str, until: datetime, *, seen: int
    ) -> None:
        """What `pause` would refuse; nothing is written."""
        self._get_seen(identity, service_id, seen)
        longest = timedelta(days=LONGEST_PAUSE_DAYS)
        if not self.now() < until <= self.now() + longest:
            raise _refusal("until", "pause_out_of_range", days=LONGEST_PAUSE_DAYS)

    def resume(self, identity: Identity, service_id: str, *, seen: int) -> None:
        """End a pause: what the plan wants now is done at once."""
        with self._recording(identity, service_id, "resume_schedule"):
            record = self._get_seen(identity, service_id, seen)
            paused_until, now = record.exceptions.paused_until, self.now()
            if paused_until is not None and paused_until > now:
                self._set_pause(identity, service_id, now, seen, ("resume_schedule", {}))

    def _recording(
        self, identity: Identity, service_id: str, action: str
    ) -> AbstractContextManager[None]:
        about = self.events.about(service_id)
        return self.events.audit.recording_rejections(identity, action, about)

    def _set_pause(
        self,
        identity: Identity,
        service_id: str,
        until: datetime,
        seen: int,
        step: tuple[str, dict[str, Any]],
    ) -> None:
        event: Event = self.events.edited(identity, service_id, *step)
        _check_written(self.schedules.set_pause(service_id, until, event, version=seen))

    def _get_seen(self, identity: Identity, service_id: str, seen: int) -> ScheduleRecord:
        """The schedule in force, which must be what the person saw."""
        self.access.check_action(identity, service_id, Permission.SCHEDULE)
        self._check_not_in_cloud(service_id)
        record = self.schedules.find_record(service_id)
        if record is None:
            raise NotFound
        _check_written(record.version.number == seen)
        return record

    def _check_not_in_cloud(self, service_id: str) -> None:
        if self.handovers.find(service_id):
            raise NotPossible(
                message="ClickHouse Cloud carries out this schedule.",
                remedy="Take it back first; then it can be changed.",
            )


def _says(version: ScheduleVersion, schedule: Schedule) -> bool:
    return dict(version.settings) == dump_schedule(schedule)


def _check_written(is_written: bool) -> None:
    if not is_written:
        raise ConfigurationChanged(
            message="The schedule was changed by someone else.",
            remedy="Look at it as it is now, then decide again.",
        )


def _refusal(field: str, code: str, **figures: object) -> BrokenRules:
    return BrokenRules((problem(field, code, **figures),))
