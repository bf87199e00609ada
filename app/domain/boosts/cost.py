"""What a boost costs more than what was configured before."""

from datetime import datetime
from decimal import Decimal

from app.domain.groups.cost import Price
from app.domain.groups.scaling import ScalingConfig


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
