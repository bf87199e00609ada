"""Two portals over one database are killed while schedules stop and start groups: no command goes
out twice, and a group that somebody has stopped is never started.

CRASH_STOPS is how many deaths there shall be on each database.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.crash.driver import Tally, listed
from tests.crash.person import ask_for_anything, sign_in_alice
from tests.crash.stopping import (
    KILLS_A_COMMAND,
    POINTS,
    StoppingDriver,
    check_stops,
    end_all_stops,
)
from tests.support.agreement import check_agreement
from tests.support.sandbox import RunningSandbox
from tests.support.twins import running_twins

KILLS = int(os.environ.get("CRASH_STOPS", "40"))


@pytest.mark.crash
@pytest.mark.timeout(max(600, 20 * KILLS))
def test_after_many_deaths_each_stop_and_start_was_given_once(
    sandbox: RunningSandbox, shared_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    began, seed = time.monotonic(), time.time_ns() % 10**6
    options = {"entry": "tests.support.short_deadlines_wsgi:app", "adapt": ask_for_anything}
    with running_twins(tmp_path, sandbox, shared_url, **options) as twins:
        alice = sign_in_alice(twins.first, seed)
        tally = Tally(KILLS, alice.random, POINTS)
        with ThreadPoolExecutor(2) as pool:
            drivers = [StoppingDriver(mine, twins, alice, tally) for mine in twins.both]
            for ended in [pool.submit(driver.run) for driver in drivers]:
                ended.result()
        end_all_stops(twins.first, alice)
        states = check_agreement(twins.first, sandbox)
        commands = check_stops(twins.first, sandbox)
    seconds = time.monotonic() - began
    with capfd.disabled():
        sys.stderr.write(
            f"\nkills (SIGKILL)         {tally.killed} in {seconds:.0f} s, seed {seed}, "
            f"{tally.points.total()} of them at {len(tally.points)} points\n"
            f"changes by state        {listed(states)}\n"
            f"starts and stops        {listed(commands)}; none twice, none of what others stopped\n"
        )
    assert tally.killed >= KILLS
    assert (
        min(commands["stop by schedule"], commands["start by schedule"]) > KILLS // KILLS_A_COMMAND
    )
