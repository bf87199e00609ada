"""Who is not signed in gets nowhere, whatever is asked and however it is sent."""

import re
import socket
from pathlib import Path

import pytest
from flask import Flask

from app.http.access import ADMIN, POLLED, PUBLIC, SHARED, SIGNED_IN
from tests.conftest import SignIn
from tests.pages.people import group_path
from tests.support.browser import Browser
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox
from tests.unit.web.application import wired_application

DOCS = "/clickhouse/manual/scaling/docs"
GROUP = "0c000000-0000-4000-8000-000000000012"
VALUES = {
    "service_id": GROUP,
    "reference": "AAAA-AAAA",
    "session_id": "1",
    "action": "wake",
    "kind": "csv",
    "token_id": "0123456789abcdef",
    "mark": "0123456789ab",
}
PROBES = [
    "/.git/config",
    "/.git/HEAD",
    "/.env",
    "/configs/.env",
    "/configs/org_config.yaml",
    "/wsgi.py",
    "/app/factory.py",
    "/instance/portal.db",
    "/static/",
    "/static/js/",
    "/static/../wsgi.py",
    "/bootstrap/static/",
    "/console",
    "/debug",
    "/?__debugger__=yes&cmd=resource&f=debugger.js",
    "/_sandbox",
    "/_sandbox/requests",
    "/metrics",
    "/swagger.json",
    "/docs",
    "/server-status",
    "/phpinfo.php",
    "/robots.txt~",
]


def addresses(app: Flask) -> dict[str, tuple[str, str]]:
    """Each endpoint that is not public, with a method and an address of it."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in SHARED | PUBLIC:
            continue
        path = re.sub(r"<([^<>]*:)?(\w+)>", _value_of, rule.rule)
        methods = rule.methods or set()
        method = "GET" if "GET" in methods else min(methods - {"HEAD", "OPTIONS"})
        found[rule.endpoint] = method, path
    return found


def _value_of(place: re.Match[str]) -> str:
    """A value for a part of an address: the first of those that it takes, if they are listed."""
    listed = re.match(r"any\((\w+)", place[1] or "")
    return listed[1] if listed else VALUES[place[2]]


def expected_of(endpoint: str) -> set[int]:
    """What a stranger to the API may be told: to sign in, of nothing there, or what is missing."""
    if endpoint in POLLED:
        return {401}
    return {422} if endpoint.startswith("legacy.") else {401, 404}


# ASVS 6.3.4, 8.3.1
def test_no_route_but_the_public_ones_answers_a_stranger(
    tmp_path: Path, browser: Browser, sandbox: RunningSandbox
) -> None:
    with wired_application(tmp_path) as app:
        tried = addresses(app)
    assert len(tried) > 30
    for endpoint, (method, path) in tried.items():
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        # The wired application has the documentation at an address of its own.
        shown = f"{DOCS}{path.removeprefix('/docs')}" if path.startswith("/docs") else path
        answer = browser.fetch(method, shown, headers=headers, data="{}")
        if endpoint in SIGNED_IN | ADMIN:
            is_away = answer.status_code == 303 and "sign-in" in answer.headers["Location"]
            assert is_away or answer.status_code == 403, (endpoint, answer.status_code)
        else:
            assert answer.status_code in expected_of(endpoint), (endpoint, answer.status_code)
        assert "Analytics" not in answer.text, endpoint
    assert sandbox.writes() == []
    assert sandbox.requests("clickhouse") == []


# ASVS 13.4.1, 13.4.2, 13.4.3, 13.4.5, 13.4.7, 15.2.3
def test_nothing_of_the_inside_can_be_fetched(browser: Browser, sign_in: SignIn) -> None:
    for somebody in (browser, sign_in("alice")):
        for probe in PROBES:
            answer = somebody.session.get(browser.url + probe, allow_redirects=False, timeout=20)
            is_home = answer.status_code == 303 and probe.startswith("/?")
            assert is_home or answer.status_code in {400, 404}, (probe, answer.status_code)


# ASVS 3.2.1, 3.5.8
@pytest.mark.parametrize("destination", ["iframe", "frame", "object", "embed", "script", "image"])
def test_no_answer_becomes_a_part_of_another_page(
    sign_in: SignIn, sandbox: RunningSandbox, destination: str
) -> None:
    alice = sign_in("alice")
    for path in ("/groups", "/groups/live", group_path(sandbox), "/account", "/api/v1/groups"):
        answer = alice.fetch("GET", path, headers={"Sec-Fetch-Dest": destination})
        assert answer.status_code == 403, path
        assert "Analytics reporting" not in answer.text


# ASVS 3.2.1
def test_a_fragment_is_for_the_pages_own_script_alone(sign_in: SignIn) -> None:
    alice = sign_in("alice")
    assert (
        alice.fetch("GET", "/groups/live", headers={"Sec-Fetch-Dest": "document"}).status_code
        == 403
    )
    assert (
        alice.fetch("GET", "/groups/live", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    )
    assert alice.fetch("GET", "/groups", headers={"Sec-Fetch-Dest": "document"}).status_code == 200


def say(portal: PortalProcess, text: str) -> bytes:
    """What the portal answers to these bytes, until it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=3) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode())
        heard = b""
        try:
            while part := connection.recv(65536):
                heard += part
        except TimeoutError:
            pass
        return heard


# ASVS 4.2.1
@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\nContent-Length: 60",
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Transfer-Encoding : chunked",
    ],
)
def test_one_request_does_not_hide_another(portal: PortalProcess, lengths: str) -> None:
    hidden = "GET /healthz HTTP/1.1\nHost: 127.0.0.1\n\n"
    head = f"POST /sign-in HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n{lengths}\n\n"
    heard = say(portal, f"{head}0\n\n{hidden}")
    assert heard.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), heard[:100]
    assert heard.count(b"HTTP/1.1 ") == 1
    assert b"\r\n\r\nok\n" not in heard
