"""What a group costs for an hour: now, and at the most."""

from dataclasses import dataclass
from decimal import Decimal

from app.domain.groups.cost import Price
from app.domain.groups.group import Service
from app.domain.spend.costs import NOTHING


@dataclass(frozen=True)
class Rate:
    """In the currency of the price, to the cent. `now_least` to `now_most` is the size in effect,
    both 0 while it does not run; `most` is the configured maximum."""

    now_least: Decimal = NOTHING
    now_most: Decimal = NOTHING
    most: Decimal = NOTHING

    def __add__(self, other: "Rate") -> "Rate":
        """Both together."""
        return Rate(
            self.now_least + other.now_least,
            self.now_most + other.now_most,
            self.most + other.most,
        )


def rate_of(service: Service | None, price: Price | None) -> Rate | None:
    """What the group costs; None where size or price is not known."""
    if service is None or price is None:
        return None
    config = service.configured or service.effective
    if config is None:
        return None
    size = service.effective or config
    ends = (size.min_total_gb, size.max_total_gb) if service.state.spec.is_up else (0, 0)
    least, most = (price.per_hour(gb) for gb in ends)
    return Rate(least, most, max(price.per_hour(config.max_total_gb), most))
