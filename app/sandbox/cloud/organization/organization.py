"""What the Cloud API says about the organisation, its quotas and its API key."""

from typing import Any

from app.sandbox import world
from app.sandbox.clock import to_iso
from app.sandbox.cloud.http.errors import ApiError


def organization() -> dict[str, Any]:
    """Write the one organisation of the key."""
    return {
        "id": world.ORGANIZATION_ID,
        "createdAt": to_iso(world.CREATED_AT),
        "name": world.ORGANIZATION_NAME,
        "privateEndpoints": [],
        "byocConfig": [],
        "enableCoreDumps": True,
    }


def quotas(service_count: int, replicas_per_warehouse: int) -> list[dict[str, Any]]:
    """Write the limits enforced for the organisation."""
    return [
        {
            "quotaCode": "services-per-organization",
            "name": "Services per organization",
            "description": "How many services the organization may have.",
            "scope": "organization",
            "value": max(world.SERVICES_PER_ORGANIZATION, service_count),
            "usage": service_count,
            "adjustable": True,
        },
        {
            "quotaCode": "replicas-per-warehouse",
            "name": "Replicas per warehouse",
            "description": "How many replicas the services of one warehouse may have together.",
            "scope": "warehouse",
            "value": replicas_per_warehouse,
            "adjustable": True,
        },
    ]


def find_quota(code: str, service_count: int, replicas_per_warehouse: int) -> dict[str, Any]:
    """Write one of the limits. Raises ApiError 404."""
    for quota in quotas(service_count, replicas_per_warehouse):
        if quota["quotaCode"] == code:
            return quota
    raise ApiError(404, "Quota not found")


def api_keys(other_count: int) -> list[dict[str, Any]]:
    """Write the API keys, without their secrets: first those of others, last the one in use."""
    own = api_key()
    others = [
        own
        | {
            "id": f"0d000000-0000-4000-8000-{number:012d}",
            "name": f"Another key {number}",
            "keySuffix": f"{number % 10_000:04d}",
        }
        for number in range(1001, 1001 + other_count)
    ]
    return [*others, own]


def find_api_key(key_id: str, other_count: int) -> dict[str, Any]:
    """Write one API key. Raises ApiError 404."""
    for key in api_keys(other_count):
        if key["id"] == key_id.lower():
            return key
    raise ApiError(404, "Key not found")


def api_key() -> dict[str, Any]:
    """Write the API key, without its secret."""
    role = {
        "roleId": "0f000000-0000-4000-8000-000000000001",
        "roleName": "Compute group portal",
        "roleType": "custom",
    }
    return {
        "id": world.KEY_UUID,
        "name": world.KEY_NAME,
        "state": "enabled",
        "roles": ["developer"],
        "assignedRoles": [role],
        "keySuffix": world.KEY_ID[-4:],
        "createdAt": to_iso(world.CREATED_AT),
        "expireAt": None,
        "ipAccessList": [{"source": "127.0.0.1/32", "description": "This machine"}],
    }
