"""Who may not scale cannot, by page or by forged form, and what is refused never reaches Cloud."""

import pytest

from tests.conftest import SignIn, StartPortal
from tests.pages.people import confirm, draft, group_path, reference_of
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, Config, PortalProcess
from tests.support.sandbox import RunningSandbox

REFUSED = "You can view “Analytics reporting”, but this needs the permission “scale”."
FORGED = {
    "min_memory_gb": "8",
    "max_memory_gb": "64",
    "num_replicas": "1",
    "idle_scaling": "on",
    "idle_timeout_minutes": "10",
    "reason": "",
    "drawn_from": "vertical:8:16:1:1:1:10",
}


@pytest.fixture
def bob(sign_in: SignIn) -> Browser:
    """Bob, who may look, on a page with a form."""
    browser = sign_in("bob")
    browser.get("/groups")
    return browser


def test_bob_gets_no_form(bob: Browser, sandbox: RunningSandbox) -> None:
    page = bob.get(group_path(sandbox, part="scale"), 403)
    assert page.h1 == "You may not do this"
    assert f"{REFUSED} Ask whoever started this sandbox" in page.main
    assert page.summary == []


def test_bobs_forged_form_is_refused(
    bob: Browser, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    # ASVS 8.2.1, 8.3.1
    forged = {**FORGED, "csrf_token": bob.page.csrf_token}
    assert REFUSED in bob.post(group_path(sandbox, part="scale"), forged, status=403).main
    assert sandbox.writes() == []
    assert portal.execute("SELECT count(*) FROM changes") == [(0,)]


@pytest.mark.parametrize("action", ["confirm", "review", "", "live"])
def test_a_draft_is_its_authors_alone(
    bob: Browser, sign_in: SignIn, sandbox: RunningSandbox, action: str
) -> None:
    # ASVS 2.3.1
    path = f"/changes/{reference_of(draft(sign_in('alice'), sandbox))}/{action}".rstrip("/")
    if action == "confirm":
        bob.post(path, {"csrf_token": bob.page.csrf_token}, status=404)
    else:
        bob.get(path, 404)
    assert sandbox.writes() == []


def test_bob_sees_a_confirmed_change_but_cannot_close_it(
    bob: Browser, sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    sandbox.fault("PATCH", "reset")
    reference = reference_of(confirm(alice))
    portal.age("changes", "sent_at", 61)
    sandbox.force("Analytics reporting", maxReplicaMemoryGb=32)  # neither before nor asked
    page = bob.get(f"/changes/{reference}")
    assert not page.has("Close this change")
    forged = {"csrf_token": page.csrf_token}
    bob.post(f"/changes/{reference}/close", forged, status=403)
    assert portal.execute("SELECT settled_at FROM changes") == [(None,)]


def test_a_permission_that_was_taken_away_ends_at_once(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # ASVS 7.4.2, 8.3.2
    portal = start_portal(entry=NO_BUDGET)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    draft(alice, sandbox)

    def only_looking(config: Config) -> None:
        config["warehouses"][0]["access"][0]["permissions"] = ["view"]

    portal.configure(only_looking)
    portal.restart()
    page = alice.submit("Scale Analytics reporting", status=403)
    assert page.h1 == "You may not do this"
    assert sandbox.writes() == []


def test_somebody_whose_last_group_was_taken_away_sees_none(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    # ASVS 7.4.2
    portal = start_portal(entry=NO_BUDGET)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))

    def without_alice(config: Config) -> None:
        del config["warehouses"][0]["access"][0]

    portal.configure(without_alice)
    portal.restart()
    assert "You have no compute group here any more." in alice.get("/groups").main
    alice.get(group_path(sandbox), 404)
