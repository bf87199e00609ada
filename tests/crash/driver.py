"""Somebody who kills the portal at which Alice changes groups, and then looks what became."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.crash.boosting import free_stuck, let_pass, list_open, step_for
from tests.crash.person import Alice, state_of
from tests.crash.planning import free_claims, save_plan
from tests.support.portal import PortalProcess
from tests.support.twins import Twins

STORED = (
    *("create_draft", "claim", "release", "mark_unknown", "record_outcome", "note_effect"),
    *("extend", "end_now", "close", "note_failure"),
    *("save_version", "claim_edge", "finish_edge"),
)
START_POINTS = ("before start", "after start")


def points_of(stored: Sequence[str], called: Sequence[str]) -> tuple[str, ...]:
    """Where a portal can be told to die: around what is stored and called, and while Cloud's answer
    is read."""
    return (
        *(f"{when} {method}" for method in stored for when in ("before", "within", "after")),
        *(f"{when} {method}" for method in called for when in ("before", "after")),
        "answer unread",
        "answer read",
    )


POINTS = (*points_of(STORED, ("check", "update", "apply", "send")), *START_POINTS)
"""Where a portal can be told to die (tests/support/killable_wsgi.py)."""

SETTLED_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.2
OVERDUE_SECONDS = 181.0
ROUND_SECONDS, PLANS_ROUND_SECONDS = 3.0, 7.0
"""The worker looks after boosts every two, after schedules every five."""

BOOSTS, FAULTS_OF_STEPS = 0.5, 0.3
FEWEST_BOOSTS = 2
GROUP_OF = "SELECT service_id FROM changes WHERE reference = ?"


@dataclass(frozen=True)
class Seen:
    """What there was in the end: changes by state, boosts by outcome, changes of schedules by
    state, edges that were claimed for these, and PATCHes that Cloud received."""

    states: Counter[str]
    boosts: Counter[str]
    plans: Counter[str]
    edges: int
    patches: int


@dataclass
class Tally:
    """How far it is."""

    wanted: int
    random: Random
    to_die_at: Sequence[str] = POINTS
    killed: int = 0
    points: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)

    def next_order(self) -> str | None:
        """Where to die next: at a point with few deaths so far, or at no point in particular."""
        if self.random.random() < 0.4:
            return None
        weights = [1 / (1 + self.points[point]) ** 2 for point in self.to_die_at]
        return self.random.choices(self.to_die_at, weights)[0]

    def report(self, seen: Seen, seconds: float, seed: int) -> str:
        """The figures, for people."""
        states, boosts = seen.states, seen.boosts
        return "\n".join(
            [
                f"kills (SIGKILL)         {self.killed} in {seconds:.0f} s, seed {seed}",
                f"  at a named point      {self.points.total()} over {len(self.points)} points",
                f"  at a random moment    {self.moments.total()}, of a change then: "
                + listed(self.moments),
                f"changes by state        {states.total()}: {listed(states)}",
                f"left open by a death    {self.endings.total()}, then: {listed(self.endings)}",
                f"boosts by outcome       {boosts.total()}: {listed(boosts)}",
                f"edges of schedules      {seen.edges}, and changes for them {seen.plans.total()}: "
                + listed(seen.plans),
                f"PATCHes received        {seen.patches}; none twice, none unasked, none denied",
            ]
        )


def listed(counted: Counter[str]) -> str:
    """What was counted, the most frequent first."""
    return ", ".join(f"{name} {number}" for name, number in counted.most_common()) or "none"


class Driver:
    """Kills one portal of two while Alice changes groups there."""

    def __init__(self, mine: PortalProcess, twins: Twins, alice: Alice, tally: Tally) -> None:
        self.mine, self.other, self.sandbox = mine, twins.other(mine), mine.sandbox
        self.alice, self.tally = alice, tally
        self.order = mine.folder / "order"

    def run(self) -> None:
        """Go on until there were deaths enough."""
        while not self.is_enough():
            self._live_and_die(self.tally.next_order())

    def is_enough(self) -> bool:
        """Whether there were deaths enough."""
        return self.tally.killed >= self.tally.wanted

    def live(self, order: str | None) -> tuple[bool, str | None]:
        """Do something that leads to where the portal is to die; whether it was done, and the
        reference of the change that came of it."""
        step = step_for(order, self.tally.random)
        if step not in {None, "plan"} and len(list_open(self.mine)) < FEWEST_BOOSTS:
            self._begin_boost()
        self.give(order)
        if step:
            return self._take_step(step, order), None
        reference = self._change(order)
        return bool(reference), reference

    def give(self, order: str | None) -> None:
        """From now on the portal dies when it comes to this point."""
        if order and order not in START_POINTS:
            self.order.write_text(order, encoding="utf-8")

    def free(self) -> None:
        """Let minutes pass for what the dead have left."""
        free_stuck(self.mine, self.alice)
        free_claims(self.mine)

    def _live_and_die(self, order: str | None) -> None:
        is_done, reference = self.live(order)
        if order is None and is_done:
            self._note_death("random", reference)
        elif order and order not in START_POINTS and not self.order.exists():
            self._note_death(order, reference)
        self.order.unlink(missing_ok=True)
        self.mine.kill()
        if order in START_POINTS:
            self._die_at_start(order)
        self.mine.start()
        if reference:
            self._find_out(reference)
        self.free()
        # What this life ordered and did not meet harms no later one: in hundreds of lives the
        # faults would pile up, until hardly any change came to anything.
        self.sandbox.clear_faults()

    def _change(self, order: str | None) -> str | None:
        """Draw up a change, for a while or for good, and confirm it."""
        is_boost = self.tally.random.random() < BOOSTS
        reference = self.alice.draft(self.mine, is_boost=is_boost)
        if reference:
            self._order_faults(order)
            self._press(f"/changes/{reference}/confirm", order)
            if order:
                self.alice.send(self.mine, "GET", f"/changes/{reference}")
        return reference

    def _begin_boost(self) -> None:
        """Have one that runs, undisturbed if the other driver lets it."""
        self.sandbox.clear_faults()
        if reference := self.alice.draft(self.mine, is_boost=True):
            self.alice.press(f"/changes/{reference}/confirm", self.mine)

    def _take_step(self, step: str, order: str | None) -> bool:
        """Save a schedule; extend a boost, end it, or let its end come; False if there is none."""
        if step == "plan":
            return self._plan(order)
        found = list_open(self.mine)
        if not found:
            return False
        boost = self.tally.random.choice(found)
        path = f"/groups/{boost.service_id}/boosts/{boost.reference}"
        if step == "fail":
            self.sandbox.fault("^PATCH ", "status", status=400)
        elif step != "extend" and self.tally.random.random() < FAULTS_OF_STEPS:
            self.alice.order_fault()
        if step == "extend":
            self._press(f"{path}/extend", order, minutes="2")
        elif step == "wait":
            let_pass(self.mine, boost.service_id)
            self.await_death(order)
        else:
            self._press(f"{path}/end", order)
        return True

    def _plan(self, order: str | None) -> bool:
        """Save a schedule, at a leader in whose next round it is due."""
        is_saved = save_plan(self.alice, self.mine)
        self.await_death(order, PLANS_ROUND_SECONDS)
        return is_saved

    def await_death(self, order: str | None, round_seconds: float = ROUND_SECONDS) -> None:
        """The worker goes round; the portal dies of it, or later for no reason."""
        give_up_at = time.monotonic() + self.tally.random.uniform(0, round_seconds)
        while time.monotonic() < give_up_at and (order is None or self.order.exists()):
            time.sleep(POLL_SECONDS)

    def _note_death(self, order: str, reference: str | None) -> None:
        self.tally.killed += 1
        if order != "random":
            self.tally.points[order] += 1
        elif reference:
            self.tally.moments[state_of(self.mine, reference)[0]] += 1

    def _die_at_start(self, order: str) -> None:
        self.order.write_text(order, encoding="utf-8")
        with suppress(AssertionError):
            self.mine.start()
        assert not self.order.exists(), "it lived on"
        self.mine.kill()
        self._note_death(order, None)

    def _press(self, path: str, order: str | None, **fields: str) -> None:
        chance = self.tally.random
        portals = [self.mine, self.other] if chance.random() < 0.5 else [self.mine]
        killer = threading.Timer(chance.uniform(0, 0.3), self.mine.kill)
        if order is None:
            killer.start()
        self.alice.press(path, *portals, **fields)
        if order is None:
            killer.join()

    def _order_faults(self, order: str | None) -> None:
        if order and order.endswith("release"):
            self.sandbox.fault("^GET .*/services$", "reset", times=2)
        elif order and order.endswith("mark_unknown"):
            self.sandbox.fault("^PATCH ", "reset")
        elif order is None or self.tally.random.random() < 0.3:
            self.alice.order_fault()

    def _find_out(self, reference: str) -> None:
        """Nobody works on the change any more: let time pass, and look until it is settled."""
        if not self._is_open(reference):
            return
        for (service_id,) in self.mine.execute(GROUP_OF, reference):
            let_pass(self.mine, service_id)  # what came before it stays before it
        self.mine.age("changes", "sent_at", OVERDUE_SECONDS, "reference = ?", reference)
        give_up_at = time.monotonic() + SETTLED_WITHIN_SECONDS
        while self._is_open(reference):
            assert time.monotonic() < give_up_at, f"{reference}: {state_of(self.mine, reference)}"
            self._look(reference)
            # The other portal is being started again, or Cloud is left alone after failures.
            time.sleep(POLL_SECONDS)
        state, settled_by = state_of(self.mine, reference)
        self.tally.endings[f"{state} by {settled_by}"] += 1
        told = self._look(reference)
        assert not told or settled_by != "reading" or "configuration back" in told

    def _look(self, reference: str) -> str:
        """What the change's page says at either portal; nothing if that cannot be seen now."""
        portal = self.tally.random.choice([self.mine, self.other])
        page = self.alice.send(portal, "GET", f"/changes/{reference}")
        return page.main if page and page.status == 200 else ""

    def _is_open(self, reference: str) -> bool:
        return state_of(self.mine, reference)[0] in {"applying", "unknown"}
