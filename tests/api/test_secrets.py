"""A password is nowhere but in the request: not in the log, not in the records, not in answers."""

import socket

import pytest

from tests.api.client import ApiClient
from tests.api.paths import LARGER, REPORTING, group_path
from tests.conftest import StartPortal
from tests.support.portal import PortalProcess
from tests.support.sandbox import Person, RunningSandbox

PASSWORD_OF_NOBODY = "gX7-unmistakable-words"
CONNECT_SECONDS = 10


# ASVS 14.2.4, 13.3.1
def test_no_password_is_logged_recorded_or_answered(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal, alice = start_portal(), sandbox.person("alice")
    service_id = sandbox.service_id(REPORTING)
    texts = []
    for person in (alice, Person("mallory", PASSWORD_OF_NOBODY, "")):
        credentials = {"username": person.name, "password": person.password}
        nobody, basic = ApiClient(portal.url), ApiClient(portal.url, person)
        query = f"?service_id={service_id}&username={person.name}&password={person.password}"
        texts += [
            nobody.send("GET", f"/service/{part}{query}", None).response.text
            for part in ("state", "config", "details", "nothing")
        ]
        asked = {"service_id": service_id, **credentials, **LARGER}
        for body in (asked, asked | {"max_memory_gb": "x"}, asked | {"service_id": "x"}):
            texts.append(nobody.send("POST", "/scaling", None, json=body).response.text)
        texts.append(basic.send("GET", group_path(sandbox), None).response.text)
        headers = {"Idempotency-Key": "k"}
        stop = {"command": "stop", "confirm_name": REPORTING}
        path = group_path(sandbox, part="state")
        texts.append(basic.send("POST", path, None, json=stop, headers=headers).response.text)
    for secret in (alice.password, PASSWORD_OF_NOBODY):
        assert secret not in portal.read_log()
        assert not any(secret in text for text in texts)
        kept = [path for path in portal.folder.rglob("portal.db*") if path.is_file()]
        assert kept
        assert not any(secret.encode() in path.read_bytes() for path in kept)


def test_the_log_names_the_path_and_the_request_and_no_query(
    start_portal: StartPortal, sandbox: RunningSandbox
) -> None:
    portal = start_portal()
    answer = ApiClient(portal.url, sandbox.person("alice")).get("/service/state?service_id=x", 401)
    (line,) = [line for line in portal.read_log().splitlines() if "/service/state" in line]
    assert answer.body["request_id"] in line
    assert "service_id" not in line


@pytest.mark.parametrize(
    "line",
    [
        "GET /service/state?password={secret}",
        "GET /service/state?password=two {secret} HTTP/1.1",
        "GET /service/state?password={secret}\x01 HTTP/1.1",
        "GET /service/state HTTP/1.1\r\nAuthorization {secret}",
        "GET /service/state?password={secret} HTTP/{secret}",
    ],
)
def test_a_request_that_cannot_be_read_is_not_logged_either(
    portal: PortalProcess, line: str
) -> None:
    text = line.format(secret=PASSWORD_OF_NOBODY)
    with socket.create_connection(("127.0.0.1", portal.port), CONNECT_SECONDS) as connection:
        connection.sendall(f"{text}\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 400 ")
    log = portal.read_log()
    assert "Invalid request from ip=127.0.0.1" in log
    assert PASSWORD_OF_NOBODY not in log
