"""What a boost costs more, worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price, extra_cost
from tests.unit.builders import HORIZONTAL, NOW, VERTICAL, changed, replicas

FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


def price(per_unit_hour: str) -> Price:
    return Price(Decimal(per_unit_hour), "USD", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("per_unit_hour", "replicas_after", "lasting", "cost"),
    [
        # 32 GB in each of 3 replicas: 96 GB before, so each replica more is 4 units of 8 GB.
        ("0.3903", 4, timedelta(hours=1), "1.56"),  # 4 x 0.3903 = 1.5612
        ("0.3903", 6, timedelta(hours=8, minutes=30), "39.81"),  # 12 x 0.3903 x 8.5 = 39.8106
        ("0.3903", 4, timedelta(minutes=1), "0.03"),  # 1.5612 / 60 = 0.02602
        ("0.3903", 4, timedelta(seconds=30), "0.01"),  # 0.01301
        ("1", 4, timedelta(minutes=10), "0.67"),  # 4 / 6 = 0.666…
        ("0.25", 4, timedelta(seconds=18), "0.01"),  # 0.005 exactly: half a cent is rounded up
        ("0.25", 4, timedelta(seconds=54), "0.02"),  # 0.015: up as well, and not to the even cent
        ("0.3903", 3, timedelta(hours=24), "0.00"),  # nothing larger
        ("0.3903", 4, timedelta(hours=-1), "0.00"),  # over before it began
        ("0.3903", 4, timedelta(days=7), "262.28"),  # 1.5612 x 168 = 262.2816
    ],
)
def test_it_is_the_price_of_the_units_more_for_all_of_the_time(
    per_unit_hour: str, replicas_after: int, lasting: timedelta, cost: str
) -> None:
    asked = replicas(replicas_after)
    found = extra_cost(price(per_unit_hour), VERTICAL, asked, FRIDAY, FRIDAY + lasting)
    assert str(found) == cost


def test_it_is_rounded_once_and_not_by_the_hour() -> None:
    # 0.0104 an hour would be 0.01 by the hour, and 1.00 for a hundred hours.
    asked = changed(VERTICAL, max_memory_gb=40)  # 3 units more
    found = extra_cost(price("0.003466"), VERTICAL, asked, NOW, NOW + timedelta(hours=100))
    assert found == Decimal("1.04")


def test_the_largest_size_counts_in_groups_that_scale_their_replicas() -> None:
    asked = changed(HORIZONTAL, min_replicas=6, max_replicas=8)  # 192 -> 256 GB: 8 units more
    found = extra_cost(price("0.5"), HORIZONTAL, asked, NOW, NOW + timedelta(hours=2))
    assert found == Decimal("8.00")
    higher_floor = changed(HORIZONTAL, min_replicas=6)
    nothing = extra_cost(price("0.5"), HORIZONTAL, higher_floor, NOW, NOW + timedelta(hours=2))
    assert nothing == 0
