"""The leader of two portals is stopped past its lease amid changes, and goes on: nothing doubles.

The other portal takes over while changes are made at both; what is pressed at the one that stands
still is answered when it goes on. CRASH_PAUSES is how often that happens on each database.
"""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.crash.driver import OVERDUE_SECONDS, SETTLED_WITHIN_SECONDS, listed
from tests.crash.person import Alice, ask_for_anything, sign_in_alice
from tests.support.agreement import check_agreement
from tests.support.leading import TAKEN_OVER_SECONDS, leader, lease, paused
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins
from tests.support.waiting import wait_until

PAUSES = int(os.environ.get("CRASH_PAUSES", "4"))
THINKING_SECONDS = 0.3
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "drop_after_apply"},
    {"kind": "slow", "seconds": 0.3},
    {"kind": "status", "status": 400},
)
"""What does not keep a group for three minutes, until it is sure that nothing came of a change."""
UNDISTURBED_SECONDS = 3.0
"""Before each stop."""
LATEST_STOP_SECONDS = 2.0
"""Within this time the leader asks Cloud slowly, so that it stands still in the middle of that."""
LEADS_NO_MORE = "another process leads the jobs now"
OPEN = "settled_at IS NULL AND state IN ('applying', 'unknown')"


@pytest.fixture
def twins(sandbox: RunningSandbox, shared_url: str, tmp_path: Path) -> Iterator[Twins]:
    """Two portals without Cloud's pace."""
    with running_twins(
        tmp_path, sandbox, shared_url, entry=NO_BUDGET, adapt=ask_for_anything
    ) as portals:
        yield portals


class Changing:
    """Alice changing one group after the other, with every button pressed at all of `portals`."""

    def __init__(self, alice: Alice, *portals: PortalProcess) -> None:
        self.alice, self.portals = alice, portals
        self.is_over = threading.Event()

    def run(self) -> None:
        """Go on until it is over; every third change meets a fault."""
        while not self.is_over.wait(self.alice.random.uniform(0, THINKING_SECONDS)):
            reference = self.alice.draft(self.portals[0])
            if self.alice.random.random() < 0.3:
                self.alice.order_fault(FAULTS)
            if reference:
                self.alice.confirm(reference, *self.portals)


def pause_the_leader(twins: Twins, alice: Alice) -> None:
    """Stop it until the other one has led for a while, and see that it knows when it goes on."""
    old, (_, epoch) = leader(twins.first), lease(twins.first)
    mine = next(portal for portal in twins.both if old in portal.workers())
    told = mine.read_log().count(LEADS_NO_MORE)
    time.sleep(UNDISTURBED_SECONDS)
    alice.sandbox.fault("^GET .*/services$", "slow", seconds=1.0, times=2)
    time.sleep(alice.random.uniform(0, LATEST_STOP_SECONDS))
    with paused(old):
        wait_until(lambda: lease(twins.first)[1] > epoch, seconds=TAKEN_OVER_SECONDS)
        time.sleep(LATEST_STOP_SECONDS)
    wait_until(lambda: mine.read_log().count(LEADS_NO_MORE) > told)
    assert leader(twins.first) in twins.other(mine).workers()


def end_by_jobs(portal: PortalProcess) -> None:
    """Nobody looks, and every change gets an end."""
    portal.sandbox.clear_faults()
    portal.age("changes", "sent_at", OVERDUE_SECONDS, OPEN)
    count = f"SELECT count(*) FROM changes WHERE {OPEN}"  # noqa: S608 - our own names
    wait_until(lambda: portal.execute(count) == [(0,)], seconds=SETTLED_WITHIN_SECONDS)


@pytest.mark.crash
@pytest.mark.timeout(600)
def test_a_leader_stopped_past_its_lease_amid_changes_doubles_and_loses_nothing(
    twins: Twins, sandbox: RunningSandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    began, seed = time.monotonic(), time.time_ns() % 10**6
    alice = sign_in_alice(twins.first, seed)
    wait_until(lambda: leader(twins.first) != 0)
    first, second = twins.both
    work = [Changing(alice, *at) for at in ((first,), (second,), (first, second))]
    with ThreadPoolExecutor(len(work)) as pool:
        ended = [pool.submit(changing.run) for changing in work]
        try:
            for _ in range(PAUSES):
                pause_the_leader(twins, alice)
        finally:
            for changing in work:
                changing.is_over.set()
        for each in ended:
            each.result()
    end_by_jobs(twins.first)
    states = check_agreement(twins.first, sandbox)
    with capfd.disabled():
        sys.stderr.write(report(states, twins.first, time.monotonic() - began, seed))
    assert states["applied"] > 0


def report(states: Counter[str], portal: PortalProcess, seconds: float, seed: int) -> str:
    """The figures, for people."""
    counted = "SELECT settled_by, count(*) FROM changes WHERE state != 'draft' GROUP BY settled_by"
    ends = Counter(dict(portal.execute(counted)))
    return (
        f"\npauses (SIGSTOP)        {PAUSES} in {seconds:.0f} s, seed {seed}\n"
        f"changes by state        {states.total()}: {listed(states)}\n"
        f"settled by              {listed(ends)}\n"
        f"PATCHes received        {len(portal.sandbox.patches())}; none twice, unasked or denied\n"
    )
