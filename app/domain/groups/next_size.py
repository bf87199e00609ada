"""The next larger size of a group, to say what more would cost."""

from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode


def next_size(config: ScalingConfig, limits: Limits) -> ScalingConfig | None:
    """The configuration with the next larger maximum: of memory where the number of replicas is
    fixed, of replicas where they come and go. None where the limits allow nothing larger."""
    if config.mode is ScalingMode.VERTICAL:
        larger = (size for size in limits.memory_choices_gb if size > config.max_memory_gb)
        memory_gb = min(larger, default=None)
        wanted = memory_gb and config.model_copy(update={"max_memory_gb": memory_gb})
    else:
        count = config.max_replicas + 1
        is_allowed = count <= limits.max_replicas
        wanted = config.model_copy(update={"max_replicas": count}) if is_allowed else None
    largest_gb = limits.largest_total_gb(config)
    if not wanted or (largest_gb is not None and wanted.max_total_gb > largest_gb):
        return None
    return wanted
