"""`cgp run`: the size stays for as long as the command lives, whatever ends it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.paths import PRIMARY
from tests.client.conftest import Cgp, cgp_of
from tests.conftest import StartPortal
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.waiting import wait_until

RUN = ("run", "--boost", "64", "--for", "2h", PRIMARY, "--")
SLEEP = (sys.executable, "-c", "import time; print('begun', flush=True); time.sleep(20)")


def boosts(portal: PortalProcess) -> list[str]:
    """Who has ended each boost; nothing for one that was left to its time."""
    return [row[0] for row in portal.execute("SELECT ended_by FROM boosts")]


def memory(portal: PortalProcess) -> int:
    """The minimum memory of a replica that Cloud was last told."""
    return int(portal.sandbox.patches()[-1]["minReplicaMemoryGb"])


def begun(cgp: Cgp, *words: str) -> subprocess.Popen[str]:
    """The command, once its job has said that it runs."""
    running = cgp.start(*words)
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    return running


@pytest.mark.parametrize("code", [0, 3])
def test_the_code_is_that_of_the_command_and_the_size_is_given_back(
    cgp: Cgp, portal: PortalProcess, code: int
) -> None:
    told = cgp(*RUN, sys.executable, "-c", f"print('hi'); raise SystemExit({code})", code=code)
    assert told.out == "hi\n"
    assert "ended" in told.err
    assert boosts(portal) == ["alice"]


def test_the_end_of_one_job_takes_the_size_from_no_other(cgp: Cgp, portal: PortalProcess) -> None:
    told = "import sys; print('begun', flush=True); sys.stdin.readline()"
    words = ("run", "--boost", "64", "--for", "2h", "--lease", "3s", PRIMARY, "--")
    first, second = (begun(cgp, *words, sys.executable, "-c", told) for _ in range(2))
    said = [running.communicate("x\n", timeout=60)[1] for running in (first, second)]
    assert "made longer by others too" in said[0]
    assert "longer while" in said[1]
    assert (boosts(portal), memory(portal)) == ([""], 64)


def test_a_command_that_is_not_there_gives_it_back_too(cgp: Cgp, portal: PortalProcess) -> None:
    cgp(*RUN, "no-such-command", code=127)
    assert boosts(portal) == ["alice"]


def test_where_the_boost_is_refused_nothing_runs(cgp: Cgp, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    cgp("run", "--boost", "5000", "--for", "2h", PRIMARY, "--", "touch", str(mark), code=5)
    assert not mark.exists()


def test_who_is_told_to_end_gives_it_back(cgp: Cgp, portal: PortalProcess) -> None:
    running = begun(cgp, *RUN, *SLEEP)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM
    assert boosts(portal) == ["alice"]


def test_who_is_killed_gives_it_back_by_the_end_of_the_lease(
    start_portal: StartPortal, tmp_path: Path
) -> None:
    portal = start_portal(entry=NO_BUDGET)
    browser = Browser(portal.url)
    browser.sign_in(portal.sandbox.person("alice"))
    cgp = cgp_of(portal, browser, tmp_path)
    running = begun(cgp, *RUN, *SLEEP)
    assert memory(portal) == 64
    running.kill()
    running.wait(timeout=60)  # the command itself lives on, and has the pipes
    for pipe in (running.stdin, running.stdout, running.stderr):
        assert pipe is not None
        pipe.close()
    assert boosts(portal) == [""]
    # The lease is ten minutes; the time is over.
    portal.execute("UPDATE boosts SET ends_at = '2020-01-01 00:00:00.000000'")
    wait_until(lambda: memory(portal) == 16)
