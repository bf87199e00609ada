"""A change that nothing can settle is closed by a person, and only when no answer can come."""

import pytest

from tests.conftest import SignIn
from tests.pages.people import REPORTING, confirm, draft, group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


@pytest.fixture
def stuck(sign_in: SignIn, sandbox: RunningSandbox) -> Browser:
    """Alice before a change without an answer, of a group that somebody else changed too."""
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    confirm(alice)
    sandbox.force(REPORTING, maxReplicaMemoryGb=32)  # neither 16 as before nor 64 as asked
    return alice


def test_a_mixture_stays_open_and_is_closed_by_hand(
    stuck: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    path = stuck.page.path
    portal.age("changes", "sent_at", 61)
    page = stuck.get(path)
    assert "The outcome of this change cannot be determined." in page.main
    page = stuck.submit("Close this change", to=path)
    assert page.text(".headline-state") == "Closed without a known outcome"
    assert "alice compared the configuration and closed this change." in page.main
    assert stuck.get(group_path(sandbox)).has("Scale this group")
    draft(stuck, sandbox, num_replicas="2")
    confirm(stuck)
    assert sandbox.patches() == [{"maxReplicaMemoryGb": 64}, {"numReplicas": 2}]


def test_it_is_not_closed_while_an_answer_can_still_come(
    stuck: Browser, portal: PortalProcess
) -> None:
    path, token = stuck.page.path, stuck.page.csrf_token
    page = stuck.post(f"{path}/close", {"csrf_token": token}, status=409)
    assert "ClickHouse Cloud may still answer. Wait a minute, then check again." in page.main
    assert portal.execute("SELECT settled_at FROM changes") == [(None,)]


def test_closing_twice_closes_once(
    stuck: Browser, portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    path = stuck.page.path
    portal.age("changes", "sent_at", 61)
    stuck.get(path)
    token = stuck.page.csrf_token
    stuck.submit("Close this change", to=path)
    settled = portal.execute("SELECT settled_at, settled_note FROM changes")
    stuck.post(f"{path}/close", {"csrf_token": token}, to=path)
    assert portal.execute("SELECT settled_at, settled_note FROM changes") == settled
    assert len(sandbox.patches()) == 1


def test_a_change_with_a_known_outcome_is_not_rewritten(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    page = confirm(alice)
    before = page.text(".headline-state")
    page = alice.post(f"{page.path}/close", {"csrf_token": page.csrf_token}, to=page.path)
    assert page.text(".headline-state") == before
