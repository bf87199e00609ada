"""Money as people read it."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.groups.cost import Price
from app.domain.local_time import show_day
from app.web.formatting.costs import show_cost_range, show_money, show_rate
from tests.unit.builders import VERTICAL, changed

DOLLARS = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))
FRANCS = Price(Decimal("0.45"), "CHF", date(2026, 11, 1))


@pytest.mark.parametrize(
    ("price", "text"), [(DOLLARS, "$1,234.50"), (FRANCS, "1,234.50\N{NO-BREAK SPACE}CHF")]
)
def test_a_known_sign_stands_before_and_a_code_behind(price: Price, text: str) -> None:
    assert show_money(Decimal("1234.50"), price) == text


def test_a_range_names_both_ends_and_a_fixed_size_one() -> None:
    assert show_cost_range(DOLLARS, VERTICAL) == "$2.34 to $4.68"
    assert show_cost_range(DOLLARS, changed(VERTICAL, min_memory_gb=32)) == "$4.68"


def test_the_rate_is_said_as_it_was_written() -> None:
    assert show_rate(DOLLARS) == "$0.3903 for 8\N{NO-BREAK SPACE}GB per hour"
    assert show_day(DOLLARS.as_of) == "1 November 2026"


def test_a_month_has_730_hours() -> None:
    assert DOLLARS.per_month(96) == Decimal(3419)
