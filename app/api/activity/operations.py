"""The operation of the activity."""

from app.api.activity.models import ActivityAnswer
from app.api.operation import Operation, Parameter
from app.api.operation_parts import READ_FAULTS, WAREHOUSE, with_faults
from app.domain.activity.entries import ActivityOutcome
from app.domain.activity.search import DAYS, USUAL_DAYS
from app.domain.changes.actions import Action

TEXT = {"type": "string"}
"""Of a filter: it leaves nothing out where it is empty or no such choice."""

PARAMETERS = (
    Parameter("group", "query", "Id of a group's service", TEXT),
    Parameter("user", "query", "Name of a user, exactly", TEXT),
    Parameter("action", "query", f"Kind of action: {', '.join(Action)}", TEXT),
    Parameter("outcome", "query", f"How it ended: {', '.join(ActivityOutcome)}", TEXT),
    Parameter(
        "days",
        "query",
        f"How far back: {', '.join(map(str, DAYS))}; {USUAL_DAYS} if not given",
        TEXT,
    ),
    Parameter("before", "query", "`older` of the entries after these", TEXT),
)

ACTIVITY_OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/activity",
        endpoint="api.list_activity",
        summary="List what happened to the compute groups that you may see",
        permission="nothing: the list holds what you may see; audit to see that of others",
        request=None,
        answers=with_faults({200: (ActivityAnswer,)}, (*READ_FAULTS, 422)),
        parameters=(WAREHOUSE, *PARAMETERS),
        description="50 entries at most. A choice that does not exist leaves nothing out.",
    ),
)
