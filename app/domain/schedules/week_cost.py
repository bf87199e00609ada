"""What a week costs, at list price, if the group ran all of it.

Autoscaling stays between a least and a most, and idling can make it less: both ends are given,
each to the cent, rounded once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from app.domain.groups.cost import Price
from app.domain.groups.scaling import ScalingConfig
from app.domain.local_time import local_midnight
from app.domain.schedules.exceptions import ONE_DAY
from app.domain.schedules.schedule import Schedule
from app.domain.schedules.timeline import is_stopped_in, list_spans, settings_of


@dataclass(frozen=True)
class CostRange:
    """An amount at the smallest and at the largest size, in the currency of the price."""

    least: Decimal
    most: Decimal


Piece = tuple[timedelta, ScalingConfig]
"""For how long the group has a configuration."""


def week_of(schedule: Schedule, now: datetime) -> tuple[datetime, datetime]:
    """The local week that holds now, Monday 00:00 to Monday 00:00, as instants."""
    today = now.astimezone(schedule.zone_info).date()
    monday = today - today.weekday() * ONE_DAY
    zone = schedule.zone_info
    return local_midnight(monday, zone), local_midnight(monday + 7 * ONE_DAY, zone)


def cost_with(schedule: Schedule, current: ScalingConfig, price: Price, now: datetime) -> CostRange:
    """The local week that holds now as planned: nothing while the group is stopped. `current`
    gives what the plan leaves open."""
    spans = list_spans(schedule, *week_of(schedule, now))
    running = [span for span in spans if not is_stopped_in(schedule, span)]
    return _cost(
        (
            (span.end - span.start, settings_of(schedule, span).applied_to(current))
            for span in running
        ),
        price,
    )


def cost_without(
    schedule: Schedule, config: ScalingConfig, price: Price, now: datetime
) -> CostRange:
    """The same week if the group had one configuration all the time."""
    start, end = week_of(schedule, now)
    return _cost([(end - start, config)], price)


def _cost(pieces: Iterable[Piece], price: Price) -> CostRange:
    known = [(_seconds(length), config) for length, config in pieces]
    least = sum(seconds * config.min_total_gb for seconds, config in known)
    most = sum(seconds * config.max_total_gb for seconds, config in known)
    return CostRange(price.for_gb_seconds(least), price.for_gb_seconds(most))


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)
