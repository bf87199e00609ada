"""Puts the use cases of schedules together."""

from typing import NamedTuple

from app.services.access.control import Access, ChangeFreeze
from app.services.changes.rules import ScalingRules
from app.services.groups.service import Groups
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.engine import ScheduleEngine
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.orders import NoBoosts, OrderedChanges
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standings
from app.store.schedule_edges import ScheduleEdgeStore
from app.store.schedules import ScheduleStore
from app.wiring.core import Core, now


class ScheduleUses(NamedTuple):
    """The use cases of looking and editing, and what the job of the worker stands on."""

    schedules: Schedules
    editing: ScheduleEditing
    standings: Standings


def build_schedules(
    core: Core, access: Access, freeze: ChangeFreeze, groups: Groups
) -> ScheduleUses:
    """The use cases over the parts of the process."""
    policy, snapshot = core.policy, core.snapshot
    store, edges = ScheduleStore(core.engine), ScheduleEdgeStore(core.engine)
    standings = Standings(policy, freeze, snapshot, edges, NoBoosts(), now)
    rules = ScheduleRules(ScalingRules(policy, snapshot, core.changes, now), snapshot, now)
    events = ScheduleEvents(core.audit, policy)
    return ScheduleUses(
        Schedules(groups, store, standings, now),
        ScheduleEditing(access, store, rules, events, now),
        standings,
    )


def build_schedule_engine(
    core: Core, access: Access, standings: Standings, orders: OrderedChanges
) -> ScheduleEngine:
    """The job that carries schedules out, given the way in which ordered changes go out."""
    store, edges = ScheduleStore(core.engine), ScheduleEdgeStore(core.engine)
    return ScheduleEngine(access, store, edges, core.changes, standings, orders, now)
