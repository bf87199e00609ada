"""Every operation of the JSON API as data: the routes and the API's document both come from it."""

from collections.abc import Mapping

from app.api.boosts.models import (
    BoostAnswer,
    BoostBody,
    BoostPreviewAnswer,
    BoostsAnswer,
    ExtensionBody,
    TakeOverBody,
)
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
    GroupAnswer,
    GroupsAnswer,
    LegacyScalingBody,
    LoadAnswer,
    MessageAnswer,
    PreviewAnswer,
    ProblemAnswer,
    StateBody,
)
from app.api.operation import Model, Operation, Parameter
from app.api.schedules.models import ScheduleAnswer, ScheduleBody
from app.domain.load.spans import Span

UUID_SCHEMA = {"type": "string", "format": "uuid"}
REFERENCE_PATTERN = "^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$"
REFERENCE_SCHEMA = {"type": "string", "pattern": REFERENCE_PATTERN}
KEY_SCHEMA = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}

SERVICE = Parameter(
    "service_id", "path", "Id of the group's service", UUID_SCHEMA, is_required=True
)
REFERENCE = Parameter("reference", "path", "The change's name", REFERENCE_SCHEMA, is_required=True)
BOOST_REFERENCE = Parameter(
    "reference", "path", "The boost's name", REFERENCE_SCHEMA, is_required=True
)
WAREHOUSE = Parameter(
    "warehouse", "query", "Key of the warehouse; needed if there are several", {"type": "string"}
)
SPAN = Parameter(
    "span",
    "query",
    "How far back; a day if not given",
    {"type": "string", "enum": [span.value for span in Span]},
)
IDEMPOTENCY_KEY = Parameter(
    "Idempotency-Key",
    "header",
    "Any text of your own: the same key and request lead to the same change, kept for a day",
    KEY_SCHEMA,
)
OLD_SERVICE = Parameter("service_id", "query", "Id of the service", UUID_SCHEMA, is_required=True)
OLD_CREDENTIALS = (
    Parameter("username", "query", "Use HTTP Basic instead", {"type": "string"}),
    Parameter("password", "query", "Use HTTP Basic instead", {"type": "string"}),
)

READ_FAULTS = (400, 401, 403, 404, 409, 413, 429, 502, 503, 504)
CHANGE_FAULTS = (*READ_FAULTS, 415, 422)

VIEW = "view"
SENT = {201: (ChangeAnswer,), 202: (ChangeAnswer,)}
BOOST_SENT = {201: (BoostAnswer,), 202: (BoostAnswer,)}
SENT_HEADERS = {201: ("Location",), 202: ("Location",)}


def _answers(
    done: Mapping[int, tuple[Model, ...]], faults: tuple[int, ...]
) -> Mapping[int, tuple[Model, ...]]:
    return {**done, **dict.fromkeys(sorted(faults), (ProblemAnswer,))}


def _legacy_get(name: str, endpoint: str, summary: str, answer: Model) -> Operation:
    return Operation(
        method="GET",
        path=f"/service/{name}",
        endpoint=f"legacy.{endpoint}",
        summary=summary,
        permission=VIEW,
        request=None,
        answers=_answers({200: (answer,)}, (*READ_FAULTS, 422)),
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
        answers=_answers({200: (GroupsAnswer,)}, (*READ_FAULTS, 422)),
        parameters=(WAREHOUSE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}",
        endpoint="api.show_group",
        summary="Show one compute group",
        permission=VIEW,
        request=None,
        answers=_answers({200: (GroupAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/changes",
        endpoint="api.list_changes",
        summary="List the latest changes of a compute group",
        permission=f"{VIEW}; audit to see those of others",
        request=None,
        answers=_answers({200: (ChangesAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/load",
        endpoint="api.show_load",
        summary="Show the load of a compute group, and what is advised",
        permission=VIEW,
        request=None,
        answers=_answers({200: (LoadAnswer,)}, (*READ_FAULTS, 422)),
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
        answers=_answers({200: (MessageAnswer, PreviewAnswer), **SENT}, CHANGE_FAULTS),
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
        answers=_answers({200: (ChangeAnswer,)}, READ_FAULTS),
        parameters=(REFERENCE,),
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/state",
        endpoint="api.change_state",
        summary="Wake, start or stop a compute group",
        permission="wake to wake, power (start/stop) to start and stop",
        request=StateBody,
        answers=_answers({200: (MessageAnswer,), **SENT}, CHANGE_FAULTS),
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
        answers=_answers({200: (ScheduleAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="PUT",
        path="/api/v1/groups/{service_id}/schedule",
        endpoint="api.put_schedule",
        summary="Put a schedule in force",
        permission="schedule",
        request=ScheduleBody,
        answers=_answers({200: (ScheduleAnswer, MessageAnswer)}, CHANGE_FAULTS),
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
        answers=_answers({200: (MessageAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
        description="The group stays as it is. Earlier versions are kept.",
    ),
    Operation(
        method="POST",
        path="/api/v1/groups/{service_id}/boosts",
        endpoint="api.create_boost",
        summary="Make a compute group larger until a set time",
        permission="boost",
        request=BoostBody,
        answers=_answers({200: (MessageAnswer, BoostPreviewAnswer), **BOOST_SENT}, CHANGE_FAULTS),
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
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/boosts",
        endpoint="api.list_boosts",
        summary="List the latest boosts of a compute group",
        permission=VIEW,
        request=None,
        answers=_answers({200: (BoostsAnswer,)}, READ_FAULTS),
        parameters=(SERVICE,),
    ),
    Operation(
        method="GET",
        path="/api/v1/groups/{service_id}/boosts/{reference}",
        endpoint="api.show_boost",
        summary="Show one boost",
        permission=VIEW,
        request=None,
        answers=_answers({200: (BoostAnswer,)}, READ_FAULTS),
        parameters=(SERVICE, BOOST_REFERENCE),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/groups/{service_id}/boosts/{reference}",
        endpoint="api.end_boost",
        summary="End a boost now",
        permission="boost or scale",
        request=None,
        answers=_answers({200: (BoostAnswer,)}, READ_FAULTS),
        parameters=(SERVICE, BOOST_REFERENCE),
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
        answers=_answers({200: (BoostAnswer,)}, CHANGE_FAULTS),
        parameters=(SERVICE, BOOST_REFERENCE),
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
        answers=_answers({200: (BoostAnswer,)}, CHANGE_FAULTS),
        parameters=(SERVICE, BOOST_REFERENCE),
        description=(
            "The portal does not go back any more; somebody else answers for the size now. The "
            "limits of a lasting size must allow it, unless going back fails. 409: it is over."
        ),
    ),
    Operation(
        method="POST",
        path="/scaling",
        endpoint="legacy.scale",
        summary="Change the size of a service",
        permission="scale",
        request=LegacyScalingBody,
        answers=_answers({200: (MessageAnswer,), 202: (MessageAnswer,)}, CHANGE_FAULTS),
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
