"""What the use cases of spend give, as the types of the JSON API."""

from typing import Any

from app.api.spend.models import (
    BudgetAnswer,
    DayCostAnswer,
    GroupDaysAnswer,
    GroupSpendAnswer,
    PerHourAnswer,
    SavedAnswer,
    SpendAnswer,
    WarehouseSpendAnswer,
)
from app.domain.groups.cost import Price
from app.domain.spend.budget import BudgetUse
from app.domain.spend.days import DayCost
from app.domain.spend.month import Saved
from app.domain.spend.rates import Rate
from app.services.spend.reports import GroupSpend, SpendOverview, WarehouseSpend


def show_overview(overview: SpendOverview) -> SpendAnswer:
    """Every group."""
    return SpendAnswer(warehouses=[_show_warehouse(it) for it in overview.warehouses])


def show_group_spend(spend: GroupSpend) -> GroupDaysAnswer:
    """One group with its days."""
    return GroupDaysAnswer(**_values(spend), days=[_show_day(it) for it in spend.month.days])


def _show_warehouse(item: WarehouseSpend) -> WarehouseSpendAnswer:
    return WarehouseSpendAnswer(
        key=item.warehouse.key,
        name=item.warehouse.name,
        groups=[GroupSpendAnswer(**_values(it)) for it in item.groups],
        storage=item.cost.storage,
        backup=item.cost.backup,
        other=item.cost.other,
        replicas=item.replicas,
        max_replicas=item.bound,
    )


def _values(spend: GroupSpend) -> dict[str, Any]:
    month = spend.month
    return {
        "service_id": spend.group.service_id,
        "name": spend.group.name,
        "month_so_far": month.so_far,
        "estimated": month.estimated,
        "unknown_days": month.unknown_days,
        "forecast": month.forecast,
        "saved": _show_saved(month.saved),
        "per_hour": _show_rate(spend.rate, spend.price),
        "budgets": [_show_budget(it) for it in spend.uses],
        "report_read_at": spend.state.read_at,
        "fault": spend.state.error or None,
    }


def _show_saved(saved: Saved) -> SavedAnswer | None:
    if saved.by_boosts is None or saved.by_schedules is None:
        return None
    return SavedAnswer(by_boosts=saved.by_boosts, by_schedules=saved.by_schedules)


def _show_rate(rate: Rate | None, price: Price | None) -> PerHourAnswer | None:
    if rate is None or price is None:
        return None
    return PerHourAnswer(
        currency=price.currency,
        now_least=rate.now_least,
        now_most=rate.now_most,
        most=rate.most,
    )


def _show_budget(use: BudgetUse) -> BudgetAnswer:
    return BudgetAnswer(
        period=use.period,
        key=use.key,
        spent=use.spent,
        budget=use.most,
        percent=use.percent,
        renewed_on=use.renewed_on,
    )


def _show_day(day: DayCost) -> DayCostAnswer:
    return DayCostAnswer(
        day=day.day, amount=day.amount, source=day.source, may_change=day.may_change
    )
