"""Lists with filters and pages, and what the API says beside the services."""

from typing import Any

import pytest

from tests.unit.sandbox.client import Client


def read_pages(client: Client, path: str, limit: int) -> list[list[Any]]:
    """Follow the cursors of a list to its end."""
    pages, cursor = [], None
    while True:
        query = {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        body = client.api("GET", path, params=query).json()
        pages.append(body["result"])
        if "nextCursor" not in body:
            return pages
        cursor = body["nextCursor"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 6),
        ("?filter[]=tag:Environment=sandbox", 6),
        ("?filter[]=tag:Team", 2),
        ("?filter[]=tag:Team=blue", 1),
        ("?filter=tag:Team=blue", 1),
        ("?filter[]=tag:Team=blue&filter[]=tag:Environment", 1),
        ("?filter[]=tag:Team=blue&filter[]=tag:Team=red", 0),
        ("?filter[]=tag:team", 0),
        ("?filter[]=tag:Team=", 0),
        ("?filter[]=tag:Odd", 1),
        ("?filter[]=tag:Odd=x", 0),
    ],
)
def test_services_are_listed_by_tag(client: Client, query: str, expected: int) -> None:
    environment = {"key": "Environment", "value": "sandbox"}
    client.force("primary", tags=[environment, {"key": "Team", "value": "blue"}])
    client.force("archive", tags=[environment, {"key": "Team", "value": "red"}, {"key": "Odd"}, 7])
    assert len(client.listed(query)) == expected


@pytest.mark.parametrize("term", ["Environment", "tag:", "tag:a b", "name:x", "tag:a=b=c", ""])
def test_a_filter_that_is_none_is_refused(client: Client, term: str) -> None:
    answer = client.api("GET", "services", params={"filter[]": term})
    assert answer.status_code == 400
    assert "request query.filter: " in answer.json()["error"]


def test_a_service_without_tags_matches_no_filter(client: Client) -> None:
    client.force("primary", tags=None)
    assert len(client.listed("?filter[]=tag:Environment")) == 5


def test_an_activity_can_be_read_by_its_id(client: Client) -> None:
    client.command("ad hoc", "awake")
    newest = client.api("GET", "activities").json()["result"][0]
    assert client.api("GET", f"activities/{newest['id']}").json()["result"] == newest
    assert client.api("GET", "activities/unknown").status_code == 404


def test_a_quota_can_be_read_by_its_code(client: Client) -> None:
    listed = client.api("GET", "quotas").json()["result"]
    quota = client.api("GET", "quotas/replicas-per-warehouse").json()["result"]
    assert quota in listed
    assert (quota["value"], quota["scope"]) == (50, "warehouse")
    assert client.api("GET", "quotas/replicas").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("", 400, None),
        ("?region_id=", 400, None),
        ("?region_id=eu-central-1", 200, ("v1-highmem-xs", 5)),
        ("?region_id=nowhere-1", 200, ("", 0)),
        ("?region_id=eu-central-1&byoc_id=mine", 400, None),
        (
            "?region_id=eu-central-1&byoc_id=0a0b0c0d-0000-4000-8000-000000000001",
            200,
            ("v1-standard-byoc-4", 2),
        ),
    ],
)
def test_the_profiles_of_a_region(
    client: Client, query: str, status: int, expected: tuple[str, int] | None
) -> None:
    answer = client.api("GET", f"serviceProfiles{query}")
    assert answer.status_code == status
    if expected is not None:
        profiles = answer.json()["result"]
        assert ("".join(p["profile"] for p in profiles[:1]), len(profiles)) == expected
        assert all(set(p) == {"profile", "cpuCores", "memoryGi"} for p in profiles)


def test_private_endpoints_and_backups_of_a_service(client: Client) -> None:
    for name in ("primary", "campaigns"):
        path = f"services/{client.service_id(name)}"
        endpoint = client.api("GET", f"{path}/privateEndpointConfig").json()["result"]
        assert set(endpoint) == {"endpointServiceId", "privateDnsHostname"}
        backup = client.api("GET", f"{path}/backupConfiguration").json()["result"]
        assert backup["backupPeriodInHours"] == 24
    assert client.api("GET", "services/unknown/privateEndpointConfig").status_code == 404


def test_keys_come_in_pages_with_the_own_one_last(client: Client) -> None:
    client.set_up(other_keys=7)
    pages = read_pages(client, "keys", 3)
    assert [len(page) for page in pages] == [3, 3, 2]
    ids = [key["id"] for page in pages for key in page]
    assert len(set(ids)) == 8
    own = client.api("GET", f"keys/{ids[-1].upper()}").json()["result"]
    assert own["name"] == "Compute group portal"
    assert client.api("GET", f"keys/{ids[0]}").json()["result"]["name"] == "Another key 1001"
    assert client.api("GET", "keys/unknown").status_code == 404


def test_keys_come_a_hundred_at_a_time_unless_asked(client: Client) -> None:
    assert set(client.api("GET", "keys").json()) == {"status", "requestId", "result"}
    client.set_up(other_keys=100)
    first = client.api("GET", "keys").json()
    assert len(first["result"]) == 100
    last = client.api("GET", "keys", params={"cursor": first["nextCursor"]}).json()
    assert len(last["result"]) == 1
    assert "nextCursor" not in last


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=-1",
        "limit=%C2%B2",
        "limit=",
        "cursor=x",
        "cursor=",
        "cursor=%C3%A9",
        "cursor=ZnJvbTp4",
        "cursor=bm90OjE=",
    ],
)
def test_a_page_that_is_none_is_refused(client: Client, query: str) -> None:
    assert client.api("GET", f"keys?{query}").status_code == 400


@pytest.mark.parametrize("path", ["services", "activities", "quotas", "keys"])
def test_every_list_can_come_in_pages_by_order(client: Client, path: str) -> None:
    client.set_up(other_keys=3)
    whole = client.api("GET", path).json()["result"]
    client.set_up(page_size=2)
    assert "nextCursor" not in client.api("GET", "/v1/organizations").json()
    pages = read_pages(client, path, 50)
    assert {len(page) for page in pages[:-1]} <= {2}
    assert [item for page in pages for item in page] == whole


def test_services_are_not_paged_unless_ordered(client: Client) -> None:
    body = client.api("GET", "services?limit=2&cursor=nonsense").json()
    assert len(body["result"]) == 6
    assert "nextCursor" not in body
