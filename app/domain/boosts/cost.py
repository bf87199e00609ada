"""What a boost costs more than what was configured before."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from app.domain.groups.cost import CENT, UNIT_GB, Price
from app.domain.groups.scaling import ScalingConfig

SECONDS_PER_HOUR = 3600


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
    exact = price.per_unit_hour * more_gb * seconds / (UNIT_GB * SECONDS_PER_HOUR)
    return exact.quantize(CENT, ROUND_HALF_UP)
