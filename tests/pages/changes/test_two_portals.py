"""Two portals over one database, as while a new one takes over: still one change at a time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.changes.buttons import at_once, press
from tests.pages.people import REPORTING, draft
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until


@pytest.fixture
def two_windows(
    portal: PortalProcess, start_portal: StartPortal, sign_in: SignIn
) -> tuple[Browser, Browser]:
    """Alice at two portals over one database, as there are while a new one takes over."""
    database = f"sqlite:///{portal.database_path}"
    second = start_portal(entry=NO_BUDGET, PORTAL_DATABASE_URL=database, PORTAL_TRUSTED_PROXIES="1")
    here = sign_in("alice")
    there = here.clone()
    there.url = second.url
    return here, there


# ASVS 2.3.4, 15.4.1
def test_fifty_presses_at_two_portals_over_one_database_send_one_patch(
    two_windows: tuple[Browser, Browser], sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice, there = two_windows
    page = draft(alice, sandbox)
    path = page.path.replace("/review", "/confirm")
    windows = [alice, there] * 25
    statuses = at_once([press(window, path, page.csrf_token) for window in windows])
    assert statuses == [303] * 50
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]
    assert portal.execute("SELECT state FROM changes") == [("applied",)]


# ASVS 2.3.4
def test_of_two_drafts_confirmed_at_two_portals_one_gets_through_and_the_other_is_told(
    two_windows: tuple[Browser, Browser], sandbox: RunningSandbox
) -> None:
    alice, there = two_windows
    here_page = draft(alice, sandbox, max_memory_gb="64")
    draft(there, sandbox, max_memory_gb="32")
    sandbox.fault("PATCH", "slow", seconds=1)
    path = here_page.path.replace("/review", "/confirm")
    with ThreadPoolExecutor(1) as pool:
        pressed = pool.submit(press(alice, path, here_page.csrf_token))
        wait_until(lambda: sandbox.patches() != [])
        page = there.submit(f"Scale {REPORTING}", status=409)
        assert "alice is changing this group at the moment." in page.main
        sandbox.clear_faults()
        assert pressed.result(20) == 303
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}]
