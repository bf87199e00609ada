"""Every answer of the sandbox holds to Cloud's own OpenAPI document.

The document is not part of the project. It is looked for at CLOUD_OPENAPI_FILE, else beside the
project; without it these tests are skipped.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from jsonschema import (  # type: ignore[import-untyped] # it ships no types
    Draft202012Validator,
    FormatChecker,
)

from app.sandbox.server import Sandbox
from tests.unit.sandbox.client import STATES, Client

VARIABLE = "CLOUD_OPENAPI_FILE"
DEFAULT = Path(__file__).parents[2].parent / "shared" / "reference" / "cloud-openapi.json"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ENTRY = {"name": "Night", "weekdays": [0, 6], "startHourUtc": 22, "endHourUtc": 4}
FORMATS = FormatChecker()
# Moved since the edition of the document: a service may have up to 50 replicas, not 20.
NEWER_MAXIMA = {"numReplicas": 50, "minReplicas": 50, "maxReplicas": 50}


@FORMATS.checks("date-time")  # type: ignore[untyped-decorator] # it ships no types
def is_moment(value: object) -> bool:
    """The checker knows no date-time by itself; Cloud writes UTC with a Z."""
    return not isinstance(value, str) or MOMENT.fullmatch(value) is not None


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    given = os.environ.get(VARIABLE)
    path = Path(given) if given else DEFAULT
    if not path.is_file():
        text = f"Cloud's OpenAPI document is not at {path}: set {VARIABLE} to where it is"
        if given and os.environ.get("CI") == "true":
            pytest.fail(text)
        pytest.skip(text)
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for schema in document["components"]["schemas"].values():
        schema.setdefault("additionalProperties", False)  # so that a misspelt name is found
    return document


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox.start(port=0, speed=0) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    sandbox.reset()
    sandbox._control.settings.change({"rate_limit": None})
    return Client(sandbox)


class Contract:
    """Calls the sandbox and holds each answer to the document."""

    def __init__(self, document: dict[str, Any], client: Client) -> None:
        self.document, self.client = document, client

    def call(
        self, method: str, template: str, status: int, body: object = None, **ids: str
    ) -> requests.Response:
        """Call `template` of the document, expect `status`, and check the answer's shape."""
        query = ids.pop("query", "")
        path = template.replace("{organizationId}", self.client.world["organization_id"])
        for name, value in ids.items():
            path = path.replace(f"{{{name}}}", value)
        response = self.client.api(method, path + query, body)
        assert response.status_code == status, response.text
        self.check(method, template, response)
        return response

    def check(self, method: str, template: str, response: requests.Response) -> None:
        """Validate one answer; a status the document does not list has the shape of its 400."""
        responses = self.document["paths"][template][method.lower()]["responses"]
        content = responses.get(str(response.status_code), responses["400"])["content"]
        kind = response.headers["Content-Type"].split(";")[0]
        assert kind in content
        if kind == "application/json":
            schema = content[kind]["schema"] | {"additionalProperties": False}
            self.validate(schema | {"required": list(schema["properties"])}, response.json())

    def validate(self, schema: dict[str, Any], value: object) -> None:
        """Validate a value, formats included."""
        whole = schema | {"components": self.document["components"]}
        errors = Draft202012Validator(whole, format_checker=FORMATS).iter_errors(value)
        assert not [f"{error.json_path}: {error.message}" for error in errors]

    def validate_named(self, name: str, value: object) -> None:
        """Validate a value against a schema of the document."""
        self.validate(self.document["components"]["schemas"][name], value)


@pytest.fixture
def contract(specification: dict[str, Any], client: Client) -> Contract:
    return Contract(specification, client)


ORGANIZATION = "/v1/organizations/{organizationId}"
SERVICE = f"{ORGANIZATION}/services/{{serviceId}}"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/v1/organizations", ""),
        (ORGANIZATION, ""),
        (f"{ORGANIZATION}/services", ""),
        (f"{ORGANIZATION}/services", "?filter=tag:Environment=sandbox&filter=tag:Environment"),
        (f"{ORGANIZATION}/activities", ""),
        (f"{ORGANIZATION}/quotas", ""),
        (f"{ORGANIZATION}/keys", ""),
        (f"{ORGANIZATION}/serviceProfiles", "?region_id=eu-central-1"),
        (
            f"{ORGANIZATION}/serviceProfiles",
            "?region_id=eu-central-1&byoc_id=0a000000-0000-4000-8000-000000000001",
        ),
        (f"{ORGANIZATION}/usageCost", "?from_date=2026-01-01&to_date=2026-01-31"),
    ],
)
def test_what_concerns_the_organisation(contract: Contract, path: str, query: str) -> None:
    result = contract.call("GET", path, 200, query=query).json()["result"]
    assert result


def test_the_key(contract: Contract) -> None:
    (key,) = contract.call("GET", f"{ORGANIZATION}/keys", 200).json()["result"]
    contract.call("GET", f"{ORGANIZATION}/keys/{{keyId}}", 200, keyId=key["id"])


def test_keys_in_pages_which_are_newer_than_the_document(contract: Contract) -> None:
    contract.client.set_up(other_keys=3)
    body = contract.client.api("GET", "keys?limit=2").json()
    assert set(body) == {"status", "requestId", "result", "nextCursor"}
    for key in body["result"]:
        contract.validate_named("ApiKey", key)


def test_single_activities_and_quotas_which_the_document_lists_only(contract: Contract) -> None:
    activities = contract.call("GET", f"{ORGANIZATION}/activities", 200).json()["result"]
    path = f"activities/{activities[0]['id']}"
    contract.validate_named("Activity", contract.client.api("GET", path).json()["result"])
    for quota in contract.call("GET", f"{ORGANIZATION}/quotas", 200).json()["result"]:
        path = f"quotas/{quota['quotaCode']}"
        contract.validate_named(
            "OrganizationQuota", contract.client.api("GET", path).json()["result"]
        )


def test_what_tests_lay_over_a_service_breaks_the_document(contract: Contract) -> None:
    contract.client.show("archive", set={"numReplicas": "three"})
    with pytest.raises(AssertionError, match="numReplicas"):
        contract.call("GET", f"{ORGANIZATION}/services", 200)


def test_every_service_and_its_metrics(contract: Contract) -> None:
    for service in contract.client.world["services"]:
        contract.call("GET", SERVICE, 200, serviceId=service["id"])
        for query in ("", "?filtered_metrics=true"):
            contract.call("GET", f"{SERVICE}/prometheus", 200, serviceId=service["id"], query=query)


@pytest.mark.parametrize("state", STATES)
def test_a_service_in_every_documented_state(contract: Contract, state: str) -> None:
    documented = contract.document["components"]["schemas"]["Service"]["properties"]["state"]
    assert sorted(STATES) == sorted(documented["enum"])
    contract.client.force("archive", state=state)
    service_id = contract.client.service_id("archive")
    assert (
        contract.call("GET", SERVICE, 200, serviceId=service_id).json()["result"]["state"] == state
    )


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("primary", {"numReplicas": 5}),
        ("primary", {"minReplicaMemoryGb": 16.0, "maxReplicaMemoryGb": 356.0}),
        ("primary", {"minReplicas": 4, "maxReplicas": 4}),
        ("primary", {"idleScaling": False, "idleTimeoutMinutes": 60}),
        (
            "primary",
            {
                "autoscalingMode": "horizontal",
                "minReplicas": 2,
                "maxReplicas": 4,
                "minReplicaMemoryGb": 32,
            },
        ),
        ("campaigns", {"minReplicas": 3, "maxReplicas": 9}),
        ("campaigns", {"autoscalingMode": "vertical", "numReplicas": 3}),
        ("month end", {"numReplicas": 1}),
    ],
)
def test_a_change_of_scaling_at_once_and_later(
    contract: Contract, name: str, body: dict[str, object]
) -> None:
    service_id = contract.client.service_id(name)
    contract.call("PATCH", f"{SERVICE}/replicaScaling", 200, body, serviceId=service_id)
    contract.client.advance(60)
    contract.call("GET", SERVICE, 200, serviceId=service_id)
    contract.call("GET", f"{ORGANIZATION}/activities", 200)


@pytest.mark.parametrize(
    ("name", "command"),
    [("ad hoc", "awake"), ("month end", "start"), ("primary", "stop"), ("primary", "start")],
)
def test_a_command_at_once_and_later(contract: Contract, name: str, command: str) -> None:
    service_id = contract.client.service_id(name)
    contract.call("PATCH", f"{SERVICE}/state", 200, {"command": command}, serviceId=service_id)
    contract.client.advance(60)
    contract.call("GET", SERVICE, 200, serviceId=service_id)


def test_a_schedule_through_its_life(contract: Contract) -> None:
    service_id = contract.client.service_id("primary")
    path = f"{SERVICE}/scalingSchedule"
    contract.call("GET", path, 404, serviceId=service_id)
    entries = [
        ENTRY,
        {**ENTRY, "name": "Day", "startHourUtc": 5, "endHourUtc": 6, "numReplicas": 5},
    ]
    contract.call("POST", path, 200, {"entries": entries}, serviceId=service_id)
    contract.call("GET", path, 200, serviceId=service_id)
    contract.call("GET", SERVICE, 200, serviceId=service_id)
    deleted = contract.client.api(
        "DELETE",
        path.format(organizationId=contract.client.world["organization_id"], serviceId=service_id),
    )
    assert set(deleted.json()) == {"status", "requestId"}
    contract.call("POST", path, 200, {"entries": []}, serviceId=service_id)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("PATCH", f"{SERVICE}/replicaScaling", 400, {"numReplicas": 0}),
        ("PATCH", f"{SERVICE}/replicaScaling", 400, []),
        ("PATCH", f"{SERVICE}/state", 400, {"command": "dance"}),
        ("POST", f"{SERVICE}/scalingSchedule", 400, {"entries": 1}),
        ("GET", f"{ORGANIZATION}/usageCost", 400, None),
        ("GET", f"{ORGANIZATION}/activities?from_date=soon", 400, None),
        ("GET", f"{ORGANIZATION}/serviceProfiles", 400, None),
        ("GET", f"{ORGANIZATION}/services?filter=name:x", 400, None),
    ],
)
def test_refusals(contract: Contract, method: str, path: str, status: int, body: object) -> None:
    path, mark, query = path.partition("?")
    query = mark + query
    service_id = contract.client.service_id("primary")
    contract.call(method, path, status, body, serviceId=service_id, query=query)


def test_unknown_ids_and_wrong_keys(contract: Contract) -> None:
    contract.call("GET", SERVICE, 404, serviceId="nonsense")
    contract.client.key = ("nobody", "nothing")
    contract.call("GET", f"{ORGANIZATION}/services", 401)


def test_the_bounds_of_every_field_are_the_document_s(contract: Contract) -> None:
    schemas = contract.document["components"]["schemas"]
    fields = schemas["ServiceReplicaScalingPatchRequest"]["properties"]
    for field, rule in fields.items():
        for bound, step in (("minimum", -1), ("maximum", 1)):
            if bound in rule:
                edge = NEWER_MAXIMA.get(field, rule[bound]) if bound == "maximum" else rule[bound]
                outside = edge + step * rule.get("multipleOf", 1)
                answer = contract.client.scale("archive", {field: outside})
                assert answer.status_code == 400
                assert f"request body.{field}: " in answer.json()["error"]
    contract.client.set_up(replicas_per_warehouse=100)
    extremes = {
        "minReplicaMemoryGb": fields["minReplicaMemoryGb"]["minimum"],
        "maxReplicaMemoryGb": fields["maxReplicaMemoryGb"]["maximum"],
        "numReplicas": NEWER_MAXIMA["numReplicas"],
    }
    assert contract.client.scale("archive", extremes).status_code == 200


def test_no_field_of_a_change_is_missing(contract: Contract) -> None:
    schemas = contract.document["components"]["schemas"]
    for field in schemas["ServiceReplicaScalingPatchRequest"]["properties"]:
        answer = contract.client.scale("archive", {field: "wrong"})
        assert "Unknown field" not in answer.json()["error"]
