"""Orders that give a user a second factor."""

from typing import Any

from app.sandbox.cloud.cloud import Cloud
from app.sandbox.cloud.http.bodies import check_known, parse_whole
from app.sandbox.cloud.http.errors import ApiError, bad_field
from app.sandbox.control.faults import parse_number
from app.sandbox.extent import users_of
from app.sandbox.second_factor import ERROR_CODE, ERROR_STATUS, SecondFactor

FIELDS = ("codes", "status", "error_code", "warehouse_id")


def set_second_factor(cloud: Cloud, name: str, body: dict[str, object]) -> dict[str, Any]:
    """Ask a user for a code from now on; these codes work once each. Raises ApiError."""
    check_known(body, FIELDS)
    factor = SecondFactor(
        codes=set(_parse_codes(body.get("codes"))),
        status=int(parse_number("status", body.get("status", ERROR_STATUS), 400, 599)),
        error_code=parse_whole("error_code", body.get("error_code", ERROR_CODE)),
    )
    warehouse_id = _find_warehouse(cloud, name, body.get("warehouse_id"))
    with cloud.lock:
        cloud.logins.second_factors[warehouse_id, name] = factor
    return {"name": name, "warehouse_id": warehouse_id, "codes": sorted(factor.codes)}


def end_second_factor(cloud: Cloud, name: str) -> dict[str, Any]:
    """Let the user in with the password alone, in every warehouse. Raises ApiError 404."""
    _find_warehouse(cloud, name, None)
    with cloud.lock:
        for warehouse_id in cloud.warehouses:
            cloud.logins.second_factors.pop((warehouse_id, name), None)
    return {"name": name, "codes": None}


def _parse_codes(given: object) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(code, str) and code for code in given):
        raise bad_field("codes", "must be an array of texts that are not empty", given)
    return given


def _find_warehouse(cloud: Cloud, name: str, wanted: object) -> str:
    """Return the warehouse asked for, or the first, that knows the user. Raises ApiError 404."""
    for warehouse_id in cloud.warehouses:
        names = {user.name for user in users_of(warehouse_id)}
        if wanted in {None, warehouse_id} and name in names:
            return warehouse_id
    raise ApiError(404, "User not found")
