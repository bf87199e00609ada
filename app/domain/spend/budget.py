"""The budget of a group: what it may cost in a UTC month or day before it stops growing.

It never stops a group. At STEPS of it people are told; once it is spent, nothing may make the
group cost more by size or by idling less, boosts end, and shrinking stays allowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from app.domain.groups.cost import CENT
from app.domain.groups.limits import Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.local_time import show_day
from app.domain.messages import problem
from app.domain.spend.costs import NOTHING
from app.domain.spend.month import GroupMonth
from app.errors import Problem

STEPS = (50, 75, 90, 100)
"""In percent of a budget."""

SPENT = STEPS[-1]

MOST_CORRECTED = 5
"""In percent of a budget: what ClickHouse Cloud's figures may take back from estimates."""


class Period(StrEnum):
    """What a budget is for."""

    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True)
class BudgetUse:
    """How much of a budget is used, in credits. `key` names the month or day, in UTC; the next
    period begins on `renewed_on`."""

    period: Period
    key: str
    spent: Decimal
    most: Decimal
    renewed_on: date

    @property
    def percent(self) -> int:
        """Rounded down, so that a budget is spent only when it is."""
        return int(self.spent * 100 // self.most)

    @property
    def step(self) -> int:
        """The highest step that is reached; 0 if none is."""
        return max((step for step in STEPS if step <= self.percent), default=0)

    def counts_as_told(self, step: int, earlier: "BudgetUse | None") -> int:
        """What is left of a step that was told of, which the steps beyond it are to follow again:
        what was used before a raise of the budget since `earlier`, the look before this one."""
        if earlier and self.most > earlier.most:
            return min(step, replace(earlier, most=self.most).step)
        return self.step if self.percent < step - MOST_CORRECTED else step

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.percent >= SPENT


def has_budget(limits: Limits) -> bool:
    """Whether the owners have set any."""
    return limits.budget_per_month is not None or limits.budget_per_day is not None


def list_uses(limits: Limits, month: GroupMonth, now: datetime) -> tuple[BudgetUse, ...]:
    """How the budgets of a group stand, the month first."""
    today = now.astimezone(UTC).date()
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    found = []
    if limits.budget_per_month is not None:
        key, spent = f"{today:%Y-%m}", month.so_far
        found.append(BudgetUse(Period.MONTH, key, spent, limits.budget_per_month, next_month))
    if limits.budget_per_day is not None:
        key, spent = today.isoformat(), month.open_day.amount or NOTHING
        tomorrow = today + timedelta(days=1)
        found.append(BudgetUse(Period.DAY, key, spent, limits.budget_per_day, tomorrow))
    return tuple(found)


def find_spent(uses: Sequence[BudgetUse]) -> BudgetUse | None:
    """The budget that is spent, the one that stays so the longest; None if none is."""
    return max((it for it in uses if it.is_spent), key=lambda it: it.renewed_on, default=None)


def describe_spent(use: BudgetUse) -> str:
    """What a budget that is spent closes, in a sentence."""
    return (
        f"The budget of this group for this {use.period} is used up, so it cannot grow before "
        f"{show_day(use.renewed_on)} (UTC). It can be made smaller."
    )


def check_growth(
    uses: Sequence[BudgetUse], before: ScalingConfig, target: ScalingConfig
) -> tuple[Problem, ...]:
    """The broken rule, if a budget is spent and the target can cost more than before."""
    spent, field = find_spent(uses), find_growth(before, target)
    if spent is None or field is None:
        return ()
    figures = {
        "spent": spent.spent.quantize(CENT),
        "most": spent.most,
        "period": spent.period.value,
        "day": show_day(spent.renewed_on),
    }
    return (problem(field, "budget_spent", **figures),)


def find_growth(before: ScalingConfig, target: ScalingConfig) -> str | None:
    """The field by which a size can cost more than another; None if it cannot."""
    is_fixed = target.mode is ScalingMode.VERTICAL
    if target.max_replicas > before.max_replicas:
        return "num_replicas" if is_fixed else "max_replicas"
    if target.min_replicas > before.min_replicas:
        return "min_replicas"
    if target.max_memory_gb > before.max_memory_gb:
        return "max_memory_gb"
    if target.min_memory_gb > before.min_memory_gb:
        return "min_memory_gb"
    return _find_less_idling(before, target)


def _find_less_idling(before: ScalingConfig, target: ScalingConfig) -> str | None:
    if not before.idle_scaling:
        return None
    if not target.idle_scaling:
        return "idle_scaling"
    # A timeout that is not known counts as none, so that any other is longer.
    is_longer = (target.idle_timeout_minutes or 0) > (before.idle_timeout_minutes or 0)
    return "idle_timeout_minutes" if is_longer else None
