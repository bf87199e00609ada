"""Where the company's sign-in is the only way, no password counts anywhere."""

import re

import pytest
import requests

from app.api.operations import OPERATIONS
from tests.pages.company.conftest import StartWith
from tests.support.browser import Browser
from tests.support.openid_provider import RunningProvider, sign_in_with
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

OFF = "Passwords are off for this warehouse."
REFUSED = (401, "passwords_off")
NOBODYS = "0c000000-0000-4000-8000-0000000000ff"
UNKNOWN_CHANGE = "GET /api/v1/changes/ABCD-EFGH"


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
    for path in (*paths, "/api/v1/tokens?warehouse=analytics"):
        answer = requests.get(
            f"{company_portal.url}{path}", auth=(alice.name, alice.password), timeout=20
        )
        assert (answer.status_code, answer.json()["detail"].split(" Sign in")[0]) == (401, OFF)
    assert sandbox.requests("clickhouse") == []


def test_what_is_in_no_warehouse_is_refused_as_where_passwords_are_taken(
    company_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    """So that an unknown service is not told from one of the warehouse that takes them. What is
    asked there has a made-up name, so that alice's password opens nothing."""
    alice = sandbox.person("alice")
    of_marketing = sandbox.service_id("Marketing campaigns")
    answers = [
        requests.get(
            f"{company_portal.url}/api/v1/groups/{service_id}",
            auth=(alice.name, "wrong"),
            timeout=20,
        )
        for service_id in (of_marketing, NOBODYS)
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    asked = {item["service_id"] for item in sandbox.requests("clickhouse")}
    assert asked == {of_marketing}


def test_no_operation_of_the_api_takes_one(
    company_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    """Every operation by name, the older service's as well, and the password in the header."""
    # ASVS 6.3.4
    alice = sandbox.person("alice")
    service_id = sandbox.service_id("Analytics primary")
    answers = {}
    for operation in OPERATIONS:
        path = operation.path.replace("{service_id}", service_id)
        path = re.sub("{[^}]*}", "ABCD-EFGH", path.replace("{token_id}", "0" * 16))
        given = {"warehouse": "analytics"} if "service_id" not in operation.path else {}
        if path.startswith("/service/"):
            given = {"service_id": service_id}
        is_read = operation.method in {"GET", "DELETE"}
        answer = requests.request(
            operation.method,
            f"{company_portal.url}{path}",
            params=given if is_read else None,
            json=None if is_read else {"service_id": service_id},
            auth=(alice.name, alice.password),
            timeout=20,
        )
        answers[f"{operation.method} {path}"] = (answer.status_code, answer.json().get("code"))
    # It is in no warehouse, and refused as by the one that takes passwords.
    assert answers.pop(UNKNOWN_CHANGE) == (401, "wrong_credentials")
    assert {key: found for key, found in answers.items() if found != REFUSED} == {}
    of_marketing = sandbox.service_id("Marketing campaigns")
    assert {item["service_id"] for item in sandbox.requests("clickhouse")} == {of_marketing}
    assert sandbox.writes() == []


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
