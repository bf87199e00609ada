"""`schedules`: what the owners say about every schedule: frozen dates, hours without shrinking, and
whether ClickHouse Cloud may carry them out."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from app.domain.local_time import MINUTES_A_DAY
from app.domain.schedules.exceptions import FrozenDates, OwnersCalendar
from app.domain.schedules.parsing import parse_clock
from app.domain.schedules.schedule import DAY_NAMES, WeeklyHours, show_clock
from app.settings.org.faults import Entry, refusal
from app.settings.org.public_holidays import describe_holidays, list_holidays
from app.settings.org.values import Label

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _clock_text(value: object) -> object:
    # YAML reads 18:00 without quotes as the number 1080, which is minutes after midnight.
    is_minutes = type(value) is int and 0 <= value <= MINUTES_A_DAY
    return show_clock(value) if is_minutes and isinstance(value, int) else value


def _check_clock(text: str) -> str:
    if parse_clock(text) is None:
        raise refusal("is not a time", 'Write hours and minutes in quotes, such as "08:30".')
    return text


Clock = Annotated[str, BeforeValidator(_clock_text), AfterValidator(_check_clock)]


class FrozenDatesEntry(Entry):
    """Local dates, `last` included, on which no schedule changes anything."""

    name: Label
    first: date
    last: date

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.last < self.first:
            raise refusal("ends before it begins", "Write the earlier date as first.")
        return self


class HoursEntry(Entry):
    """Hours of some days; an end that is not after the start is on the next day."""

    name: Label
    days: list[Day] = Field(min_length=1)
    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if self.start == self.end or parse_clock(self.start) == MINUTES_A_DAY:
            raise refusal("has no length", "A whole day is 00:00 to 24:00.")
        return self

    def to_hours(self) -> WeeklyHours:
        """The hours as the domain's object."""
        days = tuple(place for place, name in enumerate(DAY_NAMES) if name in self.days)
        start, end = parse_clock(self.start) or 0, parse_clock(self.end) or 0
        return WeeklyHours(self.name, days, start, end)


class PublicHolidaysEntry(Entry):
    """Whose public holidays are frozen dates: codes of ISO 3166, such as DE and BE for Berlin."""

    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    region: Annotated[str, Field(pattern="^[A-Za-z0-9 -]{1,40}$")] | None = None

    @model_validator(mode="after")
    def _check_known(self) -> Self:
        list_holidays(self.country, self.region, datetime.now(UTC))
        return self


class SchedulesEntry(Entry):
    """What holds for all schedules, in local time of each."""

    frozen_dates: list[FrozenDatesEntry] = Field(default=[])
    no_shrink_hours: list[HoursEntry] = Field(default=[])
    public_holidays: PublicHolidaysEntry | None = None
    hand_over_to_cloud: bool = False

    def to_calendar(self) -> OwnersCalendar:
        """The same as the domain's object."""
        frozen = [FrozenDates(item.name, item.first, item.last) for item in self.frozen_dates]
        holidays = self.public_holidays
        if holidays:
            frozen += list_holidays(holidays.country, holidays.region, datetime.now(UTC))
        return OwnersCalendar(
            tuple(frozen),
            tuple(item.to_hours() for item in self.no_shrink_hours),
            self.hand_over_to_cloud,
            describe_holidays(holidays.country, holidays.region) if holidays else "",
        )
