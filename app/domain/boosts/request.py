"""What somebody asks for: a size and until when, for pages and programs alike."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.domain.boosts.boost import SHORTEST, Boost
from app.domain.boosts.revert import FIELDS, is_smaller
from app.domain.changes.scaling_request import ScalingRequest, as_broken_rules
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig
from app.domain.local_time import show_hours
from app.domain.messages import MESSAGES, problem
from app.errors import Problem

END_FIELD = "until"
END_FIELDS = ("minutes", END_FIELD)
MOST_MINUTES = 366 * 24 * 60
HOUR = timedelta(hours=1)


def _parse_moment(value: Any) -> Any:  # noqa: ANN401 - what was sent
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if isinstance(moment, datetime) and moment.tzinfo:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("until_unreadable", MESSAGES["until_unreadable"])


def _check_minutes(value: int) -> int:
    if not 1 <= value <= MOST_MINUTES:
        raise PydanticCustomError("minutes_out_of_range", MESSAGES["minutes_out_of_range"])
    return value


Minutes = Annotated[
    int,
    AfterValidator(_check_minutes),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_MINUTES}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_parse_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class BoostEnd(BaseModel):
    """When a boost ends: either after so many `minutes` or at the moment `until`."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    minutes: Minutes | None = None
    until: Moment | None = None

    def end(self, now: datetime) -> datetime | None:
        """When it ends; None where that is said not at all, or both ways."""
        if (self.minutes is None) is (self.until is None):
            return None
        return self.until or now + timedelta(minutes=self.minutes or 0)


class BoostRequest(ScalingRequest, BoostEnd):
    """A size that ends by itself. What is None of the size stays as it is."""


def parse_end(values: Mapping[str, Any]) -> BoostEnd:
    """An end by itself, as a request would hold it. Raises BrokenRules."""
    try:
        return BoostEnd.model_validate(dict(values))
    except ValidationError as error:
        raise as_broken_rules(error) from None


def check_end(request: BoostEnd, limits: Limits, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with its end."""
    ends_at, most = request.end(now), limits.boost_max_hours
    if ends_at is not None and ends_at > now + most * HOUR:
        return (problem(END_FIELD, "boost_too_long", most=show_hours(most)),)
    return _check_ahead(ends_at, now)


def check_upward(before: ScalingConfig, asked: ScalingConfig) -> tuple[Problem, ...]:
    """A boost makes nothing smaller: then its end would make the group larger."""
    return tuple(
        problem(name, "boost_only_up")
        for name in FIELDS
        if is_smaller(name, getattr(asked, name), getattr(before, name))
    )


def check_extension(ends_at: datetime | None, boost: Boost, now: datetime) -> tuple[Problem, ...]:
    """What is wrong with another end of a boost."""
    return _check_ahead(ends_at, now) or check_latest(ends_at, boost.latest_end)


def _check_ahead(ends_at: datetime | None, now: datetime) -> tuple[Problem, ...]:
    if ends_at is None:
        return (problem(END_FIELD, "until_needed"),)
    return (problem(END_FIELD, "until_past"),) if ends_at < now + SHORTEST else ()


def check_latest(ends_at: datetime | None, latest_end: datetime) -> tuple[Problem, ...]:
    """Whether it ends in time."""
    if ends_at is None or ends_at <= latest_end:
        return ()
    latest = f"{latest_end:%Y-%m-%d %H:%M} UTC"
    return (problem(END_FIELD, "boost_latest_end", latest=latest),)
