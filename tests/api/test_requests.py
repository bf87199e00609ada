"""Requests that cannot be understood, or that a browser sends for somebody else's page."""

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import Call
from tests.api.paths import LARGER, group_path
from tests.support.portal import PortalProcess
from tests.support.sandbox import RunningSandbox

JSON = {"Content-Type": "application/json"}
GOOD = b'{"min_memory_gb": 16, "max_memory_gb": 32}'


# ASVS 15.3.5
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"16",
        b'{"min_memory_gb": 16, "min_memory_gb": 16, "max_memory_gb": 32}',
        b'{"min_memory_gb": NaN}',
        b'{"min_memory_gb": Infinity}',
        b'{"min_memory_gb": -Infinity}',
        b'{"reason": "\xff"}',
        b'{"reason": "\\ud800"}',
        b'{"\\udfff": 1}',
        b"\xef\xbb\xbf{}",
        '{"min_memory_gb": 16}'.encode("utf-16"),
        b"[" * 20_000,
        b'{"a":' * 9_000,
        b'{"min_memory_gb": ' + b"9" * 5_000 + b"}",
        GOOD + b" x",
        b"min_memory_gb=16",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_that_is_not_one_json_object_is_malformed(
    call: Call, sandbox: RunningSandbox, body: bytes
) -> None:
    path = group_path(sandbox, part="changes")
    answer = call("alice").send("POST", path, 400, data=body, headers=JSON)
    assert answer.code == "malformed"
    call("alice").send("POST", "/scaling", 400, data=body, headers=JSON)
    assert sandbox.writes() == []


def test_a_number_beyond_all_bounds_is_a_broken_rule(call: Call, sandbox: RunningSandbox) -> None:
    path = group_path(sandbox, part="changes")
    for number, code in (("1e400", "not_a_whole_number"), ("-1e300", "memory_out_of_range")):
        body = f'{{"min_memory_gb": {number}, "max_memory_gb": 32}}'
        answer = call("alice").send("POST", path, 422, data=body, headers=JSON)
        assert answer.codes == {("min_memory_gb", code)}


# ASVS 3.5.2
@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "text/json",
        "",
    ],
)
def test_only_json_is_taken(call: Call, sandbox: RunningSandbox, kind: str | None) -> None:
    path, headers = group_path(sandbox, part="changes"), {"Content-Type": kind}
    assert call("alice").send("POST", path, 415, data=GOOD, headers=headers).code == "not_json"
    call("alice").send("POST", "/scaling", 415, data=GOOD, headers=headers)
    assert sandbox.writes() == []


def test_json_may_be_said_with_its_charset(call: Call, sandbox: RunningSandbox) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    path = group_path(sandbox, part="changes")
    call("alice").send("POST", path, 201, data=GOOD, headers=headers)


def test_too_large_a_body_is_refused(call: Call, sandbox: RunningSandbox) -> None:
    path = group_path(sandbox, part="changes")
    body = {**LARGER, "reason": "x" * 70_000}
    assert call("alice").post(path, body, 413).code == "too_large"
    chunks = iter([b'{"reason": "', b"x" * 70_000, b'"}'])
    call("alice").send("POST", path, 413, data=chunks, headers=JSON)


# ASVS 15.3.7
def test_parameters_may_be_sent_once_only(call: Call, sandbox: RunningSandbox) -> None:
    answer = call("alice").get("/api/v1/groups?warehouse=analytics&warehouse=marketing", 400)
    assert answer.code == "malformed"
    call("alice").get("/service/state?service_id=1&service_id=2", 400)


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "ä".encode("latin-1")])
def test_a_key_must_be_usable(call: Call, sandbox: RunningSandbox, key: str | bytes) -> None:
    path = group_path(sandbox, part="changes")
    answer = call("alice").post(path, LARGER, 400, headers={"Idempotency-Key": key})
    assert answer.code == "malformed"
    assert sandbox.writes() == []


# ASVS 3.5.1, 3.5.2
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "nonsense"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:1"},
    ],
)
def test_what_a_browser_sends_for_another_site_is_refused(
    call: Call, sandbox: RunningSandbox, headers: dict[str, str]
) -> None:
    client = call("alice")
    assert client.get(group_path(sandbox), 403, headers=headers).code == "foreign_origin"
    path = group_path(sandbox, part="changes")
    assert client.post(path, LARGER, 403, headers=headers).code == "foreign_origin"
    client.post("/scaling", LARGER, 403, headers=headers)
    assert sandbox.requests("clickhouse") == []
    assert sandbox.writes() == []


def test_what_the_portals_own_pages_and_people_ask_for_is_answered(
    call: Call, sandbox: RunningSandbox, portal: PortalProcess
) -> None:
    for headers in (
        {"Sec-Fetch-Site": "same-origin", "Origin": portal.url},
        {"Sec-Fetch-Site": "none"},
    ):
        call("alice").get(group_path(sandbox), headers=headers)


# ASVS 3.4.2
def test_no_answer_may_be_read_by_another_site(call: Call, sandbox: RunningSandbox) -> None:
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    path = group_path(sandbox, part="changes")
    answer = call("alice").send("OPTIONS", path, 403, headers=preflight)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1", "/api/v1/nothing", "/api/v2/groups", "/service/nothing", "/scaling/"],
)
def test_an_unknown_address_is_a_problem_and_no_page(call: Call, path: str) -> None:
    assert call("alice").get(path, 404).code == "not_found"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_an_address_does_not_have_is_a_problem(
    portal: PortalProcess, sandbox: RunningSandbox, method: str
) -> None:
    client = ApiClient(portal.url)
    for path in (group_path(sandbox), "/api/v1/groups", "/scaling", "/service/state"):
        answer = client.send(method, path, 405)
        assert answer.code == "method_not_allowed"
        assert answer.headers["Allow"]
