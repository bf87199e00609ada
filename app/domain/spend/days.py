"""What a group cost on a day: Cloud's figure where there is one, else the portal's estimate.

Cloud's figure of a day that was not over when it was read is of a part of it, and so may be the
portal's own: then the larger of both counts.

Only compute: storage and backup belong to the warehouse. All amounts are in credits of ClickHouse
Cloud, 1 credit = 1 US dollar, so that there is an estimate only where the price is in US dollars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.groups.cost import SECONDS_PER_HOUR, UNIT_GB, Price
from app.domain.spend.costs import NOTHING

CURRENCY = "USD"
ONE_DAY = timedelta(days=1)


class Source(StrEnum):
    """Where the figure of a day comes from. REPORT: Cloud; it may change until it is locked."""

    REPORT = "report"
    ESTIMATE = "estimate"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reported:
    """What Cloud says of one day of a group. `is_whole`: it was read after the day was over."""

    compute: Decimal
    is_locked: bool
    is_whole: bool = True


NO_ROW = Reported(NOTHING, is_locked=False, is_whole=False)
"""Of a day of which Cloud's report has rows of other groups."""


@dataclass(frozen=True)
class Estimate:
    """What the portal has seen of one day of a group: memory times time, in GB x seconds.

    `gb_seconds` is None where nobody saw it on that day. `saved_…` is how much more it would have
    been had the portal not made the group smaller by itself, at the end of a boost or by a
    schedule.
    """

    gb_seconds: int | None = None
    saved_by_boosts: int = 0
    saved_by_schedules: int = 0


@dataclass(frozen=True)
class Figures:
    """What is known of one group, by UTC day. `reported_days` are those of which Cloud's report
    tells the compute of any group: without a row on such a day this one cost nothing, unless it was
    seen to run."""

    reported: Mapping[date, Reported] = field(default_factory=dict)
    estimates: Mapping[date, Estimate] = field(default_factory=dict)
    reported_days: frozenset[date] = frozenset()


@dataclass(frozen=True)
class DayCost:
    """One day of one group. `amount` is None where nobody knows it."""

    day: date
    amount: Decimal | None
    source: Source
    may_change: bool = True


def cost_of(gb_seconds: int | None, price: Price | None) -> Decimal | None:
    """So much memory for so long, exactly; None if unknown or without a price in dollars."""
    if gb_seconds is None or price is None or price.currency != CURRENCY:
        return None
    return price.per_unit_hour * gb_seconds / (UNIT_GB * SECONDS_PER_HOUR)


def list_days(figures: Figures, price: Price | None, first: date, last: date) -> list[DayCost]:
    """Each day from the first to the last, both included."""
    days = (first + count * ONE_DAY for count in range((last - first).days + 1))
    return [_day(day, figures, price) for day in days]


def _day(day: date, figures: Figures, price: Price | None) -> DayCost:
    found = figures.reported.get(day) or (NO_ROW if day in figures.reported_days else None)
    estimate = figures.estimates.get(day)
    own = cost_of(estimate.gb_seconds, price) if estimate else None
    if found and (found.is_whole or own is None or own <= found.compute):
        return DayCost(day, found.compute, Source.REPORT, may_change=not found.is_locked)
    return DayCost(day, own, Source.UNKNOWN if own is None else Source.ESTIMATE)


def total(days: Sequence[DayCost]) -> Decimal:
    """The sum of what is known."""
    return sum((it.amount for it in days if it.amount is not None), NOTHING)
