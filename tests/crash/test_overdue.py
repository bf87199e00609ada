"""What came due while no portal lived is done soon after a start, and once: a boost goes back, a
schedule sets its size."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.domain.changes.change import STATE_LAG
from tests.crash.boosting import check_boosts, let_pass, list_open
from tests.crash.person import GROUPS, Alice, ask_for_anything, read_configs, sign_in_alice
from tests.crash.planning import end_all_plans
from tests.support.agreement import check_agreement
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.twins import Twins, running_twins
from tests.support.waiting import wait_until

WITHIN_SECONDS = 10.0
"""After a start, where the lease of the one that died is over."""

LEASE_SECONDS = 8.0
SHOWN_SECONDS = STATE_LAG.total_seconds()
"""After so long what Cloud shows is what is: nothing is concluded from it before."""

LEASES = pytest.mark.parametrize("is_led", [False, True], ids=["lease over", "lease left"])


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


def start_and_wait(portal: PortalProcess, is_done: Callable[[], bool]) -> float:
    """After how many seconds it is done."""
    portal.start()
    began = time.monotonic()
    wait_until(is_done, seconds=LEASE_SECONDS + WITHIN_SECONDS)
    return time.monotonic() - began


def die(twins: Twins, *, is_led: bool) -> None:
    """Both at once; the lease of the one that led goes on for its time, or is over."""
    for portal in twins.both:
        portal.kill()
    if not is_led:
        twins.first.age("leases", "expires_at", LEASE_SECONDS)


@pytest.mark.crash
@pytest.mark.timeout(180)
@LEASES
def test_a_boost_that_is_overdue_at_a_start_goes_back_at_once(
    twins: Twins, sandbox: RunningSandbox, is_led: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    was = read_configs(sandbox)
    first, second = twins.both
    alice = sign_in_alice(first, 1)
    group = boost_one(first, alice)
    die(twins, is_led=is_led)
    let_pass(first, group)
    took = start_and_wait(second, lambda: list_open(second) == [])
    with capfd.disabled():
        sys.stderr.write(f"\noverdue boost over after {took:.1f} s, lease left: {is_led}\n")
    first.start()
    check_agreement(first, sandbox)
    assert check_boosts(first, sandbox, was) == {"ended": 1}
    assert len(sandbox.patches()) == 2
    assert took < WITHIN_SECONDS + is_led * LEASE_SECONDS


@pytest.mark.crash
@pytest.mark.timeout(180)
@LEASES
def test_a_schedule_that_is_overdue_at_a_start_sets_its_size_at_once(
    twins: Twins, sandbox: RunningSandbox, is_led: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.control("POST", "/settings", {"scaling_seconds": 0})
    first, second = twins.both
    end_all_plans(first, sign_in_alice(first, 1))
    planned = read_configs(sandbox)
    die(twins, is_led=is_led)
    for name in GROUPS:
        sandbox.force(name, idleTimeoutMinutes=9999)
    first.age("schedule_versions", "saved_at", 60)  # so that it is an instant that nobody has met
    first.age("changes", "settled_at", SHOWN_SECONDS)
    took = start_and_wait(second, lambda: read_configs(sandbox) == planned)
    with capfd.disabled():
        sys.stderr.write(f"\noverdue schedules acted after {took:.1f} s, lease left: {is_led}\n")
    first.start()
    assert check_agreement(first, sandbox) == {"applied": 2 * len(GROUPS)}
    assert len(sandbox.patches()) == 2 * len(GROUPS)
    assert took < WITHIN_SECONDS + is_led * LEASE_SECONDS
