"""What the JSON API takes and gives about boosts, as types. Times are UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.api.changes.models import PreviewAnswer
from app.api.models import Answer
from app.domain.boosts.boost import BoostState
from app.domain.boosts.request import BoostEnd, BoostRequest
from app.domain.groups.scaling import ScalingConfig


class BoostBody(BoostRequest):
    """A size that ends by itself, after so many `minutes` or at the moment `until`, which has an
    offset. Both memory values are needed; what else is left out of the size, or null, stays as it
    is."""

    dry_run: Annotated[bool, Field(description="Only say what would happen; nothing is sent")] = (
        False
    )


class ExtensionBody(BoostEnd):
    """Another end: so many `minutes` from now, or the moment `until`, which has an offset."""


class TakeOverBody(BaseModel):
    """Nothing needs to be said: an empty object."""

    model_config = ConfigDict(extra="forbid")


class ExtraCostAnswer(Answer):
    """What a boost costs more at most, by the list price that the owners looked up."""

    currency: str
    amount: Decimal


class BoostAnswer(Answer):
    """One boost: a size that ends by itself.

    `before` is what the group goes back to, `asked` what the boost has set. `ends_at` is when it
    ends, at the latest at `latest_end`; `ended_by` has ended it before its time. `state`: applying
    (its change was sent, and its outcome is not known yet), active, reverting (going back),
    revert_waiting (no attempt to go back has failed, and `note` says what is in the way),
    revert_failing (going back has failed several times, and is tried again at `next_try_at`),
    ended, ended_early, superseded (by a later boost), left_as_found (others had changed what it
    had set, and that stays), taken_over (by `closed_by`, who answers for the size), not_started
    (its change was not carried out). `tries` counts the attempts to go back that failed, and `note`
    says what became of it. `change_reference` and `revert_reference` name the changes that began
    it and went back. `extra_cost` is what it costs more until `ends_at`, at most; null without a
    price.
    """

    reference: str
    service_id: str
    user: str
    state: BoostState
    reason: str
    before: ScalingConfig
    asked: ScalingConfig
    ends_at: datetime
    latest_end: datetime
    ended_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    note: str
    tries: int
    next_try_at: datetime | None
    change_reference: str
    revert_reference: str | None
    extra_cost: ExtraCostAnswer | None


class BoostsAnswer(Answer):
    """The latest boosts of a group, newest first."""

    boosts: list[BoostAnswer]


class BoostPreviewAnswer(PreviewAnswer):
    """What a boost would do. Nothing was sent, and nothing was recorded."""

    ends_at: datetime
    extra_cost: ExtraCostAnswer | None
