"""The operations about boosts, as data."""

from app.api.boosts.models import (
    BoostAnswer,
    BoostBody,
    BoostPreviewAnswer,
    BoostsAnswer,
    ExtensionBody,
    TakeOverBody,
)
from app.api.models import MessageAnswer
from app.api.operation import Operation, Parameter
from app.api.operation_parts import (
    CHANGE_FAULTS,
    IDEMPOTENCY_KEY,
    READ_FAULTS,
    REFERENCE_SCHEMA,
    SENT_HEADERS,
    SERVICE,
    reading,
    with_faults,
)

REFERENCE = Parameter("reference", "path", "The boost's name", REFERENCE_SCHEMA, is_required=True)
SENT = {201: (BoostAnswer,), 202: (BoostAnswer,)}

BOOST_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/boosts",
        endpoint="api.create_boost",
        summary="Make a compute group larger until a set time",
        permission="boost",
        request=BoostBody,
        answers=with_faults({200: (MessageAnswer, BoostPreviewAnswer), **SENT}, CHANGE_FAULTS),
        parameters=(SERVICE, IDEMPOTENCY_KEY),
        description=(
            "Say either `minutes` or `until`. At that time the portal goes back to the size from "
            "before, without a further call; what others have changed meanwhile stays. A boost "
            "makes nothing smaller, and a second one takes the place of the first. 201: ClickHouse "
            "Cloud accepted the change. 202: it was sent, and its outcome is not known yet. 200: "
            "there was nothing to change, or `dry_run` only showed what would happen."
        ),
        headers=SENT_HEADERS,
    ),
    reading(
        path="/api/v1/groups/{service_id}/boosts",
        endpoint="api.list_boosts",
        summary="List the latest boosts of a compute group",
        answer=BoostsAnswer,
    ),
    reading(
        path="/api/v1/groups/{service_id}/boosts/{reference}",
        endpoint="api.show_boost",
        summary="Show one boost",
        answer=BoostAnswer,
        parameters=(SERVICE, REFERENCE),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/groups/{service_id}/boosts/{reference}",
        endpoint="api.end_boost",
        summary="End a boost now",
        permission="boost or scale",
        request=None,
        answers=with_faults({200: (BoostAnswer,)}, READ_FAULTS),
        parameters=(SERVICE, REFERENCE),
        description=(
            "The group goes back at once, or as soon as ClickHouse Cloud takes it. A boost that is "
            "over is shown as it is, so asking twice is no error. No body is needed."
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/boosts/{reference}/extend",
        endpoint="api.extend_boost",
        summary="Let a boost last longer",
        permission="boost",
        request=ExtensionBody,
        answers=with_faults({200: (BoostAnswer,)}, CHANGE_FAULTS),
        parameters=(SERVICE, REFERENCE),
        description=(
            "`minutes` count from now. It never ends earlier than before, nor later than "
            "`latest_end`. 409: its end has come."
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/boosts/{reference}/take-over",
        endpoint="api.take_over_boost",
        summary="Keep the size of a boost for good",
        permission="scale",
        request=TakeOverBody,
        answers=with_faults({200: (BoostAnswer,)}, CHANGE_FAULTS),
        parameters=(SERVICE, REFERENCE),
        description=(
            "The portal does not go back any more; somebody else answers for the size now. The "
            "limits of a lasting size must allow it, unless three attempts to go back have failed; "
            "the budget must in any case. 409: it is over."
        ),
    ),
)
