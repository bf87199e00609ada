"""Schedules over the world of the use cases; what they order goes the ordinary road of a change."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.changes.actions import Action
from app.domain.changes.change import Change
from app.domain.schedules.exceptions import OwnersCalendar
from app.domain.schedules.record import ScheduleVersion
from app.services.changes.rules import ScalingRules
from app.services.schedules.acting import EdgeActions
from app.services.schedules.commands import CommandStandings
from app.services.schedules.editing import ScheduleEditing
from app.services.schedules.engine import ScheduleEngine
from app.services.schedules.events import ScheduleEvents
from app.services.schedules.handing_over import CloudSchedules
from app.services.schedules.judging import ScheduleRules
from app.services.schedules.orders import ScheduledChanges
from app.services.schedules.service import Schedules
from app.services.schedules.standings import Standings
from app.store.changes import STARTS_AND_STOPS
from app.store.schedules.edges import ScheduleEdgeStore
from app.store.schedules.handovers import HandoverStore
from app.store.schedules.records import ScheduleStore
from app.store.schema import schedule_command_edges
from tests.unit.builders import ALICE, NOW, PRIMARY_ID, VERTICAL, make_change
from tests.unit.domain.schedules.builders import a_plan, a_window
from tests.unit.services.fakes import SetActivities
from tests.unit.services.world import World


@dataclass
class SetBoosts:
    """A boost that the test begins and ends."""

    end: datetime | None = None

    def find_open(self, service_id: str) -> Boost | None:  # noqa: ARG002 - of any
        """One that has left the size as it was."""
        return (
            Boost(make_change(target=VERTICAL), VERTICAL, self.end, self.end) if self.end else None
        )

    def find_kept(self, service_id: str, since: datetime) -> Change | None:  # noqa: ARG002 - of any
        """Nobody has kept one."""
        return None


class Plans:
    """The use cases of schedules over a world."""

    def __init__(self, world: World) -> None:
        self.world, self.clock = world, world.clock
        policy, snapshot = world.policy, world.ledger.reconciler.snapshot
        now = world.clock
        self.store, self.edges = ScheduleStore(world.engine), ScheduleEdgeStore(world.engine)
        self.command_edges = ScheduleEdgeStore(world.engine, schedule_command_edges)
        self.activities = SetActivities()
        self.handovers, self.boosts = HandoverStore(world.engine), SetBoosts()
        self.standings = Standings(
            policy,
            world.freeze,
            snapshot,
            self.edges,
            self.handovers,
            world.changes,
            self.boosts,
            CommandStandings(self.command_edges, world.changes, self.activities),
            now,
        )
        scaling = ScalingRules(policy, snapshot, world.changes, world.budgets, now)
        rules = ScheduleRules(scaling, snapshot, now)
        events = ScheduleEvents(world.audit, policy)
        self.editing = ScheduleEditing(world.access, self.store, self.handovers, rules, events, now)
        self.in_cloud = CloudSchedules(
            world.access,
            policy,
            self.store,
            self.handovers,
            world.changes,
            self.standings,
            rules,
            world.cloud,
            snapshot,
            events,
            now,
        )
        self.service = Schedules(world.groups, policy, self.store, self.standings, now)
        self.engine = self.another_engine()

    def another_engine(self) -> ScheduleEngine:
        """The job as a further process has it."""
        world = self.world
        return ScheduleEngine(
            world.access,
            self.store,
            EdgeActions(self.edges, world.changes, (Action.SCALE,)),
            EdgeActions(self.command_edges, world.changes, STARTS_AND_STOPS),
            self.standings,
            ScheduledChanges(
                world.reverts.orders, world.reverts.preconditions, world.reverts.snapshot
            ),
            self.clock,
        )

    def save(self, values: object | None = None, person: Identity = ALICE) -> ScheduleVersion:
        """A schedule of the primary; office hours in Berlin, by another name each time, if none is
        given."""
        record = self.store.find_record(PRIMARY_ID)
        seen = record.version.number if record else None
        usual = a_plan(a_window(f"Office hours {seen}" if seen else "Office hours"))
        return self.editing.save(person, PRIMARY_ID, values or usual, seen=seen)

    def run_at(self, moment: datetime) -> int:
        """A round at this moment."""
        self.clock.time = moment
        return self.engine.run_due()

    def set_calendar(self, calendar: OwnersCalendar) -> None:
        """Put the owners' dates and hours in force."""
        self.world.set_policy(replace(self.world.policy.catalog, calendar=calendar))

    @property
    def sent(self) -> int:
        """How many calls of Cloud that change something there have been."""
        return len(self.world.cloud.sent)


@pytest.fixture
def plans(world: World) -> Plans:
    """Without any schedule."""
    return Plans(world)


@pytest.fixture
def office_hours(plans: Plans) -> None:
    """Office hours are in force outside which the group is stopped, and it runs with their size."""
    plans.save({**a_plan(), "outside": "stop"})
    assert plans.run_at(NOW) == 1
    assert plans.run_at(NOW + timedelta(seconds=5)) == 0
