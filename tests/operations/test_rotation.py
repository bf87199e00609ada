"""Keys and passwords are changed while the portal goes on, as docs/operating.md says."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from werkzeug.security import generate_password_hash

from tests.conftest import StartPortal
from tests.operations.steps import command
from tests.pages.admin.administrator import NAME, PASSWORD, AdminBrowser
from tests.support.browser import Browser
from tests.support.portal import SECRET_KEY, PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.support.waiting import wait_until

OTHER_KEY = "yT6-bQ2_nW8rE4uI0oP5aS9dF3gH7jKlTests"
OTHER_PASSWORD = "another phrase of an administrator"


def readiness_of_a_watched(portal: PortalProcess, somebody: Browser) -> int:
    """While somebody looks; what was read last serves for some seconds more."""
    somebody.get("/groups")
    return readiness(portal)[0]


@pytest.fixture
def secret(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a secret into a file; the path of that."""

    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(f"{text}\n", encoding="utf-8")
        return str(path)

    return write


def begin_anew(portal: PortalProcess) -> None:
    """Reload, and wait until the process that had the old settings has ended."""
    (before,) = portal.workers()
    portal.hang_up()
    wait_until(lambda: len(portal.workers()) == 1 and portal.workers() != [before], seconds=45)


def readiness(portal: PortalProcess) -> tuple[int, str]:
    answer = requests.get(f"{portal.url}/readyz", timeout=20)
    return answer.status_code, answer.text


def test_a_new_key_of_cloud_is_used_after_a_reload_and_nobody_is_signed_out(
    start_portal: StartPortal, sandbox: RunningSandbox, secret: Callable[[str, str], str]
) -> None:
    right = sandbox.world["api_key_secret"]
    path = secret("api_secret", right)
    portal = start_portal(CLICKHOUSE_API_SECRET="", CLICKHOUSE_API_SECRET_FILE=path)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    secret("api_secret", right[:-1] + "x")
    begin_anew(portal)
    wait_until(lambda: readiness_of_a_watched(portal, alice) == 503, seconds=30)
    secret("api_secret", right)
    begin_anew(portal)
    wait_until(lambda: readiness_of_a_watched(portal, alice) == 200, seconds=30)


def test_a_new_password_of_the_administrator_ends_the_sessions_of_the_old_one(
    start_portal: StartPortal, secret: Callable[[str, str], str]
) -> None:
    path = secret("admin", generate_password_hash(PASSWORD))
    portal = start_portal(PORTAL_ADMIN_USERNAME=NAME, PORTAL_ADMIN_PASSWORD_HASH_FILE=path)
    administrator = AdminBrowser(portal.url)
    administrator.sign_in_as_admin()
    secret("admin", generate_password_hash(OTHER_PASSWORD))
    begin_anew(portal)
    assert administrator.fetch("GET", "/admin").status_code in {302, 303}
    administrator = AdminBrowser(portal.url)
    administrator.get("/admin/sign-in")
    administrator.submit("Sign in", {"user": NAME, "password": PASSWORD}, status=401)
    administrator.submit("Sign in", {"user": NAME, "password": OTHER_PASSWORD}, to="/admin")


def test_a_new_secret_key_signs_everybody_out_and_is_accepted_by_the_operator(
    start_portal: StartPortal, sandbox: RunningSandbox, secret: Callable[[str, str], str]
) -> None:
    path = secret("secret_key", SECRET_KEY)
    portal = start_portal(PORTAL_SECRET_KEY="", PORTAL_SECRET_KEY_FILE=path)
    alice = Browser(portal.url)
    alice.sign_in(sandbox.person("alice"))
    secret("secret_key", OTHER_KEY)
    begin_anew(portal)
    assert alice.fetch("GET", "/groups").status_code in {302, 303}
    status, words = readiness(portal)
    assert (status, "another key" in words) == (503, True), words
    assert command(portal, "audit", "accept").returncode == 0
    assert readiness(portal)[0] == 200
    assert command(portal, "audit", "verify").returncode == 0
