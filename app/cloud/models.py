"""Cloud's service object -> `Service`. Unknown fields and states are tolerated, wrong shapes not.

Cloud and its clients write whole numbers as `16` or `16.0`; both are read.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.cloud.answers import clean_text, lost
from app.domain.groups.group import STANDARD_PROFILE, Endpoint, IpAccess, Particulars, Service
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.groups.states import ServiceState

WRONG_SHAPE = "ClickHouse Cloud described a service in a way that makes no sense."


def parse_ids(value: object) -> tuple[str, ...]:
    """The ids of a list of things. Raises CloudAnswerLost for a wrong shape."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise lost("ClickHouse Cloud described a list in a way that makes no sense.")
    return tuple(clean_text(item.get("id")) for item in value)


def parse_services(value: object) -> tuple[Service, ...]:
    """All services of a list. Raises CloudAnswerLost for a wrong shape."""
    if not isinstance(value, list):
        raise lost(WRONG_SHAPE)
    return tuple(parse_service(item) for item in value)


def parse_service(value: object) -> Service:
    """One service. Raises CloudAnswerLost when it has no id or no state."""
    if not isinstance(value, dict) or not isinstance(value.get("state"), str):
        raise lost(WRONG_SHAPE)
    text = _Texts(value)
    return Service(
        service_id=_parse_id(value.get("id")),
        cloud_name=text["name"],
        state=ServiceState.parse(value["state"]),
        state_text=text["state"],
        configured=_parse_configured(value),
        effective=_parse_effective(value),
        active_entry=_find_active_entry(value),
        is_primary=value.get("isPrimary") is True,
        is_readonly=value.get("isReadonly") is True,
        provider=text["provider"],
        region=text["region"],
        version=text["clickhouseVersion"],
        profile=text["profile"] or STANDARD_PROFILE,
        is_byoc=bool(text["byocId"]),
        endpoints=_parse_endpoints(value.get("endpoints")),
        ip_access=_parse_ip_access(value.get("ipAccessList")),
        created_at=_parse_time(value.get("createdAt")),
        particulars=_parse_particulars(value, text),
    )


class _Texts:
    """Reads text fields of an object; anything that is no text reads as empty."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value

    def __getitem__(self, name: str) -> str:
        return clean_text(self._value.get(name))


def _parse_particulars(value: Mapping[str, Any], text: _Texts) -> Particulars:
    ids = value.get("privateEndpointIds")
    return Particulars(
        warehouse_id=text["dataWarehouseId"],
        release_channel=text["releaseChannel"],
        iam_role=text["iamRole"],
        private_endpoint_ids=tuple(map(clean_text, ids)) if isinstance(ids, list) else (),
    )


def _parse_id(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        raise lost(WRONG_SHAPE) from None


def whole_number(value: object) -> int | None:
    """16 out of `16` or `16.0`; None for anything else, true and false included."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _parse_configured(value: Mapping[str, Any]) -> ScalingConfig | None:
    fixed_memory = value.get("replicaMemoryGb")
    fixed_replicas = value.get("numReplicas")
    return _build_config(
        mode=value.get("autoscalingMode", ScalingMode.VERTICAL),
        memory=(
            value.get("minReplicaMemoryGb", fixed_memory),
            value.get("maxReplicaMemoryGb", fixed_memory),
        ),
        replicas=(
            value.get("minReplicas", fixed_replicas),
            value.get("maxReplicas", fixed_replicas),
        ),
        idling=(value.get("idleScaling"), value.get("idleTimeoutMinutes")),
    )


def _parse_effective(value: Mapping[str, Any]) -> ScalingConfig | None:
    current = value.get("currentScaling")
    if not isinstance(current, dict):
        return None
    return _build_config(
        mode=current.get("effectiveAutoscalingMode"),
        memory=(
            current.get("effectiveMinReplicaMemoryGb"),
            current.get("effectiveMaxReplicaMemoryGb"),
        ),
        replicas=(current.get("effectiveMinReplicas"), current.get("effectiveMaxReplicas")),
        idling=(current.get("effectiveIdleScaling"), current.get("effectiveIdleTimeoutMinutes")),
    )


def _build_config(
    *,
    mode: object,
    memory: tuple[object, object],
    replicas: tuple[object, object],
    idling: tuple[object, object],
) -> ScalingConfig | None:
    figures = [whole_number(item) for item in (*memory, *replicas)]
    if not isinstance(mode, str) or mode not in set(ScalingMode) or None in figures:
        return None
    low, high, fewest, most = (figure for figure in figures if figure is not None)
    return ScalingConfig(
        mode=ScalingMode(mode),
        min_memory_gb=low,
        max_memory_gb=high,
        min_replicas=fewest,
        max_replicas=most,
        idle_scaling=idling[0] is not False,
        idle_timeout_minutes=whole_number(idling[1]),
    )


def _find_active_entry(value: Mapping[str, Any]) -> str | None:
    current = value.get("currentScaling")
    active_id = current.get("activeEntryId") if isinstance(current, dict) else None
    if not active_id:
        return None
    schedule = value.get("scalingSchedule")
    entries = schedule.get("entries") if isinstance(schedule, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and entry.get("id") == active_id:
            return clean_text(entry.get("name")) or "a schedule entry"
    return "a schedule entry"


def _parse_endpoints(value: object) -> tuple[Endpoint, ...]:
    found = []
    for item in _objects(value):
        host, port = clean_text(item.get("host")), whole_number(item.get("port"))
        if host and port:
            found.append(Endpoint(clean_text(item.get("protocol")), host, port))
    return tuple(found)


def _parse_ip_access(value: object) -> tuple[IpAccess, ...]:
    return tuple(
        IpAccess(clean_text(item.get("source")), clean_text(item.get("description")))
        for item in _objects(value)
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _parse_time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
