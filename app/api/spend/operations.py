"""The operations about spend, as data."""

from app.api.operation import Operation
from app.api.operation_parts import QUERY_FAULTS, WAREHOUSE, reading
from app.api.spend.models import GroupDaysAnswer, SpendAnswer

SPEND_OPERATIONS: tuple[Operation, ...] = (
    reading(
        path="/api/v1/spend",
        endpoint="api.list_spend",
        summary="Show what your compute groups cost",
        permission="nothing: the answer holds what you may see",
        answer=SpendAnswer,
        faults=QUERY_FAULTS,
        parameters=(WAREHOUSE,),
        description=(
            "Compute of this month in UTC: ClickHouse Cloud's figures, read once an hour, and the "
            "portal's own estimate where Cloud has none yet, or a smaller one of a part of the day."
        ),
    ),
    reading(
        path="/api/v1/groups/{service_id}/spend",
        endpoint="api.show_spend",
        summary="Show what a compute group costs, day by day",
        answer=GroupDaysAnswer,
    ),
)
