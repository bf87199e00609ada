"""The sandbox's fixed world: names, identifiers, users and passwords, published by design."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.sandbox.cloud.service.scaling import Scaling
from app.sandbox.cloud.service.scaling_fields import HORIZONTAL, VERTICAL
from app.sandbox.cloud.service.schedule import Entry
from app.sandbox.cloud.service.service import Service

ORGANIZATION_ID = "0a000000-0000-4000-8000-000000000001"
ORGANIZATION_NAME = "Sandbox"
CREATED_AT = datetime(2025, 3, 3, 9, 0, tzinfo=UTC).timestamp()

KEY_UUID = "0d000000-0000-4000-8000-000000000001"
KEY_ID = "SandboxKey0000000001"
KEY_SECRET = "4b1dSandboxSecretPublishedByDesign00000001"
KEY_NAME = "Compute group portal"

ANALYTICS_ID = "0b000000-0000-4000-8000-000000000001"
MARKETING_ID = "0b000000-0000-4000-8000-000000000002"
WAREHOUSES = {ANALYTICS_ID: "Analytics", MARKETING_ID: "Marketing"}
REPLICAS_PER_WAREHOUSE = 50
SERVICES_PER_ORGANIZATION = 20

VERSION = "26.9.2.1187"
NATIVE_PORT = 9440  # shown only: nothing listens there
ALL_DAY = Entry(
    id="0e000000-0000-4000-8000-000000000001",
    name="Campaign days",
    weekdays=(0, 1, 2, 3, 4, 5, 6),
    start_hour=0,
    end_hour=24,
    mode=HORIZONTAL,
    values={
        "minReplicaMemoryGb": 64,
        "maxReplicaMemoryGb": 64,
        "minReplicas": 4,
        "maxReplicas": 10,
        "idleScaling": False,
        "idleTimeoutMinutes": 15,
    },
)


@dataclass(frozen=True)
class User:
    """A ClickHouse user of a warehouse, known to all its services."""

    name: str
    password: str
    roles: tuple[str, ...] = ()
    failed_logins_an_hour: int | None = None


USERS = {
    ANALYTICS_ID: (
        User("alice", "alice-sandbox-1", ("analytics_operator",)),
        User("bob", "bob-sandbox-1", ("analytics_viewer",)),
        User("charlie", "charlie-sandbox-1", ("other",)),
        User("norah", "norah-sandbox-1"),
        User("quinn", "quinn-sandbox-1", ("analytics_viewer",), failed_logins_an_hour=3),
        User("default", "default-analytics-1", ("default_role",)),
    ),
    MARKETING_ID: (
        User("dana", "dana-sandbox-1", ("marketing_operator",)),
        User("default", "default-marketing-1", ("default_role",)),
    ),
}

FURTHER_USERS = (
    User("alice", "alice-sandbox-1", ("team_operator",)),
    User("default", "default-team-1", ("default_role",)),
)
"""Of every warehouse beyond these two."""


def named_services() -> list[Service]:
    """Make the services that are always there."""
    return [
        _analytics(1, "primary", "running", _vertical(16, 32, 3, 15)),
        _analytics(2, "reporting", "running", _vertical(8, 16, 1, 10)),
        _analytics(3, "ad hoc", "idle", _vertical(8, 32, 1, 5)),
        _analytics(4, "archive", "running", _vertical(8, 8, 1, 30)),
        _analytics(5, "month end", "stopped", _vertical(64, 120, 2, 15)),
        _marketing(),
    ]


def _analytics(number: int, name: str, state: str, scaling: Scaling) -> Service:
    fields = _fields_of(f"Analytics {name}", "aws", "eu-central-1", "198.51.100.0/24")
    fields |= {"isPrimary": number == 1, "isReadonly": name == "archive"}
    return Service(
        id=f"0c000000-0000-4000-8000-00000000001{number}",
        warehouse_id=ANALYTICS_ID,
        state=state,
        configured=scaling,
        fields=fields,
        created_at=CREATED_AT + number * 86_400,
        fewest_replicas=2 if number == 1 else 1,
        # Simulated queries keep these two from falling idle while people look around.
        is_kept_busy=name in {"primary", "reporting"},
    )


def _marketing() -> Service:
    fields = _fields_of("Marketing campaigns", "gcp", "europe-west4", "203.0.113.0/24")
    fields |= {"isPrimary": True, "isReadonly": False}
    return Service(
        id="0c000000-0000-4000-8000-000000000021",
        warehouse_id=MARKETING_ID,
        state="running",
        configured=Scaling(HORIZONTAL, 32, 32, 2, 6, True, 15),
        fields=fields,
        created_at=CREATED_AT + 7 * 86_400,
        fewest_replicas=2,
        is_kept_busy=True,
        entries=(ALL_DAY,),
    )


def make_service(
    *, service_id: str, warehouse_id: str, name: str, is_primary: bool, created_at: float
) -> Service:
    """Make one that is nothing special: small, and running as long as somebody uses it."""
    fields = _fields_of(name, "aws", "eu-central-1", "198.51.100.0/24")
    return Service(
        id=service_id,
        warehouse_id=warehouse_id,
        state="running",
        configured=_vertical(8, 16, 1, 15),
        fields=fields | {"isPrimary": is_primary, "isReadonly": False},
        created_at=created_at,
        is_kept_busy=is_primary,
    )


def _vertical(min_gb: int, max_gb: int, replicas: int, idle_minutes: int) -> Scaling:
    return Scaling(VERTICAL, min_gb, max_gb, replicas, replicas, True, idle_minutes)


def _fields_of(name: str, provider: str, region: str, office: str) -> dict[str, Any]:
    return {
        "name": name,
        "provider": provider,
        "region": region,
        "clickhouseVersion": VERSION,
        "tier": "production",
        "profile": "v1-default",
        "releaseChannel": "default",
        "ipAccessList": [
            {"source": "127.0.0.1/32", "description": "This machine"},
            {"source": office, "description": "Office"},
        ],
        "privateEndpointIds": [],
        "availablePrivateEndpointIds": [],
        "hasTransparentDataEncryption": False,
        "enableCoreDumps": True,
        "tags": [{"key": "Environment", "value": "sandbox"}],
    }


def describe_endpoints(host: str, port: int) -> list[dict[str, Any]]:
    """Write where a service answers."""
    return [
        {"protocol": "nativesecure", "host": host, "port": NATIVE_PORT, "username": None},
        {"protocol": "https", "host": host, "port": port, "username": None},
    ]
