"""What the portal knows -> the answers of the older service."""

from math import isfinite

from app.api.groups.serializers import show_endpoints, show_ip_access
from app.api.legacy.models import LegacyConfigAnswer, LegacyDetails
from app.domain.groups.group import Service
from app.domain.groups.scaling import MOST_FIGURE, ScalingConfig, ScalingMode, whole_number
from app.errors import NotPossible

MEMORY_FIGURES = (
    "minTotalMemoryGb",
    "maxTotalMemoryGb",
    "minReplicaMemoryGb",
    "maxReplicaMemoryGb",
)
COUNTS = ("numReplicas", "minReplicas", "maxReplicas", "idleTimeoutMinutes")


def require_config(service: Service) -> ScalingConfig:
    """What is configured. Raises NotPossible where Cloud gives no figures."""
    if service.configured is None:
        raise NotPossible(
            message="ClickHouse Cloud gives no scaling settings for this service that can be read.",
            remedy="It may be of a fixed size. Look at it in the ClickHouse Cloud console.",
        )
    return service.configured


def show_config(config: ScalingConfig) -> LegacyConfigAnswer:
    """The configuration in Cloud's names."""
    return LegacyConfigAnswer.model_validate(_config_fields(config))


def show_details(service: Service) -> LegacyDetails:
    """All that Cloud says of a service and may be shown; what the portal reads, as it reads it."""
    further = {
        name: value
        for name, value in service.particulars.said.items()
        if name not in LegacyDetails.model_fields
    }
    return LegacyDetails.model_validate(further | _figures(service) | _known_fields(service))


def _figures(service: Service) -> dict[str, object]:
    # As Cloud states them; what it leaves out or garbles is worked out where that can be done.
    said, config = service.particulars.said, service.configured
    derived: dict[str, object] = {}
    if config is not None:
        totals = {"minTotalMemoryGb": config.min_total_gb, "maxTotalMemoryGb": config.max_total_gb}
        derived = {**_config_fields(config), **totals}
    memory = {name: _memory_figure(said.get(name)) for name in MEMORY_FIGURES}
    counts = {name: whole_number(said.get(name)) for name in COUNTS}
    given = {name: value for name, value in (memory | counts).items() if _can_be_meant(value)}
    return derived | given


def _can_be_meant(value: float | None) -> bool:
    # 0 passes: nothing can run like that, and Cloud may say it of what does not.
    return value is not None and 0 <= value <= MOST_FIGURE


def _memory_figure(value: object) -> int | float | None:
    is_fraction = isinstance(value, float) and isfinite(value) and not value.is_integer()
    return value if isinstance(value, float) and is_fraction else whole_number(value)


def _known_fields(service: Service) -> dict[str, object]:
    more = service.particulars
    return {
        "id": service.service_id,
        "name": service.cloud_name,
        "provider": service.provider,
        "region": service.region,
        "state": service.state_text,
        "endpoints": show_endpoints(service),
        "ipAccessList": show_ip_access(service),
        "createdAt": service.created_at,
        "iamRole": more.iam_role or None,
        "privateEndpointIds": list(more.private_endpoint_ids),
        "dataWarehouseId": more.warehouse_id or None,
        "isPrimary": service.is_primary,
        "isReadonly": service.is_readonly,
        "releaseChannel": more.release_channel or None,
    }


def _config_fields(config: ScalingConfig) -> dict[str, int | bool | None]:
    is_fixed = config.mode is ScalingMode.VERTICAL
    return {
        "minReplicaMemoryGb": config.min_memory_gb,
        "maxReplicaMemoryGb": config.max_memory_gb,
        "idleScaling": config.idle_scaling,
        "idleTimeoutMinutes": config.idle_timeout_minutes,
        "numReplicas": config.max_replicas if is_fixed else None,
        "minReplicas": None if is_fixed else config.min_replicas,
        "maxReplicas": None if is_fixed else config.max_replicas,
    }
