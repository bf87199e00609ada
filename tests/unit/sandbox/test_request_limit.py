"""The request limit as the API states it, on every answer."""

import pytest
import requests

from tests.unit.sandbox.client import TIMEOUT_SECONDS, Client

POLICY = '10;w=10;comment="fixed window"'


@pytest.fixture
def limited(client: Client) -> Client:
    client.set_up(rate_limit=10)
    return client


def stated(response: requests.Response) -> tuple[str, str, str]:
    assert 0 < float(response.headers["X-RateLimit-Reset"]) <= 10
    assert "." in response.headers["X-RateLimit-Reset"]
    names = ("Limit", "Remaining", "Policy")
    limit, remaining, policy = (response.headers[f"X-RateLimit-{name}"] for name in names)
    return limit, remaining, policy


def test_the_eleventh_request_is_429_in_its_own_shape(limited: Client) -> None:
    answers = [limited.api("GET", "/v1/organizations") for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert answers[-1].json() == {"error": "TOO_MANY_REQUESTS"}
    assert stated(answers[0]) == ("10", "9", POLICY)
    assert stated(answers[9]) == stated(answers[10]) == ("10", "0", POLICY)
    limited.set_up(rate_limit=None)
    assert limited.api("GET", "/v1/organizations").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "services", 200),
        ("GET", "services/unknown", 404),
        ("GET", "nonsense", 404),
        ("GET", "/nonsense", 404),
        ("DELETE", "services", 405),
        ("GET", "usageCost", 400),
    ],
)
def test_good_and_bad_answers_state_what_is_left(
    limited: Client, method: str, path: str, status: int
) -> None:
    for remaining in ("9", "8"):
        answer = limited.api(method, path)
        assert (answer.status_code, stated(answer)) == (status, ("10", remaining, POLICY))


def test_metrics_and_answers_to_a_patch_state_it_too(limited: Client) -> None:
    metrics = limited.api("GET", f"services/{limited.service_id('primary')}/prometheus")
    assert stated(metrics) == ("10", "9", POLICY)
    assert stated(limited.scale("primary", {"numReplicas": 4})) == ("10", "8", POLICY)


def test_requests_without_the_right_key_use_none_of_its_budget(limited: Client) -> None:
    limited.set_up(rate_limit=1)
    wrong = limited.api("GET", "services", auth=("SandboxKey0000000001", "wrong"))
    assert (wrong.status_code, stated(wrong)[1]) == (401, "1")
    assert limited.api("GET", "services").status_code == 200
    assert limited.api("GET", "services").status_code == 429


def test_what_cannot_be_read_states_the_limit(limited: Client) -> None:
    url = f"{limited.world['url']}/v1/organizations"
    answer = requests.post(url, data=b"x" * 1_000_001, timeout=TIMEOUT_SECONDS)
    assert (answer.status_code, stated(answer)[0]) == (413, "10")


def test_ordered_faults_state_the_limit_but_a_proxy_does_not(limited: Client) -> None:
    for status in (429, 503, 502):
        fault = {"match": "GET", "kind": "status", "status": status, "seconds": 2.5}
        limited.control("POST", "/faults", fault)
    throttled, broken, proxy = (limited.api("GET", "services") for _ in range(3))
    assert stated(throttled) == ("10", "0", POLICY)
    assert throttled.headers["X-RateLimit-Reset"] == "2.500"
    assert stated(broken) == ("10", "10", POLICY)
    assert "X-RateLimit-Limit" not in proxy.headers


def test_without_a_limit_there_is_nothing_to_state(client: Client) -> None:
    answer = client.api("GET", "services")
    assert not [name for name in answer.headers if name.startswith("X-RateLimit")]
