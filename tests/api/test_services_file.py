"""The flat list of services over HTTP: pages for the one user of each, and a log in a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.security import generate_password_hash

from tests.support.browser import Browser
from tests.support.openapi import check_answer
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

StartPortal = Callable[..., PortalProcess]
PRIMARY, REPORTING, MARKETING = (
    "0c000000-0000-4000-8000-000000000011",
    "0c000000-0000-4000-8000-000000000012",
    "0c000000-0000-4000-8000-000000000021",
)
PLAIN, HASHED = "plain words for a service", "words that are known by their hash"


def flat(config: dict[str, Any]) -> None:
    """Put a flat list of three services into the place of the warehouses."""
    config.clear()
    config["portal"] = {"title": "Compute groups (sandbox)"}
    config["services"] = [
        {"service_id": PRIMARY, "username": "plain", "password": PLAIN, "name": "Primary"},
        {
            "service_id": REPORTING,
            "username": "hashed",
            "password_hash": generate_password_hash(HASHED),
            "name": "Reporting",
        },
        {"service_id": MARKETING, "username": "dana", "name": "Campaigns"},
    ]


@pytest.fixture
def flat_portal(start_portal: StartPortal, tmp_path: Path) -> PortalProcess:
    """A portal over the flat list that also logs to a small file."""
    return start_portal(
        adapt=flat,
        PORTAL_LOG_FILE=str(tmp_path / "logs/portal.log"),
        PORTAL_LOG_MAX_BYTES="1000",
        PORTAL_LOG_BACKUPS="2",
    )


def try_to_sign_in(browser: Browser, service_id: str, user: str, password: str) -> int:
    """The status of a sign-in by the form; 303 for one that worked."""
    browser.get("/sign-in")
    fields = {"warehouse": service_id, "user": user, "password": password}
    fields["csrf_token"] = browser.page.csrf_token
    headers = {"Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
    return browser.fetch("POST", "/sign-in", data=fields, headers=headers).status_code


def test_users_of_the_list_sign_in_and_see_their_own_service_alone(
    flat_portal: PortalProcess, sandbox: RunningSandbox
) -> None:
    people = {
        PRIMARY: ("plain", PLAIN, "Primary"),
        REPORTING: ("hashed", HASHED, "Reporting"),
        MARKETING: ("dana", sandbox.person("dana").password, "Campaigns"),
    }
    for service_id, (user, password, name) in people.items():
        browser = Browser(flat_portal.url)
        assert try_to_sign_in(browser, service_id, user, password) == 303
        browser.is_signed_in = True
        browser.get("/groups")
        assert [name in browser.page.main for *_, name in people.values()].count(True) == 1
        assert name in browser.page.main
        browser.get(f"/groups/{service_id}")
        assert browser.page.has("Scale this group")
    # Passwords that the portal knows were not sent anywhere.
    assert [item["side"] for item in sandbox.requests("clickhouse")] == ["clickhouse"]
    assert sandbox.connections("Marketing campaigns") == 1


@pytest.mark.parametrize(
    ("service_id", "user", "password"),
    [
        (PRIMARY, "plain", HASHED),
        (PRIMARY, "hashed", HASHED),
        (REPORTING, "plain", PLAIN),
        (REPORTING, "hashed", "wrong"),
        (PRIMARY, "alice", "alice-sandbox-1"),
    ],
)
def test_nobody_else_signs_in(
    flat_portal: PortalProcess,
    sandbox: RunningSandbox,
    service_id: str,
    user: str,
    password: str,
) -> None:
    assert try_to_sign_in(Browser(flat_portal.url), service_id, user, password) == 401
    assert sandbox.requests("clickhouse") == []


@pytest.mark.parametrize(
    ("service_id", "user", "password"), [(PRIMARY, "plain", PLAIN), (REPORTING, "hashed", HASHED)]
)
def test_programs_use_the_same_passwords_in_every_way_there_is(
    flat_portal: PortalProcess,
    sandbox: RunningSandbox,
    service_id: str,
    user: str,
    password: str,
) -> None:
    named = {"service_id": service_id, "username": user, "password": password}
    state = f"{flat_portal.url}/service/state"
    by_query = requests.get(state, named, timeout=30)
    by_basic = requests.get(state, {"service_id": service_id}, auth=(user, password), timeout=30)
    for answer in (by_query, by_basic):
        assert check_answer(answer).json() == {"state": "running"}
    # Turning idling off has the password checked afresh: here, too.
    body = named | {"min_memory_gb": 16, "max_memory_gb": 64, "idle_scaling": False}
    scaled = check_answer(requests.post(f"{flat_portal.url}/scaling", json=body, timeout=30))
    assert scaled.json() == {"message": "Service configuration updated successfully."}
    assert len(sandbox.patches()) == 1
    assert sandbox.requests("clickhouse") == []
    wrong = requests.get(state, named | {"password": "wrong"}, timeout=30)
    assert check_answer(wrong).status_code == 401


def test_a_portal_starts_on_the_settings_of_the_earlier_api(start_portal: StartPortal) -> None:
    portal = start_portal(
        adapt=flat,
        PORTAL_SECRET_KEY="",
        CLICKHOUSE_FAST_API_USERNAME="documents",
        CLICKHOUSE_FAST_API_PASSWORD="its plain password",
        CLICKHOUSE_FAST_API_DOCS_PATH="/earlier/docs",
    )
    docs = f"{portal.url}/earlier/docs"
    assert requests.get(docs, timeout=30).status_code == 401
    auth = ("documents", "its plain password")
    assert requests.get(docs, auth=auth, timeout=30).status_code == 200
    assert try_to_sign_in(Browser(portal.url), PRIMARY, "plain", PLAIN) == 303
    log = portal.read_log()
    assert "CLICKHOUSE_FAST_API_PASSWORD: is a password in plain text." in log
    assert "PORTAL_SECRET_KEY: is missing, so everybody is signed out at each start." in log
    assert "its plain password" not in log


def test_the_log_file_is_put_aside_when_full_and_every_line_has_its_request(
    flat_portal: PortalProcess, tmp_path: Path
) -> None:
    log = flat_portal.read_log()
    assert "services[0].password: is in plain text" in log
    browser = Browser(flat_portal.url)
    for _ in range(40):
        browser.fetch("GET", "/healthz")
    browser.fetch("GET", "/nowhere?password=secret-in-the-query")
    files = sorted((tmp_path / "logs").iterdir())
    assert [path.name for path in files] == ["portal.log", "portal.log.1", "portal.log.2"]
    for path in files:
        assert path.stat().st_size <= 1000
        for line in path.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            # The jobs of the worker, which speak in between, belong to no request.
            assert len(event["request_id"] or "") == (16 if event["message"] == "request" else 0)
    everything = flat_portal.read_log() + "".join(path.read_text() for path in files)
    for secret in (PLAIN, HASHED, "secret-in-the-query", "scrypt:"):
        assert secret not in everything
