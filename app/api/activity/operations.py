"""The operation of the activity."""

from app.api.activity.models import ActivityAnswer
from app.api.operation import Parameter
from app.api.operation_parts import QUERY_FAULTS, UUID_SCHEMA, WAREHOUSE, reading
from app.domain.activity.entries import ActivityOutcome
from app.domain.activity.search import CURSOR, DAY, DAYS, LONGEST_USER, USUAL_DAYS
from app.domain.changes.actions import Action

DATE_SCHEMA = {"type": "string", "format": "date", "pattern": f"^{DAY.pattern}$"}

PARAMETERS = (
    Parameter("group", "query", "Id of a group's service", UUID_SCHEMA),
    Parameter(
        "user",
        "query",
        "Name of a user, exactly",
        {"type": "string", "minLength": 1, "maxLength": LONGEST_USER},
    ),
    Parameter("action", "query", "Kind of action", {"type": "string", "enum": [*map(str, Action)]}),
    Parameter(
        "outcome", "query", "How it ended", {"type": "string", "enum": [*map(str, ActivityOutcome)]}
    ),
    Parameter(
        "days",
        "query",
        f"How far back from `to`, or from now; {USUAL_DAYS} if not given. Nothing beside `from`",
        {"type": "integer", "enum": [*DAYS]},
    ),
    Parameter("from", "query", "The first day, in the portal's time zone", DATE_SCHEMA),
    Parameter("to", "query", "The last day, in the portal's time zone", DATE_SCHEMA),
    Parameter(
        "before",
        "query",
        "`older` of the entries after these",
        {"type": "string", "pattern": f"^{CURSOR.pattern}$"},
    ),
)

ACTIVITY_OPERATIONS = (
    reading(
        path="/api/v1/activity",
        endpoint="api.list_activity",
        summary="List what happened to the compute groups that you may see",
        permission="nothing: the list holds what you may see; audit to see that of others",
        answer=ActivityAnswer,
        faults=QUERY_FAULTS,
        parameters=(WAREHOUSE, *PARAMETERS),
        description="50 entries at most. A filter that is left out leaves nothing out.",
    ),
)
