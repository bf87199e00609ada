"""A group's month: so far, and what it comes to if the days go on as the last ones did.

Forecast = month so far + the mean of the last seven complete days that are known x the days left,
today with the part of it that is left, and the days of which nothing is known though the group was
there. Seven days have each weekday once. Days before the group was there, the one on which it was
created, and the one on which the portal began to look at it, are no part of the mean.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from app.domain.groups.cost import Price
from app.domain.spend.costs import NOTHING
from app.domain.spend.days import (
    ONE_DAY,
    DayCost,
    Estimate,
    Figures,
    Source,
    cost_of,
    list_days,
    total,
)

SHOWN_DAYS = 30
MEAN_DAYS = 7
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Saved:
    """What ends of boosts and schedules saved this month; None where it cannot be said."""

    by_boosts: Decimal | None
    by_schedules: Decimal | None

    @property
    def total(self) -> Decimal | None:
        """Both together."""
        known = [it for it in (self.by_boosts, self.by_schedules) if it is not None]
        return sum(known, NOTHING) if known else None


@dataclass(frozen=True)
class GroupMonth:
    """One group. `days` are the last SHOWN_DAYS, oldest first, today last; `month_days` those of
    this month so far. `forecast` is None without a complete day to go by."""

    days: Sequence[DayCost]
    month_days: Sequence[DayCost]
    forecast: Decimal | None
    saved: Saved

    @property
    def open_day(self) -> DayCost:
        """The day that is not over."""
        return self.month_days[-1]

    @property
    def so_far(self) -> Decimal:
        """This month until now, as far as it is known."""
        return total(self.month_days)

    @property
    def estimated(self) -> Decimal:
        """How much of it is the portal's own estimate."""
        return total([it for it in self.month_days if it.source is Source.ESTIMATE])

    @property
    def unknown_days(self) -> int:
        """Days of this month of which nothing is known."""
        return sum(it.amount is None for it in self.month_days)

    @property
    def has_figures(self) -> bool:
        """Whether anything is known of this month."""
        return any(it.amount is not None for it in self.month_days)

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return any(it.amount is not None for it in self.days)


def oldest_day(today: date) -> date:
    """The first day that is needed for the days shown and for the whole month."""
    return min(today.replace(day=1), today - (SHOWN_DAYS - 1) * ONE_DAY)


def sum_saved(each: Sequence[Saved]) -> Saved:
    """What several groups saved, as far as it is known."""
    known = [it for it in each if it.by_boosts is not None and it.by_schedules is not None]
    if not known:
        return Saved(None, None)
    by_boosts = sum((it.by_boosts or NOTHING for it in known), NOTHING)
    return Saved(by_boosts, sum((it.by_schedules or NOTHING for it in known), NOTHING))


def month_of(
    figures: Figures, price: Price | None, now: datetime, created_at: datetime | None = None
) -> GroupMonth:
    """The month that holds now, in UTC as Cloud's report, of a group that was created then, if
    that is known."""
    today = now.astimezone(UTC).date()
    first = today.replace(day=1)
    days = list_days(figures, price, oldest_day(today), today)
    month_days = [it for it in days if it.day >= first]
    created_on = created_at.astimezone(UTC).date() if created_at else None
    begun = min(created_on, today) if created_on else first
    there = [it for it in month_days if it.day >= begun or it.amount is not None]
    over = [it for it in days[:-1] if it.day != created_on]
    forecast = _forecast(_list_complete(over, figures), there, now)
    return GroupMonth(days[-SHOWN_DAYS:], month_days, forecast, _saved(figures, price, first))


def _list_complete(over: Sequence[DayCost], figures: Figures) -> list[Decimal]:
    """What the last days cost that tell what a whole day costs."""
    seen = [day for day, it in figures.estimates.items() if it.gb_seconds is not None]
    begun = min([*figures.reported, *seen], default=date.min)
    looked_at = min(seen, default=date.min)
    return [
        it.amount
        for it in over[-MEAN_DAYS:]
        if it.amount is not None
        and it.day >= begun
        and not (it.day == looked_at and it.source is Source.ESTIMATE)
    ]


def _forecast(
    complete: Sequence[Decimal], there: Sequence[DayCost], now: datetime
) -> Decimal | None:
    if not complete:
        return None
    return total(there) + sum(complete, NOTHING) / len(complete) * _count_foretold(there, now)


def _count_foretold(there: Sequence[DayCost], now: datetime) -> Decimal:
    """The days that are left, and those of which nothing is known; today may be one of these."""
    unknown, left = sum(it.amount is None for it in there[:-1]), _days_left(now)
    return unknown + (Decimal(math.ceil(left)) if there[-1].amount is None else left)


def _days_left(now: datetime) -> Decimal:
    """Until the month is over, with the part of today."""
    moment = now.astimezone(UTC)
    end = _next_month(moment.date())
    begin = datetime(end.year, end.month, end.day, tzinfo=UTC)
    return Decimal(int((begin - moment).total_seconds())) / SECONDS_PER_DAY


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _saved(figures: Figures, price: Price | None, first: date) -> Saved:
    own = {day: it for day, it in figures.estimates.items() if day >= first}
    if all(it.gb_seconds is None for it in own.values()):
        return Saved(None, None)
    return Saved(_cost(own, price, "saved_by_boosts"), _cost(own, price, "saved_by_schedules"))


def _cost(own: Mapping[date, Estimate], price: Price | None, name: str) -> Decimal | None:
    return cost_of(sum(getattr(it, name) for it in own.values()), price)
