"""The use cases of schedules over their adapters."""

from dataclasses import dataclass

from app.cloud.activity_log import ActivityLog
from app.domain.changes.actions import Action
from app.services.access.control import Access
from app.services.changes.apply import ChangeApplier
from app.services.changes.idempotency import IdempotentChanges
from app.services.changes.rules import ScalingRules
from app.services.schedules.acting import EdgeActions
from app.services.schedules.commands import CommandStandings
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.engine import ScheduleEngine
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.handing_over import CloudSchedules
from app.services.schedules.holding import ManualHolds
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.orders import Boosts, PlannedChanges
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standings
from app.store.changes import STARTS_AND_STOPS
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore
from app.store.schema import schedule_command_edges
from app.wiring.core import Core, now
from app.wiring.shared import Shared


@dataclass(frozen=True)
class ScheduleUses:
    """The use cases of looking and editing, and the jobs that carry schedules out."""

    schedules: Schedules
    editing: ScheduleEditing
    engine: ScheduleEngine
    in_cloud: CloudSchedules
    holds: ManualHolds


def build_schedules(
    core: Core,
    shared: Shared,
    boosts: Boosts,
    planned: PlannedChanges,
    people: ChangeApplier,
    programs: IdempotentChanges,
) -> ScheduleUses:
    """The use cases over the parts."""
    policy, snapshot, access = core.policy, core.snapshot, shared.access
    store, edges = ScheduleStore(core.engine), ScheduleEdgeStore(core.engine)
    handovers = HandoverStore(core.engine)
    commands = CommandStandings(
        ScheduleEdgeStore(core.engine, schedule_command_edges),
        core.changes,
        ActivityLog(core.client, core.readings),
    )
    standings = Standings(
        policy, shared.freeze, snapshot, edges, handovers, core.changes, boosts, commands, now
    )
    scaling = ScalingRules(policy, snapshot, core.changes, shared.budgets, now)
    rules = ScheduleRules(scaling, snapshot, now)
    events = ScheduleEvents(core.audit, policy)
    editing = ScheduleEditing(access, store, handovers, rules, events, now)
    return ScheduleUses(
        Schedules(shared.groups, policy, store, standings, now),
        editing,
        _build_engine(core, access, store, standings, planned),
        CloudSchedules(
            access,
            policy,
            store,
            handovers,
            core.changes,
            standings,
            rules,
            core.client,
            snapshot,
            events,
            now,
        ),
        ManualHolds(access, shared.ledger, people, programs, store, standings, editing, now),
    )


def _build_engine(
    core: Core, access: Access, store: ScheduleStore, standings: Standings, planned: PlannedChanges
) -> ScheduleEngine:
    sizes = EdgeActions(standings.edges, core.changes, (Action.SCALE,))
    commands = EdgeActions(standings.commands.edges, core.changes, STARTS_AND_STOPS)
    return ScheduleEngine(access, store, sizes, commands, standings, planned, now)
