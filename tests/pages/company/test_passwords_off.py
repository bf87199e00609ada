"""Where the company's sign-in is the only way, no password counts anywhere."""

import pytest
import requests

from tests.pages.company.conftest import StartWith
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, sign_in_with
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

OFF = "Passwords are off for this warehouse."


@pytest.fixture
def company_portal(start_with: StartWith) -> PortalProcess:
    """A portal whose Analytics takes no passwords."""
    return start_with(sign_in="oidc")


def test_the_form_does_not_list_the_warehouse(browser: Browser, provider: RunningProvider) -> None:
    page = browser.get("/sign-in")
    assert not page.soup.select('#warehouse option[value="analytics"]')
    sign_in_with(browser, provider, "erin")


def test_the_form_takes_none_either(browser: Browser, sandbox: RunningSandbox) -> None:
    # ASVS 6.3.4
    alice = sandbox.person("alice")
    browser.get("/sign-in")
    token = browser.page.csrf_token
    given = {"warehouse": "analytics", "user": alice.name, "password": alice.password}
    browser.post("/sign-in", given | {"csrf_token": token}, status=422)
    assert sandbox.requests("clickhouse") == []


def test_the_api_takes_none_either(company_portal: PortalProcess, sandbox: RunningSandbox) -> None:
    # ASVS 6.3.4
    alice = sandbox.person("alice")
    service_id = sandbox.service_id("Analytics primary")
    paths = (f"/api/v1/groups/{service_id}", "/api/v1/groups?warehouse=analytics")
    for path in (*paths, "/api/v1/changes/ABCD-EFGH", "/api/v1/tokens?warehouse=analytics"):
        answer = requests.get(
            f"{company_portal.url}{path}", auth=(alice.name, alice.password), timeout=20
        )
        assert (answer.status_code, answer.json()["detail"].split(" Sign in")[0]) == (401, OFF)
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize("name", ["state", "config", "ip-access-list", "details"])
def test_the_paths_of_the_older_service_take_none_either(
    company_portal: PortalProcess, sandbox: RunningSandbox, name: str
) -> None:
    # ASVS 6.3.4: neither in the header nor where the older service took them.
    alice = sandbox.person("alice")
    address = f"{company_portal.url}/service/{name}"
    given = {"service_id": sandbox.service_id("Analytics primary")}
    named = given | {"username": alice.name, "password": alice.password}
    by_header = requests.get(address, params=given, auth=(alice.name, alice.password), timeout=20)
    for answer in (by_header, requests.get(address, params=named, timeout=20)):
        assert (answer.status_code, answer.json()["code"]) == (401, "passwords_off")
    assert sandbox.requests("clickhouse") == []


def test_the_older_service_changes_nothing_for_a_password(
    company_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    alice = sandbox.person("alice")
    body = {"service_id": sandbox.service_id("Analytics primary"), "min_memory_gb": 16}
    body |= {"max_memory_gb": 32, "username": alice.name, "password": alice.password}
    answer = requests.post(f"{company_portal.url}/scaling", json=body, timeout=20)
    assert answer.status_code == 401
    assert sandbox.requests("clickhouse") == sandbox.writes() == []
