"""What holds on every page in every state, looked at without a browser."""

import re
from collections.abc import Iterator

import pytest
import requests
from werkzeug.security import generate_password_hash

from tests.browser.tour import Stop, Tour
from tests.pages.admin.administrator import NAME, PASSWORD
from tests.support.browser import Browser
from tests.support.portal import NO_BUDGET, PortalProcess
from tests.support.sandbox import RunningSandbox

CANARIES = {
    "iamRole": "arn:aws:iam::canary-role",
    "privateEndpointIds": ["vpce-canary"],
    "availablePrivateEndpointIds": ["vpce-canary-too"],
    "transparentDataEncryptionKeyId": "canary-encryption",
    "encryptionKey": "canary-key",
    "encryptionAssumedRoleIdentifier": "canary-assumed",
    "dataWarehouseId": "0b000000-0000-4000-8000-00000000cafe",
    "complianceType": "canary-compliance",
}
"""What Cloud tells of a service and nobody needs to see."""
NOT_NEEDED = re.compile(r"canary|00000000cafe|SandboxKey|4b1d", re.I)


@pytest.fixture(scope="module")
def stops(
    worker_sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Stop]]:
    """One answer for every state of every page. On the way each is checked as all pages are."""
    portal = PortalProcess(
        tmp_path_factory.mktemp("pages"),
        worker_sandbox,
        entry=NO_BUDGET,
        PORTAL_ADMIN_USERNAME=NAME,
        PORTAL_ADMIN_PASSWORD_HASH=generate_password_hash(PASSWORD),
    )
    worker_sandbox.reset()
    try:
        yield list(Tour(portal.start(), worker_sandbox).stops())
    finally:
        portal.kill()


# ASVS 7.4.4
def test_every_page_of_somebody_signed_in_shows_to_sign_out(stops: list[Stop]) -> None:
    signed_in = [stop for stop in stops if stop.browser.is_signed_in]
    assert len(signed_in) > 25
    for stop in signed_in:
        assert 'action="/sign-out"' in stop.answer.text, stop.name
    for stop in stops:
        if stop.name.startswith("admin") and "sign-in" not in stop.name:
            assert 'action="/admin/sign-out"' in stop.answer.text, stop.name


# ASVS 3.7.1, 3.6.1, 14.2.3
def test_no_page_asks_another_host_or_a_plugin_for_anything(stops: list[Stop]) -> None:
    for stop in stops:
        text = stop.answer.text
        assert not re.search(r"<(object|embed|applet|iframe|frame)\b", text), stop.name
        assert not re.search(r"""(src|href|action)=["']?(https?:)?//""", text), stop.name


# ASVS 6.4.2
def test_no_page_asks_for_a_hint_or_a_secret_answer(stops: list[Stop]) -> None:
    forms = [stop for stop in stops if "sign-in" in stop.name]
    assert forms
    for stop in forms:
        assert not re.search(r"password hint|secret question|maiden", stop.answer.text, re.I)


def test_no_page_shows_a_secret_or_a_trace(stops: list[Stop]) -> None:
    for stop in stops:
        text = stop.answer.text
        assert not re.search(r"-sandbox-1|Traceback|sqlalchemy|werkzeug", text), stop.name


# ASVS 14.2.6, 15.3.1
def test_pages_and_answers_hold_only_what_they_need(
    portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    for group in ("Analytics reporting", "Analytics primary"):
        sandbox.force(group, **CANARIES)
    group = sandbox.service_id("Analytics reporting")
    for path in ("/groups", f"/groups/{group}", f"/groups/{group}/live", f"/groups/{group}/scale"):
        assert not NOT_NEEDED.search(alice.fetch("GET", path).text), path
    auth = ("alice", sandbox.person("alice").password)
    for path in ("/api/v1/groups?warehouse=analytics", f"/api/v1/groups/{group}"):
        answer = requests.get(portal.url + path, auth=auth, timeout=20)
        assert answer.status_code == 200
        assert not NOT_NEEDED.search(answer.text), path


# ASVS 13.3.2
def test_the_records_are_for_the_portals_own_user(portal: PortalProcess) -> None:
    assert portal.database_path.is_file()
    folder = portal.database_path.parent
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {item.name: item.stat().st_mode & 0o777 for item in folder.iterdir()}
    assert "audit.anchor" in modes
    assert set(modes.values()) == {0o600}
