"""What a size costs an hour: by units of 8 GiB, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from tests.unit.builders import VERTICAL, changed, replicas

PRICE = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("memory_gb", "cost"),
    [(0, "0.00"), (8, "0.39"), (12, "0.59"), (128, "6.24"), (356 * 20, "347.37")],
)
def test_the_cost_of_an_hour_is_rounded_to_the_cent(memory_gb: int, cost: str) -> None:
    assert str(PRICE.per_hour(memory_gb)) == cost


@pytest.mark.parametrize(
    ("most", "count", "is_too_costly"),
    [
        ("6.25", 4, False),  # 4 x 32 GB cost 6.24
        ("6.24", 4, False),
        ("6.23", 4, True),
        ("1.00", 3, False),  # what stands already may be kept
        ("1.00", 2, False),
    ],
)
def test_a_target_may_cost_as_much_as_allowed_or_no_more_than_now(
    most: str, count: int, *, is_too_costly: bool
) -> None:
    limits = Limits(price=PRICE, max_cost_per_hour=Decimal(most))
    assert limits.is_too_costly(replicas(count), VERTICAL) == is_too_costly


def test_the_cost_counts_the_largest_size_of_all_replicas() -> None:
    limits = Limits(price=PRICE, max_cost_per_hour=Decimal("5.00"))
    assert limits.is_too_costly(changed(VERTICAL, max_memory_gb=64), VERTICAL)
    assert not limits.is_too_costly(changed(VERTICAL, min_memory_gb=32), VERTICAL)


def test_without_a_price_or_a_bound_nothing_is_too_costly() -> None:
    huge = replicas(20)
    assert not Limits(max_cost_per_hour=Decimal("0.01")).is_too_costly(huge, VERTICAL)
    assert not Limits(price=PRICE).is_too_costly(huge, VERTICAL)
