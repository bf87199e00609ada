"""What the portal knows -> the answers of the older service."""

from app.api.legacy.models import LegacyConfigAnswer, LegacyDetails
from app.api.serializers import show_endpoints, show_ip_access
from app.domain.groups.group import Service
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.errors import NotPossible


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
    """A service in Cloud's names. The totals are per replica x replicas."""
    config, more = require_config(service), service.particulars
    return LegacyDetails.model_validate(
        {
            **_config_fields(config),
            "id": service.service_id,
            "name": service.cloud_name,
            "provider": service.provider,
            "region": service.region,
            "state": service.state_text,
            "endpoints": show_endpoints(service),
            "minTotalMemoryGb": config.min_total_gb,
            "maxTotalMemoryGb": config.max_total_gb,
            "ipAccessList": show_ip_access(service),
            "createdAt": service.created_at,
            "iamRole": more.iam_role or None,
            "privateEndpointIds": list(more.private_endpoint_ids),
            "dataWarehouseId": more.warehouse_id or None,
            "isPrimary": service.is_primary,
            "isReadonly": service.is_readonly,
            "releaseChannel": more.release_channel or None,
        }
    )


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
