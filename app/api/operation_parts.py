"""What several operations of the JSON API share: parameters, and how they may refuse."""

from collections.abc import Mapping

from app.api.models import ProblemAnswer
from app.api.operation import Model, Operation, Parameter

UUID_SCHEMA = {"type": "string", "format": "uuid"}
REFERENCE_PATTERN = "^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$"
REFERENCE_SCHEMA = {"type": "string", "pattern": REFERENCE_PATTERN}
KEY_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}

SERVICE = Parameter(
    "service_id", "path", "Id of the group's service", UUID_SCHEMA, is_required=True
)
REFERENCE = Parameter("reference", "path", "The change's name", REFERENCE_SCHEMA, is_required=True)
IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "Any text of your own: the same key and request lead to the same change, kept for a day",
    KEY_SCHEMA,
)

WAREHOUSE = Parameter(
    "warehouse", "query", "Key of the warehouse; needed if there are several", {"type": "string"}
)

READ_FAULTS = (400, 401, 403, 404, 409, 413, 429, 502, 503, 504)
QUERY_FAULTS = (*READ_FAULTS, 422)
CHANGE_FAULTS = (*QUERY_FAULTS, 415)

VIEW = "view"
SENT_HEADERS = {201: ("Location",), 202: ("Location",)}


def with_faults(
    done: Mapping[int, tuple[Model, ...]], faults: tuple[int, ...]
) -> Mapping[int, tuple[Model, ...]]:
    """The answers of an operation, with a problem for each status that says no."""
    return {**done, **dict.fromkeys(sorted(faults), (ProblemAnswer,))}


def reading(
    path: str,
    endpoint: str,
    summary: str,
    answer: Model,
    *,
    permission: str = VIEW,
    faults: tuple[int, ...] = READ_FAULTS,
    parameters: tuple[Parameter, ...] = (SERVICE,),
    description: str = "",
) -> Operation:
    """An operation that changes nothing: of a group that one may view, unless it says otherwise."""
    return Operation(
        method="GET",
        path=path,
        endpoint=endpoint,
        summary=summary,
        permission=permission,
        request=None,
        answers=with_faults({200: (answer,)}, faults),
        parameters=parameters,
        description=description,
    )
