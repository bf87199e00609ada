"""What a boost costs more than the size that was there before."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from app.domain.groups.cost import CENT, UNIT_GB, Price
from app.domain.groups.scaling import ScalingConfig

MICROSECOND = timedelta(microseconds=1)
MICROSECONDS_PER_HOUR = timedelta(hours=1) // MICROSECOND


def extra_cost(
    price: Price,
    before: ScalingConfig,
    asked: ScalingConfig,
    begins_at: datetime,
    ends_at: datetime,
) -> Decimal:
    """What it costs more at most, in the price's currency, to the cent: both sizes at their
    largest, for all of the time. Nothing where it ends before it begins."""
    lasting = max(ends_at - begins_at, timedelta()) // MICROSECOND
    more_gb = asked.max_total_gb - before.max_total_gb
    exact = price.per_unit_hour * more_gb * lasting / (UNIT_GB * MICROSECONDS_PER_HOUR)
    return exact.quantize(CENT, ROUND_HALF_UP)
