"""Every operation of the JSON API as data: the routes and the API's document both come from it."""

from app.api.activity.operations import ACTIVITY_OPERATIONS
from app.api.boosts.operations import BOOST_OPERATIONS
from app.api.changes.operations import CHANGE_OPERATIONS
from app.api.groups.operations import GROUP_OPERATIONS
from app.api.legacy.operations import LEGACY_OPERATIONS
from app.api.operation import Operation
from app.api.schedules.operations import SCHEDULE_OPERATIONS
from app.api.spend.operations import SPEND_OPERATIONS
from app.api.tokens.operations import TOKEN_OPERATIONS

OPERATIONS: tuple[Operation, ...] = (
    *GROUP_OPERATIONS,
    *CHANGE_OPERATIONS,
    *SCHEDULE_OPERATIONS,
    *SPEND_OPERATIONS,
    *BOOST_OPERATIONS,
    *ACTIVITY_OPERATIONS,
    *TOKEN_OPERATIONS,
    *LEGACY_OPERATIONS,
)
