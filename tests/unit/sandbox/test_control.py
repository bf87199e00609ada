"""What exists in the sandbox only: world, record, reset, clock, settings."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.unit.sandbox.client import LOGIN_QUERY, TIMEOUT_SECONDS, Client

PRIMARY = "services/0c000000-0000-4000-8000-000000000011"
SETTINGS = {
    "rate_limit": 10,
    "speed": 0.0,
    "scaling_seconds": 6.0,
    "stop_ends_in": "stopped",
    "replicas_per_warehouse": 50,
    "read_lag_seconds": 0.0,
    "upper_case_ids": False,
    "page_size": None,
    "other_keys": 0,
    "are_costs_refused": False,
    "cost_lag_days": 1,
}


def test_the_world_names_everything_a_client_needs(client: Client) -> None:
    world = client.control("GET", "/world")
    assert world["api"] == f"{world['url']}/v1"
    assert [w["name"] for w in world["warehouses"]] == ["Analytics", "Marketing"]
    assert {u["name"] for u in world["users"] if u["warehouse"] == "Marketing"} == {
        "dana",
        "default",
    }
    alice = next(user for user in world["users"] if user["name"] == "alice")
    assert (alice["password"], alice["roles"]) == ("alice-sandbox-1", ["analytics_operator"])


def test_the_record_shows_requests_of_both_sides_in_order(client: Client) -> None:
    client.scale("primary", {"numReplicas": 4}, headers={"User-Agent": "portal"})
    client.log_in("archive", "alice", "alice-sandbox-1")
    first, second = client.control("GET", "/requests")["requests"]
    assert first.pop("time").endswith("Z")
    assert first == {
        "side": "cloud",
        "service_id": client.service_id("primary"),
        "method": "PATCH",
        "path": f"{client.organization}/services/{client.service_id('primary')}/replicaScaling",
        "status": 200,
        "body": {"numReplicas": 4},
        "user_agent": "portal",
        "fault": None,
    }
    assert (second["side"], second["service_id"]) == ("clickhouse", client.service_id("archive"))


def test_the_record_does_not_show_the_sandbox_s_own_paths(client: Client) -> None:
    client.control("GET", "/world")
    assert client.control("GET", "/requests")["requests"] == []


def test_no_password_or_key_is_recorded_wherever_it_was_put(client: Client) -> None:
    secrets = ("alice-sandbox-1", "a-wrong-one", str(client.key[1]))
    url = client.endpoint("primary")
    for secret in secrets:
        client.log_in("primary", "alice", secret)
        parameters = {"user": "alice", "password": secret, "x": "1"}
        requests.post(url, params=parameters, data=LOGIN_QUERY, timeout=TIMEOUT_SECONDS)
        requests.post(url, json={"password": secret, "api_key": secret}, timeout=TIMEOUT_SECONDS)
    for secret in (secrets[0], secrets[2]):  # known ones are found under any name
        agent = {"User-Agent": f"x {secret}"}
        deep = {"deep": [{secret: secret}]}
        requests.post(url, params={"q": secret}, json=deep, headers=agent, timeout=5)
        client.api("GET", f"services/{secret}")
    record = json.dumps(client.control("GET", "/requests"))
    assert not [secret for secret in secrets if secret in record]
    assert "user=alice&password=[hidden]&x=1" in record


def test_many_requests_at_once_lose_nothing(client: Client) -> None:
    counts = list(range(2, 21)) * 2
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: client.scale("primary", {"numReplicas": n}), counts))
    assert [answer.json()["result"]["numReplicas"] for answer in answers] == counts
    record = client.control("GET", "/requests")["requests"]
    assert sorted(entry["body"]["numReplicas"] for entry in record) == sorted(counts)
    assert {entry["status"] for entry in record} == {200}


def test_a_reset_goes_back_to_the_start(client: Client) -> None:
    start = client.control("GET", "/world")
    client.scale("primary", {"numReplicas": 9})
    client.command("archive", "stop")
    client.advance(86_400)
    client.control("POST", "/faults", {"match": "x", "kind": "reset"})
    client.control("POST", "/settings", {**SETTINGS, "speed": 2, "rate_limit": 3, "other_keys": 4})
    client.control("POST", "/list", {"elements": [None]})
    client.show("archive", instead=None)
    client.set_visibility("reporting", "deleted")
    client.control("POST", "/users/alice/second_factor", {"codes": []})
    assert client.control("POST", "/reset") == start
    assert client.control("GET", "/settings") == SETTINGS
    assert len(client.listed()) == 6
    assert client.log_in("primary", "alice", "alice-sandbox-1").status_code == 200
    client.control("POST", "/reset")
    assert client.control("GET", "/faults") == {"faults": []}
    record = client.control("GET", "/requests")
    assert (record["requests"], set(record["connections"].values())) == ([], {0})
    assert client.service("primary")["numReplicas"] == 3


def test_settings_change_how_long_scaling_takes(client: Client) -> None:
    client.control("PUT", "/settings", {"scaling_seconds": 600})
    client.scale("primary", {"numReplicas": 4})
    client.advance(599)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 3
    client.advance(1)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 4


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("advance", {}),
        ("advance", {"seconds": -1}),
        ("advance", {"seconds": "60"}),
        ("advance", {"seconds": 10**12}),
        ("advance", {"minutes": 1}),
        ("settings", {"speed": -1}),
        ("settings", {"rate_limit": 0}),
        ("settings", {"colour": "red"}),
        ("settings", {"rate_limit": 2.5}),
        ("settings", {"stop_ends_in": "running"}),
        ("settings", {"upper_case_ids": 1}),
        ("settings", {"page_size": 101}),
        ("settings", {"read_lag_seconds": None}),
        ("list", {}),
        ("list", {"elements": [], "at": "middle"}),
        ("users/alice/second_factor", {}),
        ("users/alice/second_factor", {"codes": [1]}),
        ("users/alice/second_factor", {"codes": [], "status": 200}),
        (f"{PRIMARY}/shown", {"set": []}),
        (f"{PRIMARY}/shown", {"absent": "name"}),
        (f"{PRIMARY}/shown", {"in": ["post"]}),
        (f"{PRIMARY}/shown", {"colour": "red"}),
        (f"{PRIMARY}/visibility", {"visibility": "faint"}),
        ("settings", []),
        (PRIMARY, {"state": 5}),
        (PRIMARY, {"idleTimeoutMinutes": "x"}),
        (PRIMARY, {"autoscalingMode": "x"}),
    ],
)
def test_an_unusable_order_is_refused_with_a_reason(
    client: Client, path: str, body: object
) -> None:
    url = f"{client.world['url']}/_sandbox/{path}"
    answer = requests.post(url, json=body, timeout=TIMEOUT_SECONDS)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("nest", [lambda inner: [inner], lambda inner: {"a": inner}])
@pytest.mark.parametrize(("levels", "status"), [(150, 200), (300, 400), (800, 400), (5000, 400)])
def test_values_are_nested_as_deep_as_they_can_be_copied(
    client: Client, nest: Callable[[object], object], levels: int, status: int
) -> None:
    marked, wrapped = '"mark"', json.dumps(nest("mark"))
    before, after = wrapped.split(marked)
    body = f'{{"set": {{"x": {before * levels}1{after * levels}}}}}'
    url = f"{client.world['url']}/_sandbox/{PRIMARY}/shown"
    assert requests.post(url, data=body, timeout=TIMEOUT_SECONDS).status_code == status
    assert client.service("Analytics primary")["name"] == "Analytics primary"


def test_settings_are_changed_all_or_none(client: Client) -> None:
    url = f"{client.world['url']}/_sandbox/settings"
    orders = {"scaling_seconds": 1, "page_size": "x"}
    assert requests.post(url, json=orders, timeout=TIMEOUT_SECONDS).status_code == 400
    assert client.control("GET", "/settings")["scaling_seconds"] == 6.0


@pytest.mark.parametrize(
    "path",
    [
        "nonsense",
        "",
        "services/unknown",
        "services/unknown/shown",
        "users/nobody/nonsense",
    ],
)
def test_an_unknown_path_is_404(client: Client, path: str) -> None:
    url = f"{client.world['url']}/_sandbox/{path}"
    assert requests.post(url, json={}, timeout=TIMEOUT_SECONDS).status_code == 404
