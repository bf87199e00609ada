"""What tests can lay over the services: odd fields, odd elements, old values, odd ends."""

from typing import Any

import pytest

from tests.unit.sandbox.client import Client

ODD: list[Any] = [
    None,
    7,
    "text",
    [],
    {},
    {"name": "without an id", "state": "running"},
    {"id": "0c000000-0000-4000-8000-0000000000aa", "name": "without a state"},
    {"id": "not-a-uuid", "state": "running"},
    {"id": "0C000000-0000-4000-8000-0000000000BB", "state": "running"},
]


def answers(client: Client, name: str) -> tuple[Any, Any, Any]:
    """What the list, a single GET and a PATCH show of a service."""
    number = [service["name"] for service in client.world["services"]].index(name)
    patched = client.scale(name.removeprefix("Analytics "), {}).json()["result"]
    return client.listed()[number], client.service(name), patched


@pytest.mark.parametrize("value", [None, 0, -1, 1.5, True, "", "x", [], {"a": [None]}])
@pytest.mark.parametrize("field", ["numReplicas", "state", "id", "endpoints", "notDocumented"])
def test_any_field_is_shown_as_any_value_everywhere(
    client: Client, field: str, value: object
) -> None:
    client.show("archive", set={field: value})
    for shown in answers(client, "Analytics archive"):
        assert field in shown
        assert shown[field] == value
        assert type(shown[field]) is type(value)


@pytest.mark.parametrize("field", ["numReplicas", "state", "id", "name", "currentScaling"])
def test_any_field_can_be_absent(client: Client, field: str) -> None:
    client.show("archive", absent=[field, "notDocumented", "name.inside"])
    for shown in answers(client, "Analytics archive"):
        assert field not in shown
        assert len(shown) > 15


def test_a_name_with_dots_reaches_into_objects(client: Client) -> None:
    client.show(
        "archive",
        set={"currentScaling.effectiveMaxReplicas": None, "new.deep": 1, "state.deep": 2},
        absent=["currentScaling.effectiveMinReplicas"],
    )
    shown = client.service("archive")
    assert shown["currentScaling"]["effectiveMaxReplicas"] is None
    assert "effectiveMinReplicas" not in shown["currentScaling"]
    assert shown["currentScaling"]["effectiveIdleScaling"] is True
    assert (shown["new"], shown["state"]) == ({"deep": 1}, {"deep": 2})


@pytest.mark.parametrize("element", ODD)
def test_a_service_can_be_shown_as_any_value(client: Client, element: object) -> None:
    client.show("archive", instead=element)
    assert answers(client, "Analytics archive") == (element, element, element)


@pytest.mark.parametrize(
    ("places", "odd"),
    [
        (["list"], [True, False, False]),
        (["get"], [False, True, False]),
        (["patch"], [False, False, True]),
        (["list", "patch"], [True, False, True]),
    ],
)
def test_an_appearance_can_be_for_some_answers_only(
    client: Client, places: list[str], odd: list[bool]
) -> None:
    client.show("archive", set={"state": "odd"}, **{"in": places})
    shown = answers(client, "Analytics archive")
    assert [each["state"] == "odd" for each in shown] == odd


def test_what_is_shown_changes_nothing_and_can_be_ended(client: Client) -> None:
    before = client.service("archive")
    client.show("archive", set={"state": "stopped", "numReplicas": 40})
    assert client.log_in("archive", "alice", "alice-sandbox-1").status_code == 200
    assert client.scale("archive", {"numReplicas": 2}).json()["result"]["numReplicas"] == 40
    client.show("archive", set={"region": None})
    assert client.service("archive")["numReplicas"] == 2
    client.scale("archive", {"numReplicas": 1})
    client.control("DELETE", f"/services/{client.service_id('archive')}/shown")
    assert client.service("archive") == before


@pytest.mark.parametrize("at", ["start", "end", "instead"])
def test_any_elements_can_be_in_the_list(client: Client, at: str) -> None:
    before = client.listed()
    client.control("POST", "/list", {"elements": ODD, "at": at})
    expected = {"start": ODD + before, "end": before + ODD, "instead": ODD}
    assert client.listed() == expected[at]
    client.control("DELETE", "/list")
    assert client.listed() == before


def test_reading_can_lag_behind_a_patch_that_answers_with_the_new_values(client: Client) -> None:
    client.set_up(read_lag_seconds=10)
    assert client.scale("archive", {"numReplicas": 2}).json()["result"]["numReplicas"] == 2
    client.advance(4)
    assert client.scale("archive", {"numReplicas": 3}).json()["result"]["numReplicas"] == 3
    for seconds, expected in ((5.9, 1), (0.1, 2), (3.9, 2), (0.1, 3)):
        client.advance(seconds)
        assert client.service("archive")["numReplicas"] == expected
        assert client.listed()[3]["numReplicas"] == expected
        assert client.service("primary")["numReplicas"] == 3


def test_a_command_is_read_late_too(client: Client) -> None:
    client.set_up(read_lag_seconds=7)
    assert client.command("archive", "stop").json()["result"]["state"] == "stopping"
    client.advance(6.9)
    assert client.service("archive")["state"] == "running"
    client.advance(0.1)
    assert client.service("archive")["state"] == "stopped"


def test_a_refused_patch_makes_nothing_lag(client: Client) -> None:
    client.set_up(read_lag_seconds=60)
    assert client.scale("archive", {"numReplicas": 0}).status_code == 400
    client.force("archive", state="stopped")
    assert client.service("archive")["state"] == "stopped"


def test_a_stop_can_end_in_idle(client: Client) -> None:
    client.set_up(stop_ends_in="idle")
    client.command("archive", "stop")
    client.advance(6)
    assert client.service("archive")["state"] == "idle"
    assert client.command("archive", "awake").json()["result"]["state"] == "awaking"


def test_identifiers_can_be_written_in_upper_case(client: Client) -> None:
    client.set_up(upper_case_ids=True)
    client.control("POST", "/list", {"elements": [None, {"id": "0c0a"}]})
    expected = client.service_id("archive").upper()
    assert [shown["id"] for shown in answers(client, "Analytics archive")] == [expected] * 3
    assert client.listed()[-1] == {"id": "0c0a"}
    client.show("archive", instead=None)
    assert client.service("archive") is None


@pytest.mark.parametrize("path", ["", "/prometheus", "/backupConfiguration"])
def test_identifiers_in_a_path_are_taken_in_any_case(client: Client, path: str) -> None:
    service_id = client.service_id("archive").upper()
    organization = f"/v1/organizations/{client.world['organization_id'].upper()}"
    assert client.api("GET", f"{organization}/services/{service_id}{path}").status_code == 200


def test_a_change_by_an_upper_case_id_is_one_of_the_same_service(client: Client) -> None:
    path = f"services/{client.service_id('archive').upper()}"
    assert client.api("PATCH", f"{path}/replicaScaling", {"numReplicas": 2}).status_code == 200
    assert client.service("archive")["numReplicas"] == 2
    activity = client.api("GET", "activities").json()["result"][0]
    assert activity["serviceId"] == client.service_id("archive")


@pytest.mark.parametrize(
    ("visibility", "in_list", "status", "answers_logins"),
    [
        ("shown", True, 200, True),
        ("unlisted", False, 200, True),
        ("hidden", False, 404, True),
        ("deleted", False, 404, False),
    ],
)
def test_a_service_can_disappear(
    client: Client, visibility: str, in_list: bool, status: int, answers_logins: bool
) -> None:
    client.set_visibility("archive", visibility)
    names = [service["name"] for service in client.listed()]
    assert ("Analytics archive" in names) is in_list
    path = f"services/{client.service_id('archive')}"
    got = [
        client.api("GET", path),
        client.api("GET", f"{path}/prometheus"),
        client.scale("archive", {"numReplicas": 2}),
        client.command("archive", "awake"),
    ]
    assert {answer.status_code for answer in got} == {status}
    if answers_logins:
        assert client.log_in("archive", "alice", "alice-sandbox-1").status_code == 200
    else:
        with pytest.raises(OSError, match=r"reset by peer|Broken pipe"):
            client.log_in("archive", "alice", "alice-sandbox-1")


def test_a_hidden_service_comes_back_as_it_was_and_a_deleted_one_terminated(
    client: Client,
) -> None:
    before = client.service("archive")
    client.set_visibility("archive", "hidden")
    client.set_visibility("archive", "shown")
    assert client.service("archive") == before
    client.set_visibility("archive", "deleted")
    newest = client.api("GET", "activities").json()["result"][0]
    assert (newest["type"], newest["serviceId"]) == ("service_delete", before["id"])
    client.set_visibility("archive", "shown")
    assert client.service("archive")["state"] == "terminated"


def test_the_replicas_of_a_deleted_service_count_no_more(client: Client) -> None:
    assert client.scale("reporting", {"numReplicas": 44}).status_code == 400
    client.set_visibility("primary", "deleted")
    assert client.scale("reporting", {"numReplicas": 44}).status_code == 200


def test_fifty_replicas_fit_where_the_warehouse_admits_more(client: Client) -> None:
    assert client.scale("archive", {"numReplicas": 50}).status_code == 400
    client.set_up(replicas_per_warehouse=57)
    assert client.scale("archive", {"numReplicas": 50}).status_code == 200
    assert client.scale("primary", {"numReplicas": 4}).status_code == 400
    quota = client.api("GET", "quotas/replicas-per-warehouse").json()["result"]
    assert quota["value"] == 57
