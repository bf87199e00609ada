"""Every operation of the JSON API as data: the routes and the API's document both come from it."""

from app.api.activity.operations import ACTIVITY_OPERATIONS
from app.api.boosts.operations import BOOST_OPERATIONS
from app.api.legacy.models import (
    LegacyConfigAnswer,
    LegacyDetailsAnswer,
    LegacyIpAccessListAnswer,
    LegacyStateAnswer,
)
from app.api.models import (
    ChangeAnswer,
    ChangeBody,
    ChangesAnswer,
    GroupsAnswer,
    LegacyScalingBody,
    LoadAnswer,
    MessageAnswer,
    OneGroupAnswer,
    PreviewAnswer,
    StateBody,
)
from app.api.operation import Model, Operation, Parameter
from app.api.operation_parts import (
    CHANGE_FAULTS,
    IDEMPOTENCY_KEY,
    READ_FAULTS,
    REFERENCE,
    SENT_HEADERS,
    SERVICE,
    UUID_SCHEMA,
    VIEW,
    WAREHOUSE,
    with_faults,
)
from app.api.schedules.models import ScheduleAnswer, ScheduleBody
from app.api.spend.operations import SPEND_OPERATIONS
from app.api.tokens.operations import TOKEN_OPERATIONS
from app.domain.load.spans import Span

SPAN = Parameter(
    "span",
    "query",
    "How far back; a day if not given",
    {"type": "string", "enum": [span.value for span in Span]},
)
OLD_SERVICE = Parameter("service_id", "query", "Id of the service", UUID_SCHEMA, is_required=True)
OLD_CREDENTIALS = (
    Parameter("username", "query", "Use HTTP Basic instead", {"type": "string"}),
    Parameter("password", "query", "Use HTTP Basic instead", {"type": "string"}),
)

SENT = {201: (ChangeAnswer,), 202: (ChangeAnswer,)}


def _legacy_get(name: str, endpoint: str, summary: str, answer: Model) -> Operation:
    return Operation(
        method="GET",
        path=f"/service/{name}",
        endpoint=f"legacy.{endpoint}",
        summary=summary,
        permission=VIEW,
        request=None,
        answers=with_faults({200: (answer,)}, (*READ_FAULTS, 422)),
        parameters=(OLD_SERVICE, *OLD_CREDENTIALS),
        takes_legacy_credentials=True,
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        method="GET",
        path="/api/v1/groups",
        endpoint="api.list_groups",
        summary="List the compute groups that you may see",
        permission="nothing: the list holds what you may see",
        request=None,
        answers=with_faults({200: (GroupsAnswer,)}, (*READ_FAULTS, 422)),
        parameters=(WAREHOUSE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}",
        endpoint="api.show_group",
        summary="Show one compute group",
        permission=VIEW,
        request=None,
        answers=with_faults({200: (OneGroupAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/changes",
        endpoint="api.list_changes",
        summary="List the latest changes of a compute group",
        permission=f"{VIEW}; audit to see those of others",
        request=None,
        answers=with_faults({200: (ChangesAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/load",
        endpoint="api.show_load",
        summary="Show the load of a compute group, and what is advised",
        permission=VIEW,
        request=None,
        answers=with_faults({200: (LoadAnswer,)}, (*READ_FAULTS, 422)),
        parameters=(SERVICE, SPAN),
        description=(
            "Read from ClickHouse Cloud every few minutes and kept for 30 days; steps of 15 "
            "minutes for a day, an hour for a week, four hours for a month."
        ),
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
    Operation(
        method="GET",
        path="/api/v1/changes/{reference}",
        endpoint="api.show_change",
        summary="Show one change",
        permission=f"{VIEW}; audit to see those of others",
        request=None,
        answers=with_faults({200: (ChangeAnswer,)}, READ_FAULTS),
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
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/schedule",
        endpoint="api.show_schedule",
        summary="Show the schedule of a compute group",
        permission=VIEW,
        request=None,
        answers=with_faults({200: (ScheduleAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
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
    *SPEND_OPERATIONS,
    *BOOST_OPERATIONS,
    *ACTIVITY_OPERATIONS,
    *TOKEN_OPERATIONS,
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
