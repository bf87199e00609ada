"""States in time: scaling, waking, starting, stopping, falling idle."""

import pytest

from tests.unit.sandbox.client import STATES, Client


def state(client: Client, name: str) -> str:
    return str(client.service(name)["state"])


def activity_types(client: Client, name: str) -> list[str]:
    found = client.api("GET", "activities").json()["result"]
    service_id = client.service_id(name)
    return [a["type"] for a in found if a["serviceId"] == service_id]


def test_the_world_begins_as_described(client: Client) -> None:
    states = {s["name"].split(maxsplit=1)[1]: s["state"] for s in client.world["services"]}
    assert states == {
        "primary": "running",
        "reporting": "running",
        "ad hoc": "idle",
        "archive": "running",
        "month end": "stopped",
        "campaigns": "running",
    }
    assert client.service("archive")["isReadonly"] is True
    assert [client.service(n)["isPrimary"] for n in ("primary", "campaigns")] == [True, True]


def test_configured_values_show_at_once_and_what_applies_follows(client: Client) -> None:
    answer = client.scale("primary", {"numReplicas": 5}).json()["result"]
    assert answer["numReplicas"] == 5
    assert answer["currentScaling"]["effectiveMaxReplicas"] == 3
    client.advance(5.9)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 3
    client.advance(0.1)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 5


def test_a_second_change_during_scaling_starts_the_wait_anew(client: Client) -> None:
    client.scale("primary", {"numReplicas": 5})
    client.advance(5)
    assert client.scale("primary", {"numReplicas": 4}).status_code == 200
    client.advance(5)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 3
    client.advance(1)
    assert client.service("primary")["currentScaling"]["effectiveMaxReplicas"] == 4


def test_a_stopped_service_can_be_scaled_and_stays_stopped(client: Client) -> None:
    assert client.scale("month end", {"maxReplicaMemoryGb": 64}).status_code == 200
    client.advance(60)
    assert state(client, "month end") == "stopped"
    assert client.service("month end")["currentScaling"]["effectiveMaxReplicaMemoryGb"] == 64


@pytest.mark.parametrize(
    ("name", "command", "seconds", "passing", "final"),
    [
        ("ad hoc", "awake", 8, "awaking", "running"),
        ("month end", "start", 10, "starting", "running"),
        ("archive", "stop", 6, "stopping", "stopped"),
        ("ad hoc", "stop", 6, "stopping", "stopped"),
    ],
)
def test_a_command_takes_its_time(
    client: Client, name: str, command: str, seconds: float, passing: str, final: str
) -> None:
    assert client.command(name, command).json()["result"]["state"] == passing
    client.advance(seconds - 0.1)
    assert state(client, name) == passing
    client.advance(0.1)
    assert state(client, name) == final


@pytest.mark.parametrize(
    ("name", "command"),
    [("ad hoc", "start"), ("primary", "start"), ("primary", "awake"), ("month end", "stop")],
)
def test_a_command_with_nothing_to_do_is_accepted_and_changes_nothing(
    client: Client, name: str, command: str
) -> None:
    before = client.service(name)
    assert client.command(name, command).status_code == 200
    assert client.service(name) == before
    assert activity_types(client, name) == ["service_create"]


@pytest.mark.parametrize(
    ("forced", "command", "status"),
    [
        ("stopped", "awake", 400),
        ("stopping", "start", 409),
        ("starting", "stop", 409),
        ("terminated", "start", 409),
        ("hibernating", "awake", 409),
    ],
)
def test_a_command_that_cannot_be_is_refused(
    client: Client, forced: str, command: str, status: int
) -> None:
    client.force("archive", state=forced)
    assert client.command("archive", command).status_code == status
    assert state(client, "archive") == forced


@pytest.mark.parametrize("command", ["restart", "", None, 1, ["start"]])
def test_an_unknown_command_is_refused(client: Client, command: object) -> None:
    answer = client.command("primary", command)
    assert answer.status_code == 400
    assert "request body.command: must be one of" in answer.json()["error"]


def test_an_untouched_service_falls_idle_after_its_timeout(client: Client) -> None:
    client.advance(30 * 60 - 1)
    assert state(client, "archive") == "running"
    client.advance(1)
    assert state(client, "archive") == "idle"
    assert activity_types(client, "archive")[0] == "service_idle"


def test_a_connection_counts_as_touching(client: Client) -> None:
    client.advance(20 * 60)
    client.log_in("archive", "alice", "alice-sandbox-1")
    client.advance(20 * 60)
    assert state(client, "archive") == "running"


def test_without_idle_scaling_nothing_falls_idle(client: Client) -> None:
    client.scale("archive", {"idleScaling": False})
    client.advance(86_400)
    assert state(client, "archive") == "running"


@pytest.mark.parametrize("name", ["primary", "reporting", "campaigns"])
def test_services_kept_busy_stay_up_while_people_read(client: Client, name: str) -> None:
    client.advance(7 * 86_400)
    assert state(client, name) == "running"


def test_one_long_skip_goes_through_every_state_on_the_way(client: Client) -> None:
    client.command("ad hoc", "awake")
    client.advance(86_400)
    assert state(client, "ad hoc") == "idle"
    kinds = ["service_idle", "service_running", "service_awaken", "service_create"]
    assert activity_types(client, "ad hoc") == kinds


def test_activities_name_the_caller_and_what_changed(client: Client) -> None:
    body = {"numReplicas": 2, "maxReplicaMemoryGb": 64, "idleTimeoutMinutes": 20}
    client.scale("primary", body, headers={"User-Agent": "a portal (user=alice)"})
    found = client.api("GET", "activities").json()["result"][:3]
    assert {a["type"].removeprefix("service_update_autoscaling_") for a in found} == {
        "memory",
        "replicas",
        "idling",
    }
    assert {a["userAgent"] for a in found} == {"a portal (user=alice)"}
    assert {a["actorType"] for a in found} == {"api"}


@pytest.mark.parametrize("forced", [*STATES, "hibernating"])
def test_every_state_can_be_forced_and_read_and_stays(client: Client, forced: str) -> None:
    client.force("reporting", state=forced)
    client.advance(3_600)
    assert state(client, "reporting") == forced
    assert client.api("GET", "services").status_code == 200


@pytest.mark.parametrize("forced", ["terminating", "softdeleted"])
def test_a_service_that_is_going_cannot_be_scaled(client: Client, forced: str) -> None:
    client.force("reporting", state=forced)
    assert client.scale("reporting", {"numReplicas": 2}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "body", "status"),
    [
        ({"profile": "v1-highmem-xs"}, {"maxReplicaMemoryGb": 32}, 400),
        ({"profile": "v1-highmem-xs"}, {"numReplicas": 2}, 200),
        ({"byocId": "byoc-1"}, {"minReplicaMemoryGb": 8}, 400),
        ({"tier": "development"}, {"numReplicas": 2}, 400),
        ({"tier": "development"}, {"idleScaling": False}, 200),
    ],
)
def test_what_is_not_self_service_is_refused(
    client: Client, fields: dict[str, object], body: dict[str, object], status: int
) -> None:
    client.force("reporting", **fields)
    assert client.scale("reporting", body).status_code == status


def test_the_replicas_of_a_warehouse_are_limited_together(client: Client) -> None:
    for name in ("primary", "reporting"):
        assert client.scale(name, {"numReplicas": 20}).status_code == 200
    assert client.scale("archive", {"numReplicas": 8}).status_code == 400
    assert client.service("archive")["numReplicas"] == 1
    assert client.scale("archive", {"numReplicas": 7}).status_code == 200


def test_forced_fields_show_and_null_takes_one_away(client: Client) -> None:
    client.force("archive", name="Archive", autoscalingMode="horizontal", region=None)
    service = client.api("GET", "services").json()["result"][3]
    assert (service["name"], service["autoscalingMode"]) == ("Archive", "horizontal")
    assert service["currentScaling"]["effectiveAutoscalingMode"] == "horizontal"
    assert "region" not in service
