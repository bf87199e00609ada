"""Somebody who kills the portal at which Alice changes groups, and then looks what became."""

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.crash.person import Alice, state_of
from tests.support.portal import PortalProcess
from tests.support.twins import Twins

STORED = ("create_draft", "claim", "release", "mark_unknown", "record_outcome", "note_effect")
START_POINTS = ("before start", "after start")
POINTS = (
    *(f"{when} {method}" for method in STORED for when in ("before", "within", "after")),
    *(
        f"{when} {method}"
        for method in ("check", "update", "apply")
        for when in ("before", "after")
    ),
    "answer unread",
    "answer read",
    *START_POINTS,
)
"""Where a portal can be told to die (tests/support/killable_wsgi.py)."""

SETTLED_WITHIN_SECONDS = 60.0
POLL_SECONDS = 0.2
OVERDUE_SECONDS = 181.0


@dataclass
class Tally:
    """How far it is."""

    wanted: int
    random: Random
    killed: int = 0
    points: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)

    def next_order(self) -> str | None:
        """Where to die next: at a point with few deaths so far, or at no point in particular."""
        if self.random.random() < 0.4:
            return None
        weights = [1 / (1 + self.points[point]) ** 2 for point in POINTS]
        return self.random.choices(POINTS, weights)[0]

    def report(self, states: Counter[str], patches: int, seconds: float, seed: int) -> str:
        """The figures, for people."""
        return "\n".join(
            [
                f"kills (SIGKILL)         {self.killed} in {seconds:.0f} s, seed {seed}",
                f"  at a named point      {self.points.total()} over {len(self.points)} points",
                f"  at a random moment    {self.moments.total()}, of a change then: "
                + listed(self.moments),
                f"changes by state        {states.total()}: {listed(states)}",
                f"left open by a death    {self.endings.total()}, then: {listed(self.endings)}",
                f"PATCHes received        {patches}; none twice, none unasked, none denied",
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
        while self.tally.killed < self.tally.wanted:
            self._live_and_die(self.tally.next_order())

    def _live_and_die(self, order: str | None) -> None:
        if order and order not in START_POINTS:
            self.order.write_text(order, encoding="utf-8")
        reference = self.alice.draft(self.mine)
        if reference:
            self._confirm(reference, order)
        if order is None and reference:
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

    def _confirm(self, reference: str, order: str | None) -> None:
        chance = self.tally.random
        self._order_faults(order)
        portals = [self.mine, self.other] if chance.random() < 0.5 else [self.mine]
        killer = threading.Timer(chance.uniform(0, 0.3), self.mine.kill)
        if order is None:
            killer.start()
        self.alice.confirm(reference, *portals)
        if order is None:
            killer.join()
        else:
            self.alice.send(self.mine, "GET", f"/changes/{reference}")

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
