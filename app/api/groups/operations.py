"""The operations about compute groups and their load, as data."""

from app.api.groups.models import GroupsAnswer, LoadAnswer, OneGroupAnswer
from app.api.operation import Operation, Parameter
from app.api.operation_parts import QUERY_FAULTS, SERVICE, WAREHOUSE, reading
from app.domain.load.spans import Span

SPAN = Parameter(
    "span",
    "query",
    "How far back; a day if not given",
    {"type": "string", "enum": [span.value for span in Span]},
)

GROUP_OPERATIONS: tuple[Operation, ...] = (
    reading(
        path="/api/v1/groups",
        endpoint="api.list_groups",
        summary="List the compute groups that you may see",
        permission="nothing: the list holds what you may see",
        answer=GroupsAnswer,
        faults=QUERY_FAULTS,
        parameters=(WAREHOUSE,),
    ),
    reading(
        path="/api/v1/groups/{service_id}",
        endpoint="api.show_group",
        summary="Show one compute group",
        answer=OneGroupAnswer,
    ),
    reading(
        path="/api/v1/groups/{service_id}/load",
        endpoint="api.show_load",
        summary="Show the load of a compute group, and what is advised",
        answer=LoadAnswer,
        faults=QUERY_FAULTS,
        parameters=(SERVICE, SPAN),
        description=(
            "Read from ClickHouse Cloud every few minutes and kept for 30 days; steps of 15 "
            "minutes for a day, an hour for a week, four hours for a month."
        ),
    ),
)
