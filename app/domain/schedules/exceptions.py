"""What keeps a schedule from acting as written: skips and a pause, dates and hours.

The first two are a person's and last once; frozen dates and hours without shrinking are the
owners' and stand in their file. Instants are UTC, dates and hours local ones of the schedule.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.local_time import Interval, interval_on, local_midnight
from app.domain.schedules.schedule import WeeklyHours

ONE_DAY = timedelta(days=1)
FAR = date(9999, 1, 1)
"""Dates that are frozen for ever end then: no later instant can be written in every zone."""


@dataclass(frozen=True)
class Skip:
    """One occurrence of a window that is left out: its name, the local date on which it begins."""

    window: str
    day: date


@dataclass(frozen=True)
class Exceptions:
    """What people have ordered besides the plan.

    `paused_until`: nothing is done before; where it has passed, it is when the plan went on.
    """

    skips: frozenset[Skip] = frozenset()
    paused_until: datetime | None = None


@dataclass(frozen=True)
class FrozenDates:
    """Local dates, the last one included, on which no schedule changes anything."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class OwnersCalendar:
    """What the owners' file says about all schedules. `may_hand_over`: they may be given to
    Cloud, where it can say the same. `holidays` says whose public holidays are among the dates, and
    where they come from."""

    frozen_dates: tuple[FrozenDates, ...] = ()
    no_shrink_hours: tuple[WeeklyHours, ...] = ()
    may_hand_over: bool = False
    holidays: str = ""


NO_CALENDAR = OwnersCalendar()


def find_frozen(
    calendar: OwnersCalendar, zone: ZoneInfo, at: datetime, begins_on: date | None = None
) -> tuple[FrozenDates, datetime] | None:
    """The frozen dates that hold at an instant, or on the later date on which the window begins for
    which something is done then; and the instant at which they end together with those that follow
    them without a day between."""
    today = at.astimezone(zone).date()
    first = _frozen_on(calendar, today) or _frozen_on(calendar, max(begins_on or today, today))
    last = first
    while last and last.last < FAR and (further := _frozen_on(calendar, last.last + ONE_DAY)):
        last = further
    if first is None or last is None:
        return None
    return first, local_midnight(min(last.last, FAR) + ONE_DAY, zone)


def _frozen_on(calendar: OwnersCalendar, day: date) -> FrozenDates | None:
    return next((it for it in calendar.frozen_dates if it.first <= day <= it.last), None)


def find_no_shrink(
    calendar: OwnersCalendar, zone: ZoneInfo, now: datetime
) -> tuple[WeeklyHours, datetime] | None:
    """The hours without shrinking that hold now, and the instant at which they end."""
    for hours in calendar.no_shrink_hours:
        interval = find_interval(hours, zone, now)
        if interval:
            return hours, interval[1]
    return None


def find_interval(hours: WeeklyHours, zone: ZoneInfo, now: datetime) -> Interval | None:
    """The interval of these hours that holds now, of today or of the day before."""
    today = now.astimezone(zone).date()
    for day in (today, today - ONE_DAY):
        interval = occurrence(hours, day, zone)
        if interval and interval[0] <= now < interval[1]:
            return interval
    return None


def occurrence(hours: WeeklyHours, day: date, zone: ZoneInfo) -> Interval | None:
    """The interval that begins on this local date; None on other days of the week."""
    if day.weekday() not in hours.days:
        return None
    return interval_on(day, hours.start, hours.length, zone)
