"""Looking at schedules: of one group, and of all that a person sees."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.access.permissions import Identity, Permission
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.domain.schedules.cloud_entries import CloudEntry, list_entries
from app.domain.schedules.cloud_form import (
    CloudObstacle,
    find_exception,
    find_obstacle,
    list_wanted,
)
from app.domain.schedules.coming import PlannedChange, next_changes
from app.domain.schedules.commands import RUNS
from app.domain.schedules.exceptions import Exceptions
from app.domain.schedules.handover import CloudPlan, compare
from app.domain.schedules.parsing import dump_schedule
from app.domain.schedules.record import ScheduleRecord, ScheduleVersion
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.standing import Standing
from app.domain.schedules.week_cost import CostRange, cost_with, cost_without
from app.errors import NotPossible
from app.services.access.policy import Policy
from app.services.changes.preconditions import scalable_config
from app.services.groups.service import Groups
from app.services.schedules.standings import Standings
from app.store.schedules.records import ScheduleStore

SHOWN_CHANGES, SHOWN_VERSIONS = 10, 20


@dataclass(frozen=True)
class WeekCosts:
    """What this local week costs as planned, and with the base size all the time."""

    planned: CostRange
    base_only: CostRange


@dataclass(frozen=True)
class ScheduleDetails:
    """The schedule of one group as one person may see it.

    `costs` is None without a price or where the configuration is not known. `cloud_entries` are of
    Cloud's own schedule; `wanted_entries` those that would be written there, empty where the plan
    cannot be given to Cloud now, or may not. `holidays` says whose public holidays are frozen.
    `is_last_running`: no other group of its warehouse runs now or can be woken; of a preview alone.
    """

    group: ComputeGroup
    standing: Standing
    changes: tuple[PlannedChange, ...]
    versions: tuple[ScheduleVersion, ...]
    costs: WeekCosts | None
    cloud_obstacle: CloudObstacle | None
    cloud_plan: CloudPlan
    cloud_entries: tuple[CloudEntry, ...]
    wanted_entries: tuple[CloudEntry, ...]
    holidays: str
    may_hand_over: bool
    may_edit: bool
    is_last_running: bool = False


@dataclass(frozen=True)
class ScheduleRow:
    """One group of the overview. `following` is its next planned change; `costs` as in
    ScheduleDetails."""

    group: ComputeGroup
    standing: Standing
    following: PlannedChange | None
    costs: WeekCosts | None


@dataclass(frozen=True)
class Schedules:
    """The use cases of looking. Raises StoreUnavailable."""

    groups: Groups
    policy: Policy
    schedules: ScheduleStore
    standings: Standings
    now: Callable[[], datetime]

    def show(self, identity: Identity, service_id: str) -> ScheduleDetails:
        """The schedule of one group, also where it has none. Raises NotFound."""
        group, _ = self.groups.get_group(identity, service_id)
        standing = self.standings.find(service_id, self.schedules.find_record(service_id))
        return ScheduleDetails(
            group=group,
            standing=standing,
            changes=self._changes(standing, SHOWN_CHANGES),
            versions=tuple(self.schedules.list_versions(service_id, SHOWN_VERSIONS)),
            costs=self._costs(group, standing),
            cloud_obstacle=self._obstacle(standing),
            cloud_plan=compare(standing.handover, group.service),
            cloud_entries=list_entries(group.service) if group.service else (),
            wanted_entries=self._wanted(standing),
            holidays=self.policy.catalog.calendar.holidays,
            may_hand_over=self.policy.catalog.calendar.may_hand_over,
            may_edit=group.may(Permission.SCHEDULE),
        )

    def find_standing(self, identity: Identity, service_id: str) -> Standing | None:
        """What decides the size of a group that has a schedule; None for one without. Raises
        NotFound."""
        self.groups.get_group(identity, service_id)
        record = self.schedules.find_record(service_id)
        return self.standings.find(service_id, record) if record else None

    def open_form(
        self, identity: Identity, service_id: str
    ) -> tuple[ScheduleDetails, ScalingConfig]:
        """The same for somebody about to edit it, and what is configured. Raises NotAllowed,
        NotPossible too."""
        group, _ = self.groups.get_group(identity, service_id, Permission.SCHEDULE)
        if group.service is None:
            raise NotPossible(
                message=f"“{group.name}” cannot be planned at the moment.",
                remedy=group.scaling_obstacle or "",
            )
        return self.show(identity, service_id), scalable_config(group.service)

    def preview(self, identity: Identity, service_id: str, schedule: Schedule) -> ScheduleDetails:
        """What the page would show of a schedule that is not saved. Raises NotFound."""
        details, now = self.show(identity, service_id), self.now()
        version = ScheduleVersion(0, dump_schedule(schedule), identity, "", now)
        record = ScheduleRecord(service_id, version, Exceptions(), 0)
        standing = self.standings.find(service_id, record)
        return replace(
            details,
            standing=standing,
            changes=self._changes(standing, SHOWN_CHANGES),
            costs=self._costs(details.group, standing),
            cloud_obstacle=self._obstacle(standing),
            is_last_running=self._is_last_running(details.group),
        )

    def list_overview(self, identity: Identity) -> tuple[ScheduleRow, ...]:
        """Every group with a schedule that the person may see."""
        overview = self.groups.list_groups(identity)
        visible = {item.service_id: item for _, groups in overview.by_warehouse for item in groups}
        records = {item.service_id: item for item in self.schedules.list_records()}
        shown = [key for key in visible if key in records]
        standings = self.standings.list_all([records[key] for key in shown])
        return tuple(
            ScheduleRow(
                visible[key],
                standing,
                self._following(standing),
                self._costs(visible[key], standing),
            )
            for key, standing in zip(shown, standings, strict=True)
        )

    def export(self) -> dict[str, dict[str, Any]]:
        """Every plan in force as it was saved, by group; for who is at the machine itself."""
        records = self.schedules.list_records()
        return {item.service_id: dict(item.version.settings) for item in records}

    def _is_last_running(self, group: ComputeGroup) -> bool:
        warehouse = self.policy.catalog.find_warehouse(group.definition.warehouse)
        listed = warehouse.groups if warehouse else ()
        services = self.standings.snapshot.view().services
        others = [services.get(it.service_id) for it in listed if it.service_id != group.service_id]
        return not any(it and it.state in RUNS for it in others)

    def _changes(self, standing: Standing, count: int) -> tuple[PlannedChange, ...]:
        record, schedule = standing.record, standing.schedule
        if record is None or schedule is None:
            return ()
        calendar = self.policy.catalog.calendar
        return next_changes(schedule, self.now(), count, record.exceptions, calendar)

    def _following(self, standing: Standing) -> PlannedChange | None:
        coming = self._changes(standing, SHOWN_CHANGES)
        return next((change for change in coming if not change.frozen), None)

    def _obstacle(self, standing: Standing) -> CloudObstacle | None:
        record, schedule, now = standing.record, standing.schedule, self.now()
        if record is None or schedule is None:
            return None
        calendar = self.policy.catalog.calendar
        return find_obstacle(schedule, now) or find_exception(
            schedule, record.exceptions, calendar, now
        )

    def _wanted(self, standing: Standing) -> tuple[CloudEntry, ...]:
        schedule, current = standing.schedule, standing.current
        if schedule is None or current is None or not standing.is_at_base:
            return ()
        is_possible = self._obstacle(standing) is None
        return list_wanted(schedule, current, self.now()) if is_possible else ()

    def _costs(self, group: ComputeGroup, standing: Standing) -> WeekCosts | None:
        price, current = group.definition.limits.price, standing.current
        schedule, now = standing.schedule, self.now()
        if price is None or current is None or schedule is None:
            return None
        base = schedule.base.applied_to(current)
        return WeekCosts(
            cost_with(schedule, current, price, now), cost_without(schedule, base, price, now)
        )
