"""What Cloud shows after it accepted a change: late, as another state, or not at all."""

import pytest

from app.domain.changes.change import STATE_LAG
from tests.conftest import SignIn
from tests.pages.changes.test_reauthentication import RIGHT
from tests.pages.changes.test_show import headline
from tests.pages.people import REPORTING, TO_CHANGE, TO_REVIEW, confirm, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

LAG = STATE_LAG.total_seconds()


def hide(sandbox: RunningSandbox, visibility: str) -> None:
    """Let the group be shown, or not, to the portal's key."""
    path = f"/services/{sandbox.service_id(REPORTING)}/visibility"
    sandbox.control("POST", path, {"visibility": visibility})


def stop(browser: Browser, sandbox: RunningSandbox) -> str:
    """Stop the group; the path of the change."""
    browser.get(group_path(sandbox))
    browser.submit("Stop this group …", to=TO_REVIEW)
    return browser.submit(f"Stop {REPORTING}", RIGHT, to=TO_CHANGE).path


def test_values_that_show_a_minute_late_are_not_somebody_elses(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    sandbox.control("POST", "/settings", {"read_lag_seconds": 60})
    draft(alice, sandbox)
    path = confirm(alice).path
    for _ in range(2):
        assert headline(alice.get(path)) == "Accepted, taking effect"
        assert "changed again" not in alice.get(group_path(sandbox)).main
        sandbox.advance(29)
    sandbox.advance(3600)
    assert headline(alice.get(path)) == "In effect"


def test_a_stop_that_ends_in_idle_is_done(
    sign_in: SignIn, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    sandbox.control("POST", "/settings", {"stop_ends_in": "idle"})
    path = stop(alice, sandbox)
    sandbox.advance(60)
    portal.age("changes", "sent_at", LAG + 1)
    portal.age("changes", "settled_at", LAG + 1)
    assert headline(alice.get(path)) == "Idle"
    assert "idle, and not stopped" in alice.page.main


@pytest.mark.parametrize("visibility", ["unlisted", "hidden", "deleted"])
def test_a_group_that_disappears_while_its_change_is_open_gives_its_place_free(
    sign_in: SignIn, portal: PortalProcess, sandbox: RunningSandbox, visibility: str
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    path = confirm(alice).path
    hide(sandbox, visibility)
    assert headline(alice.get(path)) == "The outcome is not known yet"
    portal.age("changes", "sent_at", LAG + 61)
    page = alice.get(path)
    assert "deleted, or no longer visible to the portal's key" in page.main
    assert portal.execute("SELECT state FROM changes") == [("unknown",)]
    hide(sandbox, "shown")
    sandbox.force(REPORTING, state="running")
    draft(alice, sandbox, max_memory_gb="32")
    assert headline(confirm(alice)) == "Accepted, taking effect"
