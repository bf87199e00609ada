"""The operations about changes of size and state, as data."""

from app.api.changes.models import ChangeAnswer, ChangeBody, ChangesAnswer, PreviewAnswer, StateBody
from app.api.models import MessageAnswer
from app.api.operation import Operation
from app.api.operation_parts import (
    CHANGE_FAULTS,
    IDEMPOTENCY_KEY,
    REFERENCE,
    SENT_HEADERS,
    SERVICE,
    VIEW,
    reading,
    with_faults,
)

SENT = {201: (ChangeAnswer,), 202: (ChangeAnswer,)}

CHANGE_OPERATIONS: tuple[Operation, ...] = (
    reading(
        path="/api/v1/groups/{service_id}/changes",
        endpoint="api.list_changes",
        summary="List the latest changes of a compute group",
        permission=f"{VIEW}; audit to see those of others",
        answer=ChangesAnswer,
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/changes",
        endpoint="api.create_change",
        summary="Change the size of a compute group",
        permission="scale",
        request=ChangeBody,
        answers=with_faults({200: (MessageAnswer, PreviewAnswer), **SENT}, CHANGE_FAULTS),
        parameters=(SERVICE, IDEMPOTENCY_KEY),
        description=(
            "201: ClickHouse Cloud accepted the change. 202: it was sent, and its outcome is not "
            "known yet; show the change again. 200: there was nothing to change, or `dry_run` "
            "only showed what would happen. Turning idling off, and sizes beyond a limit that "
            "the owners set, have the password checked once more."
        ),
        headers=SENT_HEADERS,
    ),
    reading(
        path="/api/v1/changes/{reference}",
        endpoint="api.show_change",
        summary="Show one change",
        permission=f"{VIEW}; audit to see those of others",
        answer=ChangeAnswer,
        parameters=(REFERENCE,),
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/state",
        endpoint="api.change_state",
        summary="Wake, start or stop a compute group",
        permission="wake to wake, power (start/stop) to start and stop",
        request=StateBody,
        answers=with_faults({200: (MessageAnswer,), **SENT}, CHANGE_FAULTS),
        parameters=(SERVICE, IDEMPOTENCY_KEY),
        description=(
            "200: the group is in that state, or getting there, already. A stop needs the "
            "group's name in `confirm_name` and has the password checked once more."
        ),
        headers=SENT_HEADERS,
    ),
)
