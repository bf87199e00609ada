"""A client of a Cloud that is not there, and answers as Cloud writes them."""

import json
from typing import Any

import requests
from pydantic import SecretStr

from app.cloud.client import CloudClient
from app.cloud.transport.budget import RequestBudget, UsageOfOneProcess
from app.cloud.transport.retries import CloudHttp
from app.metrics import Metrics
from tests.unit.builders import PRIMARY_ID

URL = "https://api.example.test"
ORGANIZATION_ID = "0a000000-0000-4000-8000-000000000001"
SERVICES_URL = f"{URL}/v1/organizations/{ORGANIZATION_ID}/services"
SERVICE_URL = f"{SERVICES_URL}/{PRIMARY_ID}"
SCALING_URL = f"{SERVICE_URL}/replicaScaling"
KEY_ID, KEY_SECRET = "Kq3vN8xZr2Lw5TyB", "4b1d-canary-secret"
BASIC = "Basic S3Ezdk44eFpyMkx3NVR5Qjo0YjFkLWNhbmFyeS1zZWNyZXQ="
USER_AGENT = "clickhouse-compute-portal/test"
REQUEST_ID = "11111111-2222-4333-8444-555555555555"


class Unlimited(RequestBudget):
    """Lets everything through and notes which share each request was taken from."""

    def __init__(self) -> None:
        super().__init__(UsageOfOneProcess())
        self.taken: list[bool] = []

    def take(self, *, for_write: bool) -> None:
        self.taken.append(for_write)


class Naps:
    """Sleeps in no time and notes for how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def make_http(
    url: str = URL,
    *,
    naps: Naps | None = None,
    budget: RequestBudget | None = None,
    metrics: Metrics | None = None,
) -> CloudHttp:
    """The HTTP side alone; it never really sleeps."""
    return CloudHttp(
        url=url,
        key_id=SecretStr(KEY_ID),
        key_secret=SecretStr(KEY_SECRET),
        user_agent=USER_AGENT,
        budget=budget or Unlimited(),
        metrics=metrics or Metrics(),
        sleep=naps or Naps(),
    )


def make_client(http: CloudHttp | None = None) -> CloudClient:
    """A client of one organisation."""
    return CloudClient(http or make_http(), ORGANIZATION_ID)


def has_key_and_name(request: requests.PreparedRequest) -> tuple[bool, str]:
    """A matcher: every request carries the key as Basic auth, and the portal's own name."""
    sent = (request.headers.get("Authorization"), request.headers.get("User-Agent"))
    is_right = sent == (BASIC, USER_AGENT) and "Cookie" not in request.headers
    return is_right, "the key or the User-Agent is missing or wrong"


def service_json(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """A service as Cloud describes it, with some fields replaced."""
    return {
        "id": PRIMARY_ID,
        "name": "Analytics primary",
        "provider": "aws",
        "region": "eu-central-1",
        "state": "running",
        "clickhouseVersion": "26.9.2.1187",
        "endpoints": [
            {"protocol": "nativesecure", "host": "a.example.test", "port": 9440},
            {"protocol": "https", "host": "a.example.test", "port": 8443.0},
        ],
        "ipAccessList": [{"source": "198.51.100.0/24", "description": "Office"}],
        "createdAt": "2025-03-03T09:00:00Z",
        "isPrimary": True,
        "isReadonly": False,
        "profile": "v1-default",
        "minReplicaMemoryGb": 16.0,
        "maxReplicaMemoryGb": 32,
        "numReplicas": 3,
        "idleScaling": True,
        "idleTimeoutMinutes": 15,
        "currentScaling": {
            "activeEntryId": None,
            "effectiveAutoscalingMode": "vertical",
            "effectiveMinReplicaMemoryGb": 16,
            "effectiveMaxReplicaMemoryGb": 32,
            "effectiveMinReplicas": 3,
            "effectiveMaxReplicas": 3,
            "effectiveIdleScaling": True,
            "effectiveIdleTimeoutMinutes": 15,
        },
    } | fields


def success(result: object) -> str:
    """A success as Cloud wraps it."""
    return json.dumps({"status": 200, "requestId": REQUEST_ID, "result": result})


def failure(status: int, error: str) -> str:
    """An error as Cloud wraps it."""
    return json.dumps({"status": status, "error": error, "requestId": REQUEST_ID})
