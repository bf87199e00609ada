"""What the API says beside a service: its profiles, its private endpoint, its backups."""

import uuid
from typing import Any

from app.sandbox.cloud.http.errors import ApiError
from app.sandbox.cloud.service.service import Service

# vCPU and GiB are invented, but in the proportion of the custom profiles: 8 GiB for a vCPU.
PROFILES = {
    "v1-highmem-xs": (2, 16),
    "v1-highmem-s": (4, 32),
    "v1-highmem-m": (8, 64),
    "v1-highmem-l": (16, 128),
    "v1-highmem-xl": (32, 256),
}
# The memory of these is the profile's own, and need not be a multiple of 4.
BYOC_PROFILES = {"v1-standard-byoc-4": (4, 14), "v1-standard-byoc-8": (8, 30)}


def service_profiles(
    region_id: str | None, byoc_id: str | None, regions: set[str]
) -> list[dict[str, Any]]:
    """Write the custom profiles of a region, or those of a BYOC one. Raises ApiError 400."""
    if not region_id:
        raise ApiError(400, "request query.region_id: is required")
    if region_id not in regions:
        return []
    return [
        {"profile": name, "cpuCores": cores, "memoryGi": memory_gi}
        for name, (cores, memory_gi) in (BYOC_PROFILES if _is_byoc(byoc_id) else PROFILES).items()
    ]


def private_endpoint_config(service: Service) -> dict[str, str]:
    """Write what a private endpoint of the service would be made with."""
    provider, region = (service.fields.get(name) for name in ("provider", "region"))
    if provider == "gcp":
        endpoint = f"projects/sandbox/regions/{region}/serviceAttachments/sandbox"
    else:
        endpoint = f"com.amazonaws.vpce.{region}.vpce-svc-{service.id[-12:]}"
    host = f"sandbox-{service.id[-2:]}.{region}.p.{provider}.example"
    return {"endpointServiceId": endpoint, "privateDnsHostname": host}


def backup_configuration() -> dict[str, Any]:
    """Write when backups are made and how long they are kept, the same for every service."""
    return {
        "backupPeriodInHours": 24,
        "backupRetentionPeriodInHours": 48,
        "backupStartTime": None,
    }


def _is_byoc(byoc_id: str | None) -> bool:
    if byoc_id is None:
        return False
    try:
        uuid.UUID(byoc_id)
    except ValueError:
        raise ApiError(400, "request query.byoc_id: must be a UUID") from None
    return True
