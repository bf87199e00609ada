"""The use cases of schedules over their adapters."""

from dataclasses import dataclass

from app.services.changes.rules import ScalingRules
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.engine import ScheduleEngine
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.orders import Boosts, PlannedChanges
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standings
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.records import ScheduleStore
from app.wiring.core import Core, now
from app.wiring.shared import Shared


@dataclass(frozen=True)
class ScheduleUses:
    """The use cases of looking and editing, and the job that carries schedules out."""

    schedules: Schedules
    editing: ScheduleEditing
    engine: ScheduleEngine


def build_schedules(
    core: Core, shared: Shared, boosts: Boosts, planned: PlannedChanges
) -> ScheduleUses:
    """The use cases over the parts."""
    policy, snapshot, access = core.policy, core.snapshot, shared.access
    store, edges = ScheduleStore(core.engine), ScheduleEdgeStore(core.engine)
    standings = Standings(policy, shared.freeze, snapshot, edges, core.changes, boosts, now)
    rules = ScheduleRules(ScalingRules(policy, snapshot, core.changes, now), snapshot, now)
    events = ScheduleEvents(core.audit, policy)
    return ScheduleUses(
        Schedules(shared.groups, store, standings, now),
        ScheduleEditing(access, store, rules, events, now),
        ScheduleEngine(access, store, edges, core.changes, standings, planned, now),
    )
