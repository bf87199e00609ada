"""The operations of the older scaling service, as data."""

from dataclasses import replace

from app.api.legacy.models import (
    LegacyConfigAnswer,
    LegacyDetailsAnswer,
    LegacyIpAccessListAnswer,
    LegacyScalingBody,
    LegacyStateAnswer,
)
from app.api.models import MessageAnswer
from app.api.operation import Model, Operation, Parameter
from app.api.operation_parts import (
    CHANGE_FAULTS,
    IDEMPOTENCY_KEY,
    QUERY_FAULTS,
    UUID_SCHEMA,
    reading,
    with_faults,
)

OLD_SERVICE = Parameter("service_id", "query", "Id of the service", UUID_SCHEMA, is_required=True)
OLD_CREDENTIALS = (
    Parameter("username", "query", "Use HTTP Basic instead", {"type": "string"}),
    Parameter("password", "query", "Use HTTP Basic instead", {"type": "string"}),
)


def _legacy_get(name: str, endpoint: str, summary: str, answer: Model) -> Operation:
    operation = reading(
        path=f"/service/{name}",
        endpoint=f"legacy.{endpoint}",
        summary=summary,
        answer=answer,
        faults=QUERY_FAULTS,
        parameters=(OLD_SERVICE, *OLD_CREDENTIALS),
    )
    return replace(operation, takes_legacy_credentials=True)


LEGACY_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/scaling",
        endpoint="legacy.scale",
        summary="Change the size of a service",
        permission="scale",
        request=LegacyScalingBody,
        answers=with_faults({200: (MessageAnswer,), 202: (MessageAnswer,)}, CHANGE_FAULTS),
        parameters=(IDEMPOTENCY_KEY,),
        takes_legacy_credentials=True,
        description="202: it was sent, and its outcome is not known yet.",
        headers={202: ("Location",)},
    ),
    _legacy_get("state", "show_state", "State of a service", LegacyStateAnswer),
    _legacy_get("config", "show_config", "Configuration of a service", LegacyConfigAnswer),
    _legacy_get(
        "ip-access-list",
        "show_ip_access_list",
        "IP access list of a service",
        LegacyIpAccessListAnswer,
    ),
    _legacy_get("details", "show_details", "Details of a service", LegacyDetailsAnswer),
)
