"""What the operations of schedules take and give, as types.

Requests are judged by `app.domain.schedules.parsing`; the types here describe them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.models import Answer
from app.domain.changes.scaling_request import IdleTimeout, Memory, Reason, Replicas
from app.domain.schedules.handover import CloudPlan
from app.domain.schedules.parsing import LONGEST_NAME, MOST_WINDOWS
from app.domain.schedules.precedence import Ruling
from app.domain.schedules.schedule import LONGEST_LEAD_MINUTES, USUAL_LEAD_MINUTES, Outside

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Start = Annotated[
    str, WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
]
End = Annotated[
    str,
    WithJsonSchema({"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}),
]
Name = Annotated[str, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME})]


class Body(BaseModel):
    """A part of what is sent: nothing besides what is described."""

    model_config = ConfigDict(extra="forbid")


class SizeBody(Body):
    """A size. Both memory values are needed, in GB per replica; what else is left out stays as it
    is."""

    min_memory_gb: Memory
    max_memory_gb: Memory
    num_replicas: Replicas | None = None
    min_replicas: Replicas | None = None
    max_replicas: Replicas | None = None
    idle_scaling: bool | None = None
    idle_timeout_minutes: IdleTimeout | None = None


class WindowBody(Body):
    """Hours of some days, in local time, with their size.

    An end that is not after the start is on the next day; 24:00 is the end of the day.
    """

    name: Name
    days: Annotated[list[Day], Field(min_length=1)]
    start: Start
    end: End
    settings: SizeBody


class PlanBody(Body):
    """The week: a time zone such as Europe/Berlin, windows that do not overlap, and the base size
    outside them."""

    zone: str
    base: SizeBody
    windows: Annotated[list[WindowBody], Field(max_length=MOST_WINDOWS)]
    outside: Annotated[
        Outside,
        Field(description="stop: outside all windows the group is stopped; needs power too"),
    ] = Outside.KEEP
    start_minutes_before: Annotated[
        int,
        Field(
            ge=0,
            le=LONGEST_LEAD_MINUTES,
            description="How long before a window a group that is stopped outside is started",
        ),
    ] = USUAL_LEAD_MINUTES


class ScheduleBody(PlanBody):
    """A schedule to be put in force.

    `version` is the number of the version that it is meant to replace, 0 where there was none;
    without it whatever is in force is replaced.
    """

    reason: Reason = ""
    version: Annotated[int, Field(ge=0)] | None = None
    dry_run: Annotated[bool, Field(description="Only judge it; nothing is saved")] = False


class CloudBody(Body):
    """`version` is the number of the version that is meant; without it that is what is in force."""

    version: Annotated[int, Field(ge=1)] | None = None


class RuleAnswer(Answer):
    """A rule that decides about the size, until when (null: until somebody ends it), its name."""

    ruling: Ruling
    until: datetime | None
    name: str


class PlannedChangeAnswer(Answer):
    """A change of size to come. `window` is null for the base size; `frozen` names the dates on
    which it is not made, null where it is. `stopped`: from then on the group is stopped."""

    at: datetime
    at_local: datetime
    window: str | None
    settings: SizeBody
    frozen: str | None
    stopped: bool


class SkipAnswer(Answer):
    """An occurrence that is left out: a window, and the local date on which it begins."""

    window: str
    day: date


class WeekCostAnswer(Answer):
    """The list price of this local week at the smallest and at the largest size, as planned and
    with the base size all the time."""

    currency: str
    least: Decimal
    most: Decimal
    least_base_only: Decimal
    most_base_only: Decimal


class ScheduleAnswer(Answer):
    """The schedule of a group; `version` and `schedule` are null where it has none.

    `decides` is the rule that decides about the size now, `then` the one that follows.
    `last_error` is the code of why the last planned change was not made. `cloud_schedule` is what
    ClickHouse Cloud's own schedule of the group is: none, foreign (somebody else's, so that this
    one stands still), as_written (this one, given to Cloud), changed or gone (by others since), or
    unsettled (not known yet).
    """

    service_id: str
    version: int | None
    schedule: PlanBody | None
    author: str | None
    reason: str | None
    saved_at: datetime | None
    paused_until: datetime | None
    skips: list[SkipAnswer]
    decides: RuleAnswer
    then: RuleAnswer | None
    changes: list[PlannedChangeAnswer]
    week_cost: WeekCostAnswer | None
    last_error: str | None
    cloud_schedule: CloudPlan
