"""The operations about schedules, as data."""

from app.api.models import MessageAnswer
from app.api.operation import Operation
from app.api.operation_parts import CHANGE_FAULTS, READ_FAULTS, SERVICE, reading, with_faults
from app.api.schedules.models import CloudBody, ScheduleAnswer, ScheduleBody

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
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/schedule/cloud",
        endpoint="api.hand_over_schedule",
        summary="Let ClickHouse Cloud carry out the schedule of a compute group",
        permission="schedule",
        request=CloudBody,
        answers=with_faults({200: (ScheduleAnswer,)}, CHANGE_FAULTS),
        parameters=(SERVICE,),
        description=(
            "Where the owners let it and Cloud can say the same, in whole hours of UTC, while the "
            "base size holds; else 409. Until it is taken back the schedule can be neither "
            "changed, skipped nor paused. `cloud_schedule` says what stands there. After a 504 "
            "the portal finds out within some minutes what Cloud has done."
        ),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/groups/{service_id}/schedule/cloud",
        endpoint="api.take_back_schedule",
        summary="Let the portal carry out the schedule of a compute group again",
        permission="schedule",
        request=None,
        answers=with_faults({200: (ScheduleAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
        description="Entries that others have put there stay. 409 where it was not handed over.",
    ),
)
