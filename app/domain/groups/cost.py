"""What a size costs: Cloud meters compute in units of 8 GiB, and has no API for its prices."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

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
