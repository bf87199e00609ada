"""The operations about schedules, as data."""

from app.api.models import MessageAnswer
from app.api.operation import Operation
from app.api.operation_parts import CHANGE_FAULTS, READ_FAULTS, SERVICE, reading, with_faults
from app.api.schedules.models import ScheduleAnswer, ScheduleBody

SCHEDULE_OPERATIONS: tuple[Operation, ...] = (
    reading(
        path="/api/v1/groups/{service_id}/schedule",
        endpoint="api.show_schedule",
        summary="Show the schedule of a compute group",
        answer=ScheduleAnswer,
    ),
    Operation(
        method="PUT",
        path="/api/v1/groups/{service_id}/schedule",
        endpoint="api.put_schedule",
        summary="Put a schedule in force",
        permission="schedule",
        request=ScheduleBody,
        answers=with_faults({200: (ScheduleAnswer, MessageAnswer)}, CHANGE_FAULTS),
        parameters=(SERVICE,),
        description=(
            "Every size is judged by the limits of the group, now and again when it is due. "
            "What is in force already is not saved again. With `dry_run` nothing is saved."
        ),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/groups/{service_id}/schedule",
        endpoint="api.delete_schedule",
        summary="Take the schedule of a compute group out of force",
        permission="schedule",
        request=None,
        answers=with_faults({200: (MessageAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
        description="The group stays as it is. Earlier versions are kept.",
    ),
)
