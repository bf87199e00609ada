"""Cloud's figures of one service -> `ScalingConfig`. What is null counts as absent, everywhere.

Figures that make no sense, by themselves or together, are not known: there is no guess at a size.
"""

from collections.abc import Mapping
from typing import Any

from app.cloud.parsing.values import first_given
from app.domain.groups.scaling import ScalingConfig, ScalingMode, is_figure, whole_number

Fields = Mapping[str, Any]
Range = tuple[int, int] | None
BAND = ("minReplicas", "maxReplicas")


def parse_configured(value: Fields) -> ScalingConfig | None:
    """What is set for the service; None where Cloud gives no complete and possible figures."""
    named = first_given(value, "autoscalingMode")
    mode = ScalingMode.VERTICAL if named is None else _parse_mode(named)
    return _build(
        mode,
        _range(value, ("minReplicaMemoryGb", "maxReplicaMemoryGb"), "replicaMemoryGb"),
        _fixed_count(value) if mode is ScalingMode.VERTICAL else _range(value, BAND, "numReplicas"),
        value.get("idleScaling"),
        value.get("idleTimeoutMinutes"),
    )


def parse_effective(value: Fields, configured: ScalingConfig | None) -> ScalingConfig | None:
    """What applies now; None where Cloud does not say it completely."""
    current = value.get("currentScaling")
    if not isinstance(current, dict):
        return None
    effective = _build(
        _parse_mode(current.get("effectiveAutoscalingMode")),
        _range(current, ("effectiveMinReplicaMemoryGb", "effectiveMaxReplicaMemoryGb")),
        _range(current, ("effectiveMinReplicas", "effectiveMaxReplicas")),
        current.get("effectiveIdleScaling"),
        current.get("effectiveIdleTimeoutMinutes"),
    )
    return _with_count(effective, configured) if effective and configured else effective


def _fixed_count(value: Fields) -> Range:
    # An old vertical service may carry a band besides, as it was stored: the number counts.
    if first_given(value, "numReplicas") is not None:
        return _range(value, ("numReplicas", "numReplicas"))
    band = _range(value, BAND)
    return band if band and band[0] == band[1] else None


def _with_count(effective: ScalingConfig, configured: ScalingConfig) -> ScalingConfig:
    # The stored band of an old vertical service is shown here as well, and is none that runs.
    count, band = configured.max_replicas, (effective.min_replicas, effective.max_replicas)
    is_band = effective.mode is configured.mode is ScalingMode.VERTICAL and band[0] < band[1]
    if not is_band or not band[0] <= count <= band[1]:
        return effective
    return effective.model_copy(update={"min_replicas": count, "max_replicas": count})


def _range(value: Fields, names: tuple[str, str], otherwise: str = "") -> Range:
    least, most = (whole_number(first_given(value, name, otherwise)) for name in names)
    return None if least is None or most is None else (least, most)


def unknown_mode(text: str) -> str:
    """Cloud's word for a way of scaling that the portal does not know; empty for one it knows."""
    return "" if text in set(ScalingMode) else text


def _parse_mode(value: object) -> ScalingMode | None:
    return ScalingMode(value) if isinstance(value, str) and value in set(ScalingMode) else None


def _build(
    mode: ScalingMode | None, memory: Range, replicas: Range, idling: object, timeout: object
) -> ScalingConfig | None:
    idles, minutes = _parse_idling(idling, timeout)
    if mode is None or memory is None or replicas is None or idles is None:
        return None
    config = ScalingConfig(
        mode=mode,
        min_memory_gb=memory[0],
        max_memory_gb=memory[1],
        min_replicas=replicas[0],
        max_replicas=replicas[1],
        idle_scaling=idles,
        idle_timeout_minutes=minutes,
    )
    return config if config.is_possible else None


def _parse_idling(idling: object, timeout: object) -> tuple[bool | None, int | None]:
    """Whether it idles, and after how many minutes, if Cloud says so; None, None if not known.

    It does where Cloud does not say; where it never does, it does not matter after how long.
    """
    minutes = whole_number(timeout)
    if minutes is not None and not is_figure(minutes):
        minutes = None
    if idling is False:
        return False, minutes
    is_garbled = (idling is not None and idling is not True) or (
        timeout is not None and minutes is None
    )
    return (None, None) if is_garbled else (True, minutes)
