"""What a size costs: Cloud meters compute in units of 8 GiB, and has no API for its prices."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.groups.scaling import ScalingConfig

UNIT_GB = 8
SECONDS_PER_HOUR = 3600
CENT = Decimal("0.01")
HOURS_PER_MONTH = 730
"""The mean of a year's months, by which Cloud providers quote monthly prices."""


@dataclass(frozen=True)
class Price:
    """The list price of 8 GiB of compute for one hour, as the owners looked it up on a day."""

    per_unit_hour: Decimal
    currency: str
    as_of: date

    def per_hour(self, memory_gb: int) -> Decimal:
        """What so much memory costs while running for an hour, in `currency`, to the cent."""
        exact = self.per_unit_hour * memory_gb / UNIT_GB
        return exact.quantize(CENT, ROUND_HALF_UP)

    def for_gb_seconds(self, gb_seconds: int) -> Decimal:
        """What so much memory for so long costs, to the cent, rounded once."""
        exact = self.per_unit_hour * gb_seconds / (UNIT_GB * SECONDS_PER_HOUR)
        return exact.quantize(CENT, ROUND_HALF_UP)

    def per_month(self, memory_gb: int) -> Decimal:
        """What it costs to run for HOURS_PER_MONTH without a pause, to the whole unit."""
        exact = self.per_unit_hour * memory_gb * HOURS_PER_MONTH / UNIT_GB
        return exact.quantize(Decimal(1), ROUND_HALF_UP)


def extra_cost(
    price: Price,
    before: ScalingConfig,
    asked: ScalingConfig,
    begins_at: datetime,
    ends_at: datetime,
) -> Decimal:
    """The most it can cost more between two moments, in the currency of `price`, to the cent: the
    larger size at its largest all the time, against the former at its largest."""
    more_gb = max(0, asked.max_total_gb - before.max_total_gb)
    seconds = max(0, round((ends_at - begins_at).total_seconds()))
    return price.for_gb_seconds(more_gb * seconds)
