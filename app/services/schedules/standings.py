"""How a group stands with its schedule now: what decides, what the plan wants, what was done."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from app.cloud.snapshot import Snapshot
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.groups.group import Service
from app.domain.groups.scaling import has_taken
from app.domain.schedules.commands import OFF, RunState
from app.domain.schedules.exceptions import find_frozen, find_no_shrink
from app.domain.schedules.handover import Handover, compare
from app.domain.schedules.precedence import Circumstances, Rule, Ruling, decide
from app.domain.schedules.record import EdgeKey, EdgeState, ScheduleRecord
from app.domain.schedules.standing import Standing
from app.domain.schedules.timeline import Due, find_due
from app.errors import BrokenRules
from app.services.access.control import ChangeFreeze
from app.services.access.policy import Policy
from app.services.schedules.commands import CommandStandings
from app.services.schedules.orders import Boosts
from app.store.changes import ChangeStore
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.handovers import HandoverStore

log = logging.getLogger("portal.schedules")


@dataclass(frozen=True)
class Standings:
    """Works them out. Raises StoreUnavailable."""

    policy: Policy
    freeze: ChangeFreeze
    snapshot: Snapshot
    edges: ScheduleEdgeStore
    handovers: HandoverStore
    changes: ChangeStore
    boosts: Boosts
    commands: CommandStandings
    now: Callable[[], datetime]

    def find(self, service_id: str, record: ScheduleRecord | None) -> Standing:
        """The standing of a group at this moment."""
        if record is None:
            service = self.snapshot.view().services.get(service_id)
            boost = self.boosts.find_open(service_id)
            return Standing(
                None, decide(self._orders(service_id, service, None, boost), self.now())
            )
        return self.list_all([record])[0]

    def list_last_due(self, records: Sequence[ScheduleRecord]) -> list[Standing]:
        """The due instant that each schedule is at, with what is kept of it. Nothing of Cloud is
        looked at, and what decides is not worked out."""
        planned = [_planned(record, None, self.now()) for record in records]
        return self._with_edges(planned)

    def list_all(
        self, records: Sequence[ScheduleRecord], *, oldest_seconds: float = 0.0
    ) -> list[Standing]:
        """The standings of groups that have a schedule, in the same order. What is known of Cloud
        may be so old; without that it is read as for any look."""
        if not records:
            return []
        now, services = self.now(), self._services(oldest_seconds)
        planned = [_planned(record, services.get(record.service_id), now) for record in records]
        given = self.handovers.find_all([record.service_id for record in records])
        freshness = self.snapshot.peek().freshness(now)
        seen_at = now - timedelta(seconds=freshness.age_seconds or 0)
        found = []
        for record, standing in zip(records, self._with_edges(planned), strict=True):
            service = services.get(record.service_id)
            seen = replace(
                standing,
                handover=given.get(record.service_id),
                is_seen_lately=freshness.is_recent and freshness.is_young,
                run_state=self._find_run_state(standing, service, now, seen_at),
            )
            found.append(self._decided(record, seen, service, now))
        return found

    def _with_edges(self, planned: Sequence[Standing]) -> list[Standing]:
        sizes = self.edges.list_edges([item.key for item in planned if item.key])
        stopping = [item for item in planned if item.schedule and item.schedule.stops_outside]
        commands = self.commands.list_edges([item.key for item in stopping if item.key])
        return [
            replace(item, edge=sizes.get(item.key), command_edge=commands.get(item.key))
            if item.key
            else item
            for item in planned
        ]

    def _services(self, oldest_seconds: float) -> Mapping[str, Service]:
        known = self.snapshot.peek()
        age_seconds = known.age_seconds(self.now())
        is_enough = age_seconds is not None and age_seconds < oldest_seconds
        return (known if is_enough else self.snapshot.view()).services

    def _find_run_state(
        self, standing: Standing, service: Service | None, now: datetime, seen_at: datetime
    ) -> RunState | None:
        """Whether a group runs as its plan wants it, if that stops it outside its windows."""
        schedule, due = standing.schedule, standing.due
        if service is None or due is None or not (schedule and schedule.stops_outside):
            return None
        return self.commands.find(due, service, now, seen_at)

    def _decided(
        self, record: ScheduleRecord, standing: Standing, service: Service | None, now: datetime
    ) -> Standing:
        """The same with what decides now."""
        boost = self.boosts.find_open(record.service_id)
        orders = self._orders(record.service_id, service, standing.handover, boost)
        if standing.due is None:
            return replace(standing, precedence=decide(orders, now))
        after = _gone_back(standing, boost)
        held, waiting = _held(after) or self._held_by_change(after), self._waiting(after, now)
        started = None if held else self._started(standing)
        circumstances = replace(
            self._with_plan(orders, record),
            is_stopped=_is_stopped(orders, standing),
            held=held or started,
            waiting=waiting,
        )
        is_started = started is not None and waiting is None
        return replace(standing, is_started=is_started, precedence=decide(circumstances, now))

    def _with_plan(self, orders: Circumstances, record: ScheduleRecord) -> Circumstances:
        """What comes before the plan, with the plan and what suspends it."""
        return replace(
            orders,
            frozen=partial(self._frozen_dates, record),
            paused_until=record.exceptions.paused_until,
            plan=partial(_due_at, record),
        )

    def _orders(
        self,
        service_id: str,
        service: Service | None,
        handover: Handover | None,
        boost: Boost | None,
    ) -> Circumstances:
        """What comes before a plan whether there is one or not."""
        reason = self.freeze.find_reason(service_id)
        return Circumstances(
            freeze=Rule(Ruling.FREEZE, None, reason) if reason else None,
            is_stopped=service is not None and service.state in OFF,
            boost=_boost(boost, self.now()),
            cloud_plan=compare(handover, service),
        )

    def _held_by_change(self, standing: Standing) -> Rule | None:
        """A lasting size that somebody has set since the plan's instant, and that still shows,
        though the plan has not acted yet."""
        record, due, current = standing.record, standing.due, standing.current
        if record is None or due is None or current is None or standing.is_as_planned:
            return None
        since = self.changes.list_since(record.service_id, due.since)
        chosen = [change for change in since if is_lasting(change)]
        if kept := self.boosts.find_kept(record.service_id, due.since):
            chosen.append(kept)
        is_kept = any(has_taken(current, change.patch) for change in chosen)
        return Rule(Ruling.HELD, due.until) if is_kept else None

    def _started(self, standing: Standing) -> Rule | None:
        key, due, run_state = standing.key, standing.due, standing.run_state
        if key is None or due is None or run_state is None:
            return None
        return self.commands.find_hold(key, due, run_state, standing.command_edge)

    def _frozen_dates(self, record: ScheduleRecord, at: datetime) -> Rule | None:
        # A group is not started on a frozen date, nor for a window that begins on one.
        calendar, zone = self.policy.catalog.calendar, record.version.schedule.zone_info
        found = find_frozen(calendar, zone, at, _due_at(record, at).day)
        return Rule(Ruling.FREEZE, found[1], found[0].name) if found else None

    def _waiting(self, standing: Standing, now: datetime) -> Rule | None:
        schedule = standing.schedule
        if schedule is None or not standing.is_to_be_smaller:
            return None
        found = find_no_shrink(self.policy.catalog.calendar, schedule.zone_info, now)
        return Rule(Ruling.WAITING, found[1], found[0].name) if found else None


def _planned(record: ScheduleRecord, service: Service | None, now: datetime) -> Standing:
    """What the plan wants, before it is known what decides."""
    undecided = Standing(record, decide(Circumstances(), now))
    try:
        due = _due_at(record, now)
    except BrokenRules as broken:
        log.warning("the schedule of %s cannot be read: %s", record.service_id, broken.problems)
        return undecided
    current = service.configured if service else None
    return replace(
        undecided,
        due=due,
        key=EdgeKey(record.service_id, record.version.number, due.since),
        current=current,
        target=due.settings.applied_to(current) if current else None,
    )


def _due_at(record: ScheduleRecord, at: datetime) -> Due:
    version = record.version
    return find_due(version.schedule, at, record.exceptions, version.saved_at)


def _boost(boost: Boost | None, now: datetime) -> Rule | None:
    """A boost whose end has come decides until it has gone back, however long that takes."""
    return Rule(Ruling.BOOST, None if boost.is_due(now) else boost.ends_at) if boost else None


def _gone_back(standing: Standing, boost: Boost | None) -> Standing:
    """What follows a boost is judged by the size to which it goes back."""
    if boost is None or standing.current is None:
        return standing
    return replace(standing, current=boost.gone_back(standing.current))


def _is_stopped(orders: Circumstances, standing: Standing) -> bool:
    """Whether the group is off, and the plan does not bring it back."""
    run_state = standing.run_state
    return run_state.is_stopped_by_others if run_state else orders.is_stopped


def _held(standing: Standing) -> Rule | None:
    """A size that is not the planned one although the plan has acted: somebody chose it."""
    edge, due = standing.edge, standing.due
    has_acted = edge is not None and edge.state is EdgeState.ACTED
    if not has_acted or due is None or standing.current is None or standing.is_as_planned:
        return None
    return Rule(Ruling.HELD, due.until)


def is_lasting(change: Change) -> bool:
    """Whether a person has set another size for good."""
    is_size = change.action is Action.SCALE and not change.is_boost
    is_by_person = change.origin is ChangeOrigin.PERSON
    return is_size and is_by_person and change.state is ChangeState.APPLIED
