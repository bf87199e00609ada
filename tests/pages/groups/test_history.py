"""What happened to a group: here, in the console, by other programs, and by Cloud itself."""

import re

import requests

from tests.conftest import SignIn
from tests.pages.people import REPORTING, confirm, draft, group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox


def scale_elsewhere(sandbox: RunningSandbox, replicas: int) -> None:
    """Change the size as Terraform does: with a key, and without the portal."""
    world = sandbox.world
    path = f"/organizations/{world['organization_id']}/services/{sandbox.service_id(REPORTING)}"
    response = requests.patch(
        f"{world['api']}{path}/replicaScaling",
        json={"numReplicas": replicas},
        auth=(world["api_key_id"], world["api_key_secret"]),
        headers={"User-Agent": "terraform-provider-clickhouse/3.1"},
        timeout=10,
    )
    assert response.status_code == 200


def test_our_change_is_told_once_and_names_its_author_to_cloud(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    made = confirm(alice).h1.split()[1]
    listed = alice.get(group_path(sandbox)).text("section.history tbody")
    assert listed.count("Scale") == 1
    assert made in listed
    assert "Memory changed" not in listed
    [write] = sandbox.writes()
    own = r"clickhouse-compute-portal/[0-9.]+ \(user=alice; request=[0-9a-f]{16}\)"
    assert re.fullmatch(own, write["user_agent"])


def test_what_changed_without_the_portal_is_marked(
    sign_in: SignIn, sandbox: RunningSandbox
) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    confirm(alice)
    assert "outside this portal" not in alice.get(group_path(sandbox)).main
    scale_elsewhere(sandbox, 4)
    page = alice.get(group_path(sandbox))
    listed = page.text("section.history tbody")
    assert "Replicas changed outside this portal" in listed
    assert "an API key" in listed
    assert "What is configured is not what the last change made here has set." in page.main
    assert "It was changed outside this portal: replicas changed by" in page.main


def test_bob_reads_that_and_not_whose(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    alice = sign_in("alice")
    draft(alice, sandbox)
    confirm(alice)
    page = sign_in("bob").get(group_path(sandbox))
    listed = page.text("section.history tbody")
    assert "somebody else, through this portal" in listed
    assert "8 to 16 GB → 8 to 64 GB" in listed
    assert "Accepted" in listed
    assert "alice" not in page.main
    assert not page.soup.select('a[href^="/changes/"]')


def test_without_clouds_record_the_page_says_so(sign_in: SignIn, sandbox: RunningSandbox) -> None:
    sandbox.fault("GET .*/activities$", "status", status=403, times=None)
    page = sign_in("alice").get(group_path(sandbox))
    assert "cannot be read at the moment. The portal's own key is refused" in page.main


def test_the_groups_page_asks_for_no_activities(
    sign_in: SignIn, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    sign_in("alice").get("/groups")
    assert not [item for item in sandbox.requests("cloud") if "/activities" in item["path"]]
