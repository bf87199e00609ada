"""What the operations about changes take and give.

Requests are judged by `app.domain.changes.scaling_request`; their types here add what only
programs say. Memory is in GB per replica, times are UTC.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.api.models import Answer
from app.domain.changes.change import ChangeOrigin, SettledBy
from app.domain.changes.effect import Effect
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.changes.state_request import StateRequest
from app.domain.groups.scaling import ScalingConfig

PatchValue = int | bool | str


class ChangeBody(ScalingRequest):
    """Another size for a group. Both memory values are needed; what else is left out, or null,
    stays as it is."""

    dry_run: Annotated[bool, Field(description="Only say what would happen; nothing is sent")] = (
        False
    )
    pause_schedule_until: Annotated[
        str | None,
        Field(description="Pause the group's schedule until this local time of it, or with offset"),
    ] = None


class StateBody(StateRequest):
    """Wake, start or stop a group. A stop needs the group's name in `confirm_name`."""


class ChangeAnswer(Answer):
    """One change, from asking to known outcome. `patch` is what was sent to ClickHouse Cloud.

    `state`: draft (not sent), applying, applied (accepted), unchanged (it was as requested
    already, so nothing was sent), rejected (refused by Cloud), failed (certainly not carried out),
    unknown (sent, and no answer tells). `settled_by`: Cloud's answer, a reading of the
    configuration where no answer came, or a person. By a reading, applied means that the
    configuration is as requested; whether by this change or another cannot be told. `effect` says
    how far an applied change shows in what runs.

    `boost_until` is when it ends by itself, as it was asked for; null where it lasts. `origin`: a
    person who confirmed it, or a boost or schedule for which the portal sent it at its time; then
    `order_reference` names that, and `user` is whoever had set it up.
    """

    reference: str
    act: Literal["scale", "wake", "start", "stop"]
    service_id: str
    user: str
    state: Literal["draft", "applying", "applied", "unchanged", "rejected", "failed", "unknown"]
    effect: Effect | None
    patch: dict[str, PatchValue]
    before: ScalingConfig | None
    target: ScalingConfig | None
    reason: str
    created_at: datetime
    sent_at: datetime | None
    settled_at: datetime | None
    settled_by: SettledBy | None
    note: str
    cloud_request_id: str | None
    boost_until: datetime | None
    origin: ChangeOrigin
    order_reference: str | None


class ChangesAnswer(Answer):
    """The latest changes of a group that the caller may see, newest first."""

    changes: list[ChangeAnswer]


class CostAnswer(Answer):
    """The list price of the largest size for an hour, as the owners looked it up on a day."""

    currency: str
    most_per_hour_before: Decimal
    most_per_hour_after: Decimal
    as_of: date


class PreviewAnswer(Answer):
    """What a change would do. Nothing was sent, and nothing was recorded."""

    was: ScalingConfig
    will_be: ScalingConfig
    patch: dict[str, PatchValue]
    consequences: list[str]
    cost: CostAnswer | None
    needs_fresh_proof: bool
