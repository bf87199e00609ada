"""Reading a body as leniently as the older service did, so that its callers need no change.

It took numbers as text (`"16"`) and as floats, `"yes"`, `"on"` and `1` for true, and ignored fields
that it did not know. What cannot be read so stays as it is, and the rules of the request name it.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.domain.changes.scaling_request import ScalingRequest

_NUMBER, _SWITCH = TypeAdapter(int), TypeAdapter(bool)
_NUMBERS = (
    "min_memory_gb",
    "max_memory_gb",
    "num_replicas",
    "min_replicas",
    "max_replicas",
    "idle_timeout_minutes",
)


def scaling_values(body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a scaling request. Idling is switched on unless the body says otherwise."""
    known = {name: body[name] for name in body if name in ScalingRequest.model_fields}
    values = {"idle_scaling": True} | known
    for name in _NUMBERS:
        if name in values:
            values[name] = _lenient(_NUMBER, values[name])
    values["idle_scaling"] = _lenient(_SWITCH, values["idle_scaling"])
    return values


def _lenient(kind: TypeAdapter[Any], value: object) -> object:
    if value is None:
        return None
    try:
        return kind.validate_python(value)
    except ValidationError:
        return value
