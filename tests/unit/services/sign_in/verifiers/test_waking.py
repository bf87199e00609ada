"""Which idle group is the cheapest one to wake for a password check."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.domain.groups.states import ServiceState
from app.services.sign_in.verifiers.waking import cheapest
from tests.unit.builders import (
    NOW,
    PRIMARY_ID,
    REPORTING_ID,
    VERTICAL,
    changed,
    make_catalog,
    make_definition,
    make_service,
)


def priced(amount: str | None, currency: str = "USD") -> Limits:
    """The limits of a group whose compute has this price, or none."""
    return Limits(price=Price(Decimal(amount), currency, NOW.date()) if amount else None)


@pytest.mark.parametrize(
    ("of_large", "of_small", "cheapest_id"),
    [
        (priced("0.10"), priced("0.50"), PRIMARY_ID),  # 48 GB for 0.60, 24 GB for 1.50
        (priced("0.25"), priced("0.40"), REPORTING_ID),  # 48 GB for 1.50, 24 GB for 1.20
        (priced("0.10"), priced(None), REPORTING_ID),
        (priced(None), priced(None), REPORTING_ID),
        (priced("0.10"), priced("0.50", "EUR"), REPORTING_ID),
    ],
)
def test_the_cheapest_is_that_with_the_lowest_price_of_its_memory_where_all_have_one(
    of_large: Limits, of_small: Limits, cheapest_id: str
) -> None:
    size = changed(VERTICAL, min_memory_gb=8, max_memory_gb=16)
    large = make_service(state=ServiceState.IDLE, configured=size)
    small = make_service(
        REPORTING_ID, state=ServiceState.IDLE, configured=changed(size, max_memory_gb=8)
    )
    groups = (
        make_definition(PRIMARY_ID, limits=of_large),
        make_definition(REPORTING_ID, limits=of_small),
    )
    (warehouse, *_) = make_catalog().warehouses
    warehouse = replace(warehouse, groups=groups)
    for services in ([large, small], [small, large]):
        assert cheapest(warehouse, services).service_id == cheapest_id
