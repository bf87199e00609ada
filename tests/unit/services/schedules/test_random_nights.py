"""Random weeks: what people, boosts, freezes and pauses do to a group that its schedule stops.

The model knows only what was done in which order, and nothing of the portal's records.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from app.domain.access.freeze import Freeze
from app.domain.changes.actions import Action
from app.domain.groups.states import ServiceState
from app.domain.schedules.timeline import find_due
from app.errors import PortalError
from app.services.changes.confirmation import Confirmation
from tests.support.events import EVENT
from tests.unit.builders import ALICE, NOW, PRIMARY, PRIMARY_ID
from tests.unit.domain.schedules.builders import a_plan
from tests.unit.services.schedules.conftest import Plans
from tests.unit.services.world import ADDRESS, PASSWORD

STEPS, STEP_SECONDS = 90, 5100
STOPPING = {**a_plan(), "outside": "stop"}
ARRIVES = {ServiceState.STOPPING: ServiceState.STOPPED, ServiceState.STARTING: ServiceState.RUNNING}


@dataclass
class Week:
    """One random week."""

    plans: Plans
    chance: random.Random
    is_frozen: bool = False
    paused_until: datetime = NOW
    last: tuple[str, Action | None] = ("", None)
    commands: Counter[tuple[datetime, Action]] = field(default_factory=Counter)

    def go(self) -> None:
        """Let people do something at times, and two portals go round."""
        self.plans.save(STOPPING)
        for _ in range(STEPS):
            self.plans.clock.advance(STEP_SECONDS)
            if self.is_frozen:
                self.freeze()
            elif self.chance.random() < 0.1:
                steps = [self.order, self.boost, self.freeze, self.pause, self.outside]
                self.chance.choice([self.order, self.order, *steps])()
            self.arrive()
            self.watch()

    def order(self) -> None:
        """Alice starts it, or stops it where it runs."""
        action = Action.START if self.state is ServiceState.STOPPED else Action.STOP
        world = self.plans.world
        confirmation = Confirmation(SecretStr(PASSWORD), PRIMARY, ADDRESS)
        try:
            draft = world.command(action)
            if draft is None:
                return
            world.apply(draft.reference, confirmation=confirmation)
        except PortalError:
            return
        self.last = ("alice", action)

    def boost(self) -> None:
        """A boost begins, or has gone back: at its end, before or later."""
        end = self.plans.clock() + timedelta(hours=3)
        self.plans.boosts.end = None if self.plans.boosts.end else end

    def freeze(self) -> None:
        """Changes are frozen, or no more."""
        freezes = self.plans.world.freezes
        if self.is_frozen:
            freezes.lift("root", self.plans.clock(), EVENT)
        else:
            freezes.create_freeze(Freeze("audit", "root", self.plans.clock()), EVENT)
        self.is_frozen = not self.is_frozen

    def pause(self) -> None:
        """The schedule is paused for some hours."""
        try:
            until = self.plans.clock() + timedelta(hours=5)
            self.plans.editing.pause(ALICE, PRIMARY_ID, until, seen=1)
        except PortalError:
            return
        self.paused_until = until

    def outside(self) -> None:
        """Somebody stops it in the console."""
        if self.state is ServiceState.RUNNING:
            self.plans.world.show(ServiceState.STOPPED)
            self.last = ("console", Action.STOP)

    @property
    def state(self) -> ServiceState:
        """What Cloud shows."""
        return self.plans.world.cloud.services[PRIMARY_ID].state

    def arrive(self) -> None:
        """What was begun has ended."""
        if self.state in ARRIVES:
            self.plans.world.show(ARRIVES[self.state])

    def watch(self) -> None:
        """Two portals go round, three times each."""
        engines = [self.plans.engine, self.plans.another_engine()]
        for _ in range(3):
            for engine in engines:
                before = len(self.plans.world.cloud.sent)
                engine.run_due()
                for _, action, _ in self.plans.world.cloud.sent[before:]:
                    self.judge(action)
                self.arrive()
            self.plans.clock.advance(65)

    def judge(self, action: Action) -> None:
        """A call that the schedule has made."""
        now, record = self.plans.clock(), self.plans.store.find_record(PRIMARY_ID)
        assert record is not None
        assert not self.is_frozen
        assert now >= self.paused_until
        if action is Action.SCALE:
            return
        version = record.version
        due = find_due(version.schedule, now, record.exceptions, version.saved_at)
        assert due.is_stopped is (action is Action.STOP)
        if action is Action.STOP:
            assert self.plans.boosts.end is None
        else:
            assert self.last == ("schedule", Action.STOP)
        self.commands[due.since, action] += 1
        self.last = ("schedule", action)


@pytest.mark.parametrize("seed", range(3))
def test_in_any_week_each_command_is_given_once_and_only_its_own_stop_is_undone(
    plans: Plans, seed: int
) -> None:
    week = Week(plans, random.Random(seed))  # noqa: S311 - no secret
    week.go()
    assert set(week.commands.values()) == {1}
