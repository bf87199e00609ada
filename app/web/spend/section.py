"""What the page of one group shows of its cost: the month, bars of thirty days, and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import render_template
from markupsafe import Markup

from app.domain.spend.budget import BudgetUse, find_spent
from app.domain.spend.days import CURRENCY, DayCost, Source
from app.services.spend.reports import GroupSpend
from app.web.formatting.costs import show_dollars

PLACE = Markup('<div id="spend" data-keep></div>')
"""Where the part of the page leaves room for it: it is drawn when the page is opened, and stays."""

WIDTH, HEIGHT = 1000, 100
ROOM = 0.2
"""The share of a bar's place that stays empty."""

SOURCE_WORDS = {Source.REPORT: "Cloud", Source.ESTIMATE: "Estimate", Source.UNKNOWN: "Not known"}


@dataclass(frozen=True)
class Bar:
    """One day as it is drawn, in a drawing of WIDTH x HEIGHT."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True)
class SpendSection:
    """One group as it is drawn."""

    spend: GroupSpend

    @property
    def days(self) -> Sequence[DayCost]:
        """The last thirty, today last."""
        return self.spend.month.days

    @property
    def month_name(self) -> str:
        """“November”."""
        return f"{self.spend.month.open_day.day:%B}"

    @property
    def top(self) -> Decimal:
        """The highest day."""
        return max((it.amount or Decimal(0) for it in self.days), default=Decimal(0))

    @property
    def bars(self) -> list[Bar]:
        """Each day whose cost is known."""
        place, top = WIDTH / len(self.days), float(self.top) or 1.0
        found = []
        for number, day in enumerate(self.days):
            if day.amount is not None:
                height = round(HEIGHT * float(day.amount) / top, 1)
                x = round(place * (number + ROOM / 2), 1)
                width = round(place * (1 - ROOM), 1)
                found.append(Bar(x, HEIGHT - height, width, height, _kind(day)))
        return found

    @property
    def description(self) -> str:
        """The drawing in a sentence."""
        known = [it for it in self.days if it.amount is not None]
        highest = max(known, key=lambda it: it.amount or 0, default=None)
        if highest is None or highest.amount is None:
            return "Nothing is known of it."
        amount = show_dollars(highest.amount)
        estimates = sum(it.source is Source.ESTIMATE for it in known)
        return (
            f"{len(known)} of {len(self.days)} days are known, {estimates} of them estimated. "
            f"Highest {amount}, on {show_short_day(highest.day)}."
        )

    @property
    def spent(self) -> BudgetUse | None:
        """The budget that is spent."""
        return find_spent(self.spend.uses)

    @property
    def lacks_price(self) -> bool:
        """Whether nothing can be estimated for want of a price in US dollars."""
        price = self.spend.price
        return price is None or price.currency != CURRENCY


def draw_spend(spend: GroupSpend) -> Markup:
    """The section of the page."""
    return Markup(render_template("spend/_section.html", section=SpendSection(spend)))  # noqa: S704 - our own template


def show_short_day(day: date) -> str:
    """“3 Nov”."""
    return f"{day.day} {day:%b}"


def _kind(day: DayCost) -> str:
    if day.source is Source.ESTIMATE:
        return "estimate"
    return "open" if day.may_change else "locked"
