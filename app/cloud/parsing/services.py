"""Cloud's service object -> `Service`. What makes no sense in it counts as not known.

Only an id is needed, so that one service never takes the others of its list with it.
"""

import ipaddress
import logging
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.cloud.parsing.scaling import parse_configured, parse_effective, unknown_mode
from app.cloud.parsing.values import list_objects, parse_moment
from app.cloud.transport.answers import clean_text, lost
from app.domain.groups.group import STANDARD_PROFILE, Endpoint, IpAccess, Particulars, Service
from app.domain.groups.scaling import whole_number
from app.domain.groups.shown_fields import shown_fields
from app.domain.groups.states import ServiceState

WRONG_SHAPE = "ClickHouse Cloud described a service in a way that makes no sense."
LAST_PORT = 65535
HOST_NAME = re.compile(r"[A-Za-z0-9_.-]{1,253}")
MOST_NAMED = 10
"""How many places of a list a log line names."""

log = logging.getLogger("portal.cloud")


def parse_ids(value: object) -> tuple[str, ...]:
    """The ids of a list of things. Raises CloudAnswerLost for a wrong shape."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise lost("ClickHouse Cloud described a list in a way that makes no sense.")
    return tuple(clean_text(item.get("id")) for item in value)


def parse_services(value: object) -> tuple[Service, ...]:
    """Every service of a list that has an id.

    Raises CloudAnswerLost for what is no list, and for one that is full of other things.
    """
    found = [find_service(item) for item in value] if isinstance(value, list) else [None]
    if found and not any(found):
        raise lost(WRONG_SHAPE)
    if nameless := [place for place, item in enumerate(found, start=1) if item is None]:
        _log_nameless(nameless, len(found))
    return _without_repeated([item for item in found if item is not None])


def _without_repeated(services: list[Service]) -> tuple[Service, ...]:
    """Each id once: of entries with the same id the first one of which the size is known."""
    kept: dict[str, Service] = {}
    for service in services:
        earlier = kept.setdefault(service.service_id, service)
        if earlier.configured is None and service.configured is not None:
            kept[service.service_id] = service
    if len(kept) < len(services):
        log.warning("ClickHouse Cloud lists %d services twice", len(services) - len(kept))
    return tuple(kept.values())


def _log_nameless(places: list[int], total: int) -> None:
    # Nothing of what Cloud sent: it may be anything, of any length.
    named = ", ".join(map(str, places[:MOST_NAMED]))
    log.warning(
        "%d of the %d services that ClickHouse Cloud lists have no usable id and are left out;"
        " their places in the list begin with %s",
        len(places),
        total,
        named,
    )


def parse_service(value: object) -> Service:
    """One service. Raises CloudAnswerLost when it has no id."""
    service = find_service(value)
    if service is None:
        raise lost(WRONG_SHAPE)
    return service


def find_service(value: object) -> Service | None:
    """One service; None when it has no id."""
    service_id = _parse_id(value.get("id")) if isinstance(value, dict) else None
    return _build_service(service_id, value) if service_id and isinstance(value, dict) else None


def _build_service(service_id: str, value: Mapping[str, Any]) -> Service:
    text, configured = _Texts(value), parse_configured(value)
    return Service(
        service_id=service_id,
        cloud_name=text["name"],
        state=ServiceState.parse(text["state"]),
        state_text=text["state"],
        configured=configured,
        effective=parse_effective(value, configured),
        active_entry=_find_active_entry(value),
        is_primary=value.get("isPrimary") is True,
        is_readonly=value.get("isReadonly") is True,
        provider=text["provider"],
        region=text["region"],
        version=text["clickhouseVersion"],
        profile=text["profile"] or STANDARD_PROFILE,
        is_byoc=bool(value.get("byocId")),
        endpoints=_parse_endpoints(value.get("endpoints")),
        ip_access=_parse_ip_access(value.get("ipAccessList")),
        created_at=parse_moment(value.get("createdAt")),
        particulars=_parse_particulars(value, text),
        unknown_mode=unknown_mode(text["autoscalingMode"]),
    )


class _Texts:
    """Reads text fields of an object; a value of another type reads as empty."""

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
        said=shown_fields(value),
        tags=_parse_tags(value.get("tags")),
    )


def _parse_tags(value: object) -> tuple[tuple[str, str], ...]:
    """Each key once, the last of them counts."""
    found = {
        clean_text(item.get("key")): clean_text(item.get("value")) for item in list_objects(value)
    }
    return tuple(sorted((key, text) for key, text in found.items() if key))


def _parse_id(value: object) -> str | None:
    try:
        return str(UUID(value)) if isinstance(value, str) else None
    except ValueError:
        return None


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
    for item in list_objects(value):
        host, port = clean_text(item.get("host")), whole_number(item.get("port"))
        if _is_host(host) and port and 0 < port <= LAST_PORT:
            found.append(Endpoint(clean_text(item.get("protocol")), host, port))
    return tuple(found)


def _is_host(text: str) -> bool:
    """Whether this alone says where to connect: no name, port or path beside it."""
    try:
        return bool(HOST_NAME.fullmatch(text) or ipaddress.ip_address(text))
    except ValueError:
        return False


def _parse_ip_access(value: object) -> tuple[IpAccess, ...]:
    return tuple(
        IpAccess(clean_text(item.get("source")), clean_text(item.get("description")))
        for item in list_objects(value)
    )
