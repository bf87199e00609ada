"""Orders that lay something over the services: what answers show, and who is seen at all."""

import copy
from dataclasses import asdict
from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import check_known, parse_choice
from app.sandbox.cloud.http.errors import bad_field
from app.sandbox.cloud.oddities import AS_IT_IS, DELETED, PLACES, VISIBILITIES, Appearance

ELEMENT_PLACES = ("start", "end", "instead")
ROW_PLACES = (*ELEMENT_PLACES, "alone")


def show_service(cloud: Cloud, service_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Have answers show a service with other fields, or as another value. Raises ApiError.

    It replaces what was ordered for the service before, and changes nothing about what is.
    """
    check_known(body, ("set", "absent", "instead", "in"))
    appearance = Appearance(
        values=_parse_values(body.get("set", {})),
        absent=tuple(_parse_texts("absent", body.get("absent", []))),
        instead=(body["instead"],) if "instead" in body else (),
        places=frozenset(_parse_texts("in", body.get("in", list(PLACES)), PLACES)),
    )
    with cloud.lock:
        cloud.oddities.appearances[cloud.find(service_id).id] = appearance
    return _written(appearance)


def show_service_as_it_is(cloud: Cloud, service_id: str) -> dict[str, Any]:
    """End what `show_service` ordered. Raises ApiError 404."""
    with cloud.lock:
        cloud.oddities.appearances.pop(cloud.find(service_id).id, None)
    return _written(Appearance())


def set_visibility(cloud: Cloud, service_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Take a service out of the list, out of the key's sight, or out of the world.

    A deleted one stays terminated when it is shown again. Raises ApiError.
    """
    check_known(body, ("visibility",))
    wanted = parse_choice("visibility", body.get("visibility"), VISIBILITIES)
    with cloud.lock:
        now, service = cloud.advance(), cloud.find(service_id)
        before = cloud.oddities.visibilities.pop(service.id, AS_IT_IS)
        if wanted != AS_IT_IS:
            cloud.oddities.visibilities[service.id] = wanted
        if wanted == DELETED != before:
            service.force_state("terminated", now)
            cloud.activities.add(now, "service_delete", service.id)
        return {"id": service.id, "visibility": wanted, "state": service.state}


def put_elements(cloud: Cloud, body: dict[str, object]) -> dict[str, Any]:
    """Put any JSON values into the list of services; none end it. Raises ApiError 400."""
    check_known(body, ("elements", "at"))
    elements = body.get("elements")
    if not isinstance(elements, list):
        raise bad_field("elements", "must be an array", elements)
    at = parse_choice("at", body.get("at", "end"), ELEMENT_PLACES)
    with cloud.lock:
        cloud.oddities.elements, cloud.oddities.elements_at = copy.deepcopy(elements), at
    return {"elements": elements, "at": at}


def put_cost_rows(cloud: Cloud, body: dict[str, object]) -> dict[str, Any]:
    """Put any JSON values into the cost report; none end it. Raises ApiError 400."""
    check_known(body, ("rows", "at"))
    rows = body.get("rows")
    if not isinstance(rows, list):
        raise bad_field("rows", "must be an array", rows)
    at = parse_choice("at", body.get("at", "end"), ROW_PLACES)
    with cloud.lock:
        cloud.oddities.cost_rows, cloud.oddities.cost_rows_at = copy.deepcopy(rows), at
    return {"rows": rows, "at": at}


def _parse_values(given: object) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise bad_field("set", "must be an object", given)
    return given


def _parse_texts(field: str, given: object, known: tuple[str, ...] | None = None) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise bad_field(field, "must be an array of strings", given)
    if known is not None and not set(given) <= set(known):
        raise bad_field(field, f"may hold {', '.join(known)}", given)
    return given


def _written(appearance: Appearance) -> dict[str, Any]:
    shown = asdict(appearance) | {"in": sorted(appearance.places)}
    shown["set"] = shown.pop("values")
    shown.pop("places")
    instead = shown.pop("instead")
    shown["absent"] = list(shown["absent"])
    return shown | ({"instead": instead[0]} if instead else {})
