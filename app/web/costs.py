"""How amounts of money read: the figures are the domain's, the words stand in the templates."""

from datetime import date
from decimal import Decimal

from flask import Flask

from app.domain.groups.cost import UNIT_GB, Price
from app.domain.groups.scaling import ScalingConfig
from app.web.filters import NO_BREAK

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
"""Currencies whose sign everybody knows; it goes in front of the figure."""


def register_costs(app: Flask) -> None:
    """Make the filters known to the templates. Each takes a `Price`."""
    app.jinja_env.filters.update(
        money=show_money,
        per_hour=lambda price, memory_gb: show_money(price.per_hour(memory_gb), price),
        per_month=lambda price, memory_gb: show_money(price.per_month(memory_gb), price),
        cost_range=show_cost_range,
        rate=show_rate,
        money_sign=money_sign,
        plain_day=show_day,
    )


def show_money(amount: Decimal, price: Price) -> str:
    """An amount in the currency of the price: “$4.68”, “1,234.50 CHF”."""
    before, after = money_sign(price)
    return f"{before}{amount:,}{after}"


def money_sign(price: Price) -> tuple[str, str]:
    """What stands before and after a figure in this currency."""
    sign = SIGNS.get(price.currency)
    return (sign, "") if sign else ("", f"{NO_BREAK}{price.currency}")


def show_cost_range(price: Price, config: ScalingConfig) -> str:
    """What a configuration costs for an hour while it runs: “$0.78 to $6.24”."""
    ends = (config.min_total_gb, config.max_total_gb)
    texts = [show_money(price.per_hour(total_gb), price) for total_gb in ends]
    return " to ".join(dict.fromkeys(texts))


def show_rate(price: Price) -> str:
    """The price itself: “$0.3903 for 8 GB an hour”."""
    return f"{show_money(price.per_unit_hour, price)} for {UNIT_GB}{NO_BREAK}GB an hour"


def show_day(day: date) -> str:
    """“1 November 2026”."""
    return f"{day.day} {day:%B %Y}"
