"""Two portals over one database are killed again and again, and the ledger still tells the truth.

Changes, boosts and schedules are under way meanwhile. Each driver has one portal to kill; half of
the time it presses the button at the other one too. CRASH_KILLS is how many deaths there shall be
on each database.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.crash.boosting import check_boosts, end_all
from tests.crash.driver import Driver, Seen, Tally
from tests.crash.person import ask_for_anything, read_configs, sign_in_alice
from tests.crash.planning import check_plans, end_all_plans
from tests.support.agreement import check_agreement
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins

TAKEN_FOR_DEAD = "SELECT sent_at, settled_at FROM changes WHERE settled_note LIKE ?"
COUNT_EDGES = "SELECT count(*) FROM schedule_edges"
NOT_BEFORE = timedelta(seconds=60)
KILLS = int(os.environ.get("CRASH_KILLS", "200"))
FEWEST_POINTS = 20
LONG = "1440"
"""Minutes until Alice's password is asked for again: a thousand deaths take more than an hour."""


@pytest.fixture
def twins(sandbox: RunningSandbox, shared_url: str, tmp_path: Path) -> Iterator[Twins]:
    """Two portals that die on order."""
    options = {"entry": "tests.support.killable_wsgi:app", "adapt": ask_for_anything}
    with running_twins(
        tmp_path, sandbox, shared_url, **options, PORTAL_REAUTHENTICATE_MINUTES=LONG
    ) as portals:
        yield portals


def taken_for_dead_too_soon(portal: PortalProcess) -> list[timedelta]:
    """After how long, where that was sooner than any answer could be given up."""
    moments = [map(str, row) for row in portal.execute(TAKEN_FOR_DEAD, "The portal stopped%")]
    read = [tuple(map(datetime.fromisoformat, row)) for row in moments]
    return [settled - sent for sent, settled in read if settled - sent < NOT_BEFORE]


@pytest.mark.crash
@pytest.mark.timeout(max(1200, 4 * KILLS))
def test_after_hundreds_of_deaths_the_ledger_and_cloud_agree(
    twins: Twins, sandbox: RunningSandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    # Whatever Cloud accepts is in effect at once, so that this too is noted while portals die.
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    began, seed = time.monotonic(), time.time_ns() % 10**6
    was = read_configs(sandbox)
    alice = sign_in_alice(twins.first, seed)
    tally = Tally(KILLS, alice.random)
    drivers = [Driver(mine, twins, alice, tally) for mine in twins.both]
    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(driver.run) for driver in drivers]:
            ended.result()
    end_all(twins.first, alice)
    end_all_plans(twins.first, alice)
    states = check_agreement(twins.first, sandbox)
    boosts = check_boosts(twins.first, sandbox, was)
    plans, ((edges,),) = check_plans(twins.first), twins.first.execute(COUNT_EDGES)
    seen = Seen(states, boosts, plans, edges, len(sandbox.patches()))
    with capfd.disabled():
        report = tally.report(seen, time.monotonic() - began, seed)
        sys.stderr.write(f"\n{report}\n")
    # What a living portal has just sent is not taken for dead by one that starts.
    assert taken_for_dead_too_soon(twins.first) == []
    assert tally.killed >= KILLS
    assert plans["applied"] > KILLS // 10
    assert len(tally.points) >= min(FEWEST_POINTS, KILLS // 4)
