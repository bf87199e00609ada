"""What the operations about spend give, as types.

Amounts are credits of ClickHouse Cloud, 1 credit = 1 US dollar, exactly; those of `per_hour` are in
the currency of the owners' list price.
"""

from datetime import date, datetime
from decimal import Decimal

from app.api.models import Answer
from app.domain.spend.budget import Period
from app.domain.spend.days import Source


class DayCostAnswer(Answer):
    """The compute of one UTC day. `amount` is null where nobody knows it. `source`: report (Cloud's
    figure, which may change while `may_change`), estimate (the portal's own) or unknown."""

    day: date
    amount: Decimal | None
    source: Source
    may_change: bool


class PerHourAnswer(Answer):
    """What the size costs for an hour: the one in effect from `now_least` to `now_most`, 0 while it
    does not run, and at most."""

    currency: str
    now_least: Decimal
    now_most: Decimal
    most: Decimal


class SavedAnswer(Answer):
    """What ends of boosts and schedules saved this month, at least."""

    by_boosts: Decimal
    by_schedules: Decimal


class BudgetAnswer(Answer):
    """How a budget stands. `key` names the UTC month or day; the next begins on `renewed_on`. Once
    100 percent are reached the group cannot grow."""

    period: Period
    key: str
    spent: Decimal
    budget: Decimal
    percent: int
    renewed_on: date


class GroupSpendAnswer(Answer):
    """What a compute group costs: this UTC month so far, of which `estimated` is the portal's own
    estimate, and what it comes to if the days go on as the last seven did.

    `unknown_days` of the month are not in it. `fault` is why Cloud's report is missing or old.
    """

    service_id: str
    name: str
    month_so_far: Decimal
    estimated: Decimal
    unknown_days: int
    forecast: Decimal | None
    saved: SavedAnswer | None
    per_hour: PerHourAnswer | None
    budgets: list[BudgetAnswer]
    report_read_at: datetime | None
    fault: str | None


class GroupDaysAnswer(GroupSpendAnswer):
    """The same with the last 30 days, oldest first."""

    days: list[DayCostAnswer]


class WarehouseSpendAnswer(Answer):
    """What the groups that the caller sees cost, by cost, the highest first.

    `storage`, `backup` and `other` (data transfer, ClickPipes) are this month's of the warehouse,
    not split among groups. `replicas` are the maximum replicas of these groups, null where one is
    not known; `max_replicas` bounds those of all its groups, null where the caller does not see
    all of them.
    """

    key: str
    name: str
    groups: list[GroupSpendAnswer]
    storage: Decimal
    backup: Decimal
    other: Decimal
    replicas: int | None
    max_replicas: int | None


class SpendAnswer(Answer):
    """All that the caller sees."""

    warehouses: list[WarehouseSpendAnswer]
