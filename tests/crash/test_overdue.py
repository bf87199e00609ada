"""A boost whose end came while no portal lived goes back soon after a start, and once."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.boosting import check_boosts, let_pass, list_open, read_configs
from tests.crash.person import Alice, ask_for_anything, sign_in_alice
from tests.support.agreement import check_agreement
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins
from tests.support.waiting import wait_until

WITHIN_SECONDS = 10.0
"""After a start, where the lease of the one that died is over."""

LEASE_SECONDS = 8.0


@pytest.fixture
def twins(sandbox: RunningSandbox, shared_url: str, tmp_path: Path) -> Iterator[Twins]:
    """Two portals without Cloud's pace."""
    with running_twins(
        tmp_path, sandbox, shared_url, entry=NO_BUDGET, adapt=ask_for_anything
    ) as portals:
        yield portals


def boost_one(portal: PortalProcess, alice: Alice) -> str:
    """A boost that runs; the id of its group."""
    while not (found := list_open(portal)):
        if reference := alice.draft(portal, is_boost=True):
            alice.press(f"/changes/{reference}/confirm", portal)
    return found[0].service_id


def start_and_wait(portal: PortalProcess) -> float:
    """After how many seconds all boosts are over."""
    portal.start()
    began = time.monotonic()
    wait_until(lambda: list_open(portal) == [], seconds=LEASE_SECONDS + WITHIN_SECONDS)
    return time.monotonic() - began


@pytest.mark.crash
@pytest.mark.timeout(180)
@pytest.mark.parametrize("is_led", [False, True], ids=["lease over", "lease left"])
def test_a_boost_that_is_overdue_at_a_start_goes_back_at_once(
    twins: Twins, sandbox: RunningSandbox, is_led: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    was = read_configs(sandbox)
    first, second = twins.both
    alice = sign_in_alice(first, 1)
    group = boost_one(first, alice)
    for portal in twins.both:
        portal.kill()
    let_pass(first, group)
    if not is_led:
        first.age("leases", "expires_at", LEASE_SECONDS)
    took = start_and_wait(second)
    with capfd.disabled():
        sys.stderr.write(f"\noverdue boost over after {took:.1f} s, lease left: {is_led}\n")
    first.start()
    check_agreement(first, sandbox)
    assert check_boosts(first, sandbox, was) == {"ended": 1}
    assert len(sandbox.patches()) == 2
    assert took < WITHIN_SECONDS + is_led * LEASE_SECONDS
