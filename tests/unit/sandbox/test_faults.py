"""Faults ordered in advance, on both sides."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.unit.sandbox.client import Client


def order(client: Client, **fault: object) -> None:
    client.control("POST", "/faults", fault)


def recorded(client: Client) -> list[tuple[object, object]]:
    entries = client.control("GET", "/requests")["requests"]
    return [(entry["fault"], entry["status"]) for entry in entries]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, "BAD_REQUEST"),
        (401, "UNAUTHORIZED"),
        (403, "FORBIDDEN"),
        (409, "CONFLICT"),
        (424, "FAILED_DEPENDENCY"),
        (500, "INTERNAL_SERVER_ERROR"),
        (503, "SERVICE_UNAVAILABLE"),
    ],
)
def test_a_status_comes_in_the_documented_shape(client: Client, status: int, error: str) -> None:
    order(client, match="GET", kind="status", status=status)
    answer = client.api("GET", "services")
    assert answer.status_code == answer.json()["status"] == status
    assert answer.json()["error"].startswith(error)
    assert "requestId" in answer.json()


def test_502_is_plain_text_and_429_has_its_own_shape(client: Client) -> None:
    order(client, match="GET", kind="status", status=502)
    order(client, match="GET", kind="status", status=429, seconds=2.5)
    assert client.api("GET", "services").headers["Content-Type"].startswith("text/plain")
    busy = client.api("GET", "services")
    assert (busy.json(), busy.headers["X-RateLimit-Reset"]) == (
        {"error": "TOO_MANY_REQUESTS"},
        "2.500",
    )


def test_a_fault_happens_as_often_as_ordered_and_only_where_it_matches(client: Client) -> None:
    order(client, match="PATCH .*replicaScaling$", kind="status", status=503, times=2)
    assert client.service("primary")["numReplicas"] == 3
    answers = [client.scale("primary", {"numReplicas": 4}).status_code for _ in range(3)]
    assert answers == [503, 503, 200]
    assert client.control("GET", "/faults") == {"faults": []}


def test_a_fault_without_an_end_lasts_until_cleared(client: Client) -> None:
    order(client, match=".", kind="status", status=500, times=None)
    assert {client.api("GET", "services").status_code for _ in range(5)} == {500}
    assert len(client.control("GET", "/faults")["faults"]) == 1
    client.control("DELETE", "/faults")
    assert client.api("GET", "services").status_code == 200


@pytest.mark.parametrize("kind", ["not_json", "cut_json", "wrong_shape"])
def test_a_strange_answer_is_a_200_and_nothing_was_carried_out(client: Client, kind: str) -> None:
    order(client, match="PATCH", kind=kind)
    answer = client.scale("primary", {"numReplicas": 4})
    assert answer.status_code == 200
    if kind == "not_json":
        assert not answer.headers["Content-Type"].startswith("application/json")
    elif kind == "cut_json":
        assert answer.headers["Content-Type"] == "application/json"
        assert not answer.text.endswith("}")
    else:
        assert isinstance(answer.json()["result"], list)
    assert client.service("primary")["numReplicas"] == 3


def test_a_reset_answers_nothing_and_carries_out_nothing(client: Client) -> None:
    order(client, match="PATCH", kind="reset")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        client.scale("primary", {"numReplicas": 4})
    assert client.service("primary")["numReplicas"] == 3
    assert recorded(client)[0] == ("reset", None)


def test_drop_after_apply_carries_out_and_answers_nothing(client: Client) -> None:
    order(client, match="PATCH", kind="drop_after_apply")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        client.scale("primary", {"numReplicas": 4})
    assert client.service("primary")["numReplicas"] == 4
    assert recorded(client)[0] == ("drop_after_apply", None)


def test_a_timeout_holds_the_request_and_carries_out_nothing(client: Client) -> None:
    order(client, match="PATCH", kind="timeout")
    with pytest.raises(requests.ReadTimeout):
        client.scale("primary", {"numReplicas": 4}, timeout=0.1)
    assert client.service("primary")["numReplicas"] == 3


def test_clearing_the_faults_lets_a_held_request_go(client: Client) -> None:
    order(client, match="PATCH", kind="timeout", seconds=3600)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(client.scale, "primary", {"numReplicas": 4}, timeout=5)
        while not recorded(client):
            time.sleep(0.005)
        client.control("DELETE", "/faults")
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            held.result()


def test_a_slow_answer_drips_and_is_whole_in_the_end(client: Client) -> None:
    order(client, match="GET", kind="slow", seconds=0.2)
    started = time.monotonic()
    with client.api("GET", "/v1/organizations", stream=True) as answer:
        first = time.monotonic() - started
        text = answer.content
    assert time.monotonic() - started >= 0.2 > first
    assert text.startswith(b"{")
    assert text.endswith(b"}")


def test_a_redirect_leads_to_a_path_that_the_record_would_show(client: Client) -> None:
    order(client, match="GET", kind="redirect")
    answer = client.api("GET", "services", allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "/a-followed-redirect")
    assert recorded(client) == [("redirect", 307)]


def test_faults_at_a_stand_in_match_the_service_by_name(client: Client) -> None:
    order(client, match="^POST clickhouse:Analytics primary /$", kind="status", status=503)
    assert client.log_in("archive", "alice", "alice-sandbox-1").status_code == 200
    answer = client.log_in("primary", "alice", "alice-sandbox-1")
    assert answer.status_code == 503
    assert "X-ClickHouse-Exception-Code" not in answer.headers


def test_a_stand_in_can_be_told_to_answer_with_any_exception_code(client: Client) -> None:
    order(client, match="clickhouse:", kind="status", status=500, code=202)
    answer = client.log_in("primary", "alice", "alice-sandbox-1")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "202"


def test_the_exception_of_a_stand_in_can_have_any_name(client: Client) -> None:
    order(client, match="clickhouse:", kind="status", status=403, code=9_999, name="NEVER_SEEN")
    answer = client.log_in("primary", "alice", "alice-sandbox-1")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "9999"
    assert answer.text.startswith("Code: 9999. ")
    assert "(NEVER_SEEN)" in answer.text


@pytest.mark.parametrize("status", [202, 204])
def test_a_patch_can_be_answered_without_a_body(client: Client, status: int) -> None:
    client.set_up(rate_limit=100)
    order(client, match="PATCH", kind="answer", status=status)
    answer = client.scale("primary", {"numReplicas": 4})
    assert (answer.status_code, answer.content) == (status, b"")
    assert "Content-Type" not in answer.headers
    assert answer.headers["X-RateLimit-Remaining"] == "99"
    assert client.service("primary")["numReplicas"] == 4
    assert recorded(client)[0] == ("answer", status)


@pytest.mark.parametrize("body", [{"result": {}}, {}, None, [], {"status": 200, "result": None}])
def test_a_patch_can_be_answered_with_any_json(client: Client, body: object) -> None:
    order(client, match="PATCH .*/state$", kind="answer", body=body)
    assert client.scale("archive", {"numReplicas": 2}).json()["result"]["numReplicas"] == 2
    answer = client.command("archive", "stop")
    assert (answer.status_code, answer.json()) == (200, body)
    assert answer.headers["Content-Type"].startswith("application/json")
    assert client.service("archive")["state"] == "stopping"


def test_a_refusal_is_not_hidden_by_an_ordered_answer(client: Client) -> None:
    order(client, match="PATCH", kind="answer", status=204)
    assert client.scale("primary", {"numReplicas": 0}).status_code == 400


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"match": ".", "kind": "status", "code": 1, "name": 5},
        {"match": ".", "kind": "explode"},
        {"match": "(", "kind": "reset"},
        {"match": 5, "kind": "reset"},
        {"match": ".", "kind": "status", "status": "503"},
        {"match": ".", "kind": "status", "status": 99},
        {"match": ".", "kind": "reset", "times": 0},
        {"match": ".", "kind": "slow", "seconds": -1},
        {"match": ".", "kind": "reset", "extra": 1},
    ],
)
def test_an_unusable_fault_is_refused(client: Client, fault: dict[str, object]) -> None:
    url = f"{client.world['url']}/_sandbox/faults"
    assert requests.post(url, json=fault, timeout=5).status_code == 400
    assert client.control("GET", "/faults") == {"faults": []}
