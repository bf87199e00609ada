"""Reading request bodies as strictly as Cloud does: JSON objects, whole numbers, no surprises."""

import json
from collections.abc import Iterable

from app.sandbox.cloud.http.errors import ApiError, bad_field

LARGEST_SAFE_INTEGER = 2**53 - 1  # beyond it a JSON number no longer survives every client
DEEPEST = 200  # what is copied and written again later must not reach Python's own limit


def parse_object(raw: bytes, content_type: str) -> dict[str, object]:
    """Read a JSON object. Raises ApiError 400 for anything else, duplicated keys included."""
    if content_type != "application/json":
        raise ApiError(400, "request body: Content type must be application/json")
    value = parse_json(raw)
    if not isinstance(value, dict):
        raise ApiError(400, "request body: must be an object")
    return value


def parse_json(raw: bytes) -> object:
    """Read any JSON value. Raises ApiError 400 when it is not JSON or names a key twice."""
    try:
        value: object = json.loads(raw, object_pairs_hook=_object, parse_constant=_constant)
    except (ValueError, RecursionError):
        raise ApiError(400, "request body: not valid JSON, or a key given twice") from None
    if _is_deeper_than(DEEPEST, value):
        raise ApiError(400, f"request body: more than {DEEPEST} arrays and objects in each other")
    return value


def parse_whole(field: str, value: object) -> int:
    """Accept 16 and 16.0; raises ApiError 400 for true, "16", 16.5 and what is too large."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_field(field, "must be a number", value)
    if abs(value) > LARGEST_SAFE_INTEGER or value != int(value):
        raise bad_field(field, "must be a whole number", value)
    return int(value)


def parse_boolean(field: str, value: object) -> bool:
    """Accept true and false only; raises ApiError 400."""
    if not isinstance(value, bool):
        raise bad_field(field, "must be a boolean", value)
    return value


def parse_choice(field: str, value: object, choices: Iterable[str]) -> str:
    """Accept one of `choices`; raises ApiError 400."""
    allowed = tuple(choices)
    if not isinstance(value, str) or value not in allowed:
        raise bad_field(field, f"must be one of {', '.join(allowed)}", value)
    return value


def check_known(body: dict[str, object], known: Iterable[str], where: str = "") -> None:
    """Raise ApiError 400 naming the first field that is not `known`."""
    allowed = frozenset(known)
    for name, value in body.items():
        if name not in allowed:
            raise bad_field(f"{where}{name}", "Unknown field", value)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _is_deeper_than(levels: int, value: object) -> bool:
    level = [value]
    for _ in range(levels + 1):
        level = [item for outer in level for item in _items(outer) if isinstance(item, dict | list)]
    return bool(level)


def _items(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
