"""How amounts of money read: the figures are the domain's, the words stand here."""

from decimal import ROUND_HALF_UP, Decimal

from flask import Flask

from app.domain.groups.cost import CENT, HOURS_PER_MONTH, UNIT_GB, Price
from app.domain.groups.scaling import ScalingConfig
from app.domain.local_time import show_day
from app.domain.schedules.week_cost import CostRange
from app.domain.spend.rates import Rate
from app.web.formatting.sizes import NO_BREAK

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
"""Currencies whose sign everybody knows; it goes in front of the figure."""


def register_costs(app: Flask) -> None:
    """Make the filters known to the templates. Each takes a `Price`."""
    app.jinja_env.filters.update(
        money=show_money,
        dollars=show_dollars,
        rate_now=show_rate_now,
        cost_span=show_cost_span,
        running_cost=show_running_cost,
        cost_change=show_cost_change,
        rate=show_rate,
        money_sign=money_sign,
        plain_day=show_day,
    )


def show_money(amount: Decimal, price: Price) -> str:
    """An amount in the currency of the price: “$4.68”, “1,234.50 CHF”."""
    before, after = money_sign(price)
    return f"{before}{amount:,}{after}"


def show_dollars(amount: Decimal) -> str:
    """An amount in credits of ClickHouse Cloud, to the cent: “$1,234.50”."""
    return f"${amount.quantize(CENT, ROUND_HALF_UP):,}"


def show_rate_now(rate: Rate, price: Price) -> str:
    """What the size in effect costs for an hour: “$0.78 to $6.24”."""
    texts = [show_money(amount, price) for amount in (rate.now_least, rate.now_most)]
    return " to ".join(dict.fromkeys(texts))


def show_cost_span(span: CostRange, price: Price) -> str:
    """What something costs at least and at most, once where both are the same."""
    texts = [show_money(amount, price) for amount in (span.least, span.most)]
    return " to ".join(dict.fromkeys(texts))


def money_sign(price: Price) -> tuple[str, str]:
    """What stands before and after a figure in this currency."""
    sign = SIGNS.get(price.currency)
    return (sign, "") if sign else ("", f"{NO_BREAK}{price.currency}")


def show_cost_range(price: Price, config: ScalingConfig) -> str:
    """What a configuration costs for an hour while running: “$0.78 to $6.24”."""
    ends = (config.min_total_gb, config.max_total_gb)
    texts = [show_money(price.per_hour(total_gb), price) for total_gb in ends]
    return " to ".join(dict.fromkeys(texts))


def show_running_cost(price: Price, config: ScalingConfig, *, is_idle: bool = False) -> str:
    """“About $0.39 to $0.78 per hour, nothing while idle.”; `is_idle`: it costs nothing now."""
    amount = f"{show_cost_range(price, config)} per hour"
    if is_idle:
        return f"Costs no compute now; about {amount} while running."
    return f"About {amount}{', nothing while idle' if config.idle_scaling else ''}."


def show_cost_change(price: Price, was: ScalingConfig, target: ScalingConfig) -> str:
    """The highest cost before and after, and what the latter comes to in a month."""
    new, current = (show_money(price.per_hour(item.max_total_gb), price) for item in (target, was))
    idle = ", nothing while idle" if target.idle_scaling else ""
    month = show_money(price.per_month(target.max_total_gb), price)
    return (
        f"Up to {new} per hour (currently up to {current}){idle}. "
        f"Running at its largest all the time: {month} per month of {HOURS_PER_MONTH} hours."
    )


def show_rate(price: Price) -> str:
    """The price itself: “$0.3903 for 8 GB per hour”."""
    return f"{show_money(price.per_unit_hour, price)} for {UNIT_GB}{NO_BREAK}GB per hour"
