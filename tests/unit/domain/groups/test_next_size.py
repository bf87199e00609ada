"""What the next larger size is, within the limits."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import CENT, Price
from app.domain.groups.limits import Limits, next_size
from app.domain.groups.scaling import ScalingConfig
from tests.unit.builders import HORIZONTAL, VERTICAL, changed

PRICE = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("config", "limits", "target"),
    [
        (VERTICAL, Limits(), changed(VERTICAL, max_memory_gb=64)),
        (VERTICAL, Limits(memory_choices_gb=(8, 16, 40)), changed(VERTICAL, max_memory_gb=40)),
        (VERTICAL, Limits(memory_choices_gb=(8, 32)), None),
        (VERTICAL, Limits(max_total_gb=191), None),
        (VERTICAL, Limits(max_total_gb=192), changed(VERTICAL, max_memory_gb=64)),
        (HORIZONTAL, Limits(), changed(HORIZONTAL, max_replicas=7)),
        (HORIZONTAL, Limits(max_replicas=6), None),
    ],
)
def test_it_is_the_next_larger_maximum(
    config: ScalingConfig, limits: Limits, target: ScalingConfig | None
) -> None:
    assert next_size(config, limits) == target


def test_costs_bound_it_to_the_cent() -> None:
    total_gb = 192
    for cents, is_allowed in ((0, True), (-1, False)):
        most = PRICE.per_hour(total_gb) + CENT * cents
        limits = Limits(price=PRICE, max_cost_per_hour=most)
        assert (next_size(VERTICAL, limits) is not None) is is_allowed
