"""Two portals over one database are killed again and again, and the ledger still tells the truth.

Each driver has one portal to kill; half of the time it presses the button at the other one too.
CRASH_KILLS is how many deaths there shall be.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.crash.driver import Driver, Tally, Twins
from tests.support.agreement import check_agreement
from tests.support.browser import Browser
from tests.support.portal import Config, PortalProcess
from tests.support.sandbox import RunningSandbox

TAKEN_FOR_DEAD_TOO_SOON = """
    SELECT reference FROM changes WHERE settled_note LIKE 'The portal stopped%'
    AND julianday(settled_at) - julianday(sent_at) < 60.0 / 86400
"""
KILLS = int(os.environ.get("CRASH_KILLS", "200"))
FEWEST_POINTS = 20
LONGEST_IDLE_TIMEOUT_MINUTES = 10_080


def ask_for_anything(config: Config) -> None:
    """Idle timeouts that no two changes of the test share."""
    analytics = config["warehouses"][0]
    analytics["limits"]["idle_timeout_minutes"]["max"] = LONGEST_IDLE_TIMEOUT_MINUTES


@pytest.fixture
def twins(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Twins]:
    """Two portals, each in a folder of its own, over the database of the first."""
    database = tmp_path / "a" / "instance" / "portal.db"
    portals = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        portal = PortalProcess(
            folder,
            sandbox,
            entry="tests.support.killable_wsgi:app",
            adapt=ask_for_anything,
            KILL_ORDER=str(folder / "order"),
            PORTAL_DATABASE_URL=f"sqlite:///{database}",
        )
        portal.database_path = database
        portals.append(portal.start())
    yield Twins(portals[0], portals[1])
    sandbox.clear_faults()
    for portal in portals:
        portal.kill()


@pytest.mark.crash
@pytest.mark.timeout(1200)
def test_after_hundreds_of_deaths_the_ledger_and_cloud_agree(
    twins: Twins, sandbox: RunningSandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    # Whatever Cloud accepts is in effect at once, so that this too is noted while portals die.
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    began, seed = time.monotonic(), time.time_ns() % 10**6
    alice = Browser(twins.first.url)
    alice.sign_in(sandbox.person("alice"))
    cookies, token = alice.session.cookies.get_dict(), alice.page.csrf_token
    tally = Tally(KILLS, Random(seed))  # noqa: S311 - chance, and no secret
    drivers = [Driver(mine, twins, cookies, token, tally) for mine in (twins.first, twins.second)]
    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(driver.run) for driver in drivers]:
            ended.result()
    states = check_agreement(twins.first, sandbox)
    with capfd.disabled():
        report = tally.report(states, len(sandbox.patches()), time.monotonic() - began, seed)
        sys.stderr.write(f"\n{report}\n")
    # What a living portal has just sent is not taken for dead by one that starts.
    assert twins.first.execute(TAKEN_FOR_DEAD_TOO_SOON) == []
    assert tally.killed >= KILLS
    assert len(tally.points) >= min(FEWEST_POINTS, KILLS // 4)
