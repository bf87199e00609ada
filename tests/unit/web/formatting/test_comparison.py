"""Configurations side by side."""

from datetime import date
from decimal import Decimal

from app.domain.groups.cost import Price
from app.web.formatting.comparison import Column, compare
from tests.unit.builders import HORIZONTAL, VERTICAL, changed

PRICE = Price(Decimal("0.3903"), "USD", date(2026, 11, 1))
LARGER = changed(VERTICAL, max_memory_gb=64)


def differing(*columns: Column, price: Price | None = None) -> list[str]:
    """The labels of the rows that differ."""
    return [row.label for row in compare(columns, price) if row.differs]


def test_only_what_differs_is_marked() -> None:
    assert differing(("Current", VERTICAL), ("New", VERTICAL)) == []
    assert differing(("Current", VERTICAL), ("New", LARGER), price=PRICE) == [
        "Memory per replica",
        "Total memory",
        "Cost per hour",
    ]


def test_a_timeout_counts_only_while_idling_is_allowed() -> None:
    never = changed(VERTICAL, idle_scaling=False)
    assert differing(("Current", never), ("New", changed(never, idle_timeout_minutes=60))) == []
    assert differing(("Current", VERTICAL), ("New", never)) == ["Idle timeout"]


def test_each_setting_leads_to_its_field() -> None:
    addresses = [row.edit_address for row in compare([("New", VERTICAL)], edit="/scale")]
    assert addresses == ["/scale#min_memory_gb", "/scale#num_replicas", "", "/scale#idle_scaling"]
    addresses = [row.edit_address for row in compare([("New", HORIZONTAL)], edit="/scale")]
    assert addresses == ["/scale#memory_gb", "/scale#min_replicas", "", "/scale#idle_scaling"]
