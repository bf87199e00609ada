"""What the Cloud API says about the organisation, its quotas and its API key."""

from typing import Any

from app.sandbox import world
from app.sandbox.clock import to_iso


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


def quotas() -> list[dict[str, Any]]:
    """Write the limits enforced for the organisation."""
    return [
        {
            "quotaCode": "services-per-organization",
            "name": "Services per organization",
            "description": "How many services the organization may have.",
            "scope": "organization",
            "value": world.SERVICES_PER_ORGANIZATION,
            "usage": world.SERVICE_COUNT,
            "adjustable": True,
        },
        {
            "quotaCode": "replicas-per-warehouse",
            "name": "Replicas per warehouse",
            "description": "How many replicas the services of one warehouse may have together.",
            "scope": "warehouse",
            "value": world.REPLICAS_PER_WAREHOUSE,
            "adjustable": True,
        },
    ]


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
