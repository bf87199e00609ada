"""Budgets of groups: how they stand, whether a change may make a group larger, and telling of them.

What is told is kept with its event, so that each step is told once in its period, and again only
where the budget was raised meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.domain.audit.events import AuditTarget, Event, EventKind, Result
from app.domain.groups.catalog import GroupDefinition
from app.domain.groups.scaling import ScalingConfig
from app.domain.spend.budget import (
    BudgetUse,
    check_growth,
    describe_spent,
    find_spent,
    has_budget,
    list_uses,
)
from app.domain.spend.month import month_of, oldest_day
from app.errors import Problem
from app.services.access.policy import Policy
from app.services.audit.recorder import AuditRecorder
from app.store.spend import SpendStore

KEPT_SECONDS = 60
Uses = tuple[BudgetUse, ...]


@dataclass(frozen=True)
class Budgets:
    """The use cases of them. Every method raises StoreUnavailable."""

    policy: Policy
    store: SpendStore
    audit: AuditRecorder
    now: Callable[[], datetime]
    _kept: dict[int, Mapping[str, Uses]] = field(default_factory=dict)
    _looked_at: dict[tuple[str, str], BudgetUse] = field(default_factory=dict)

    def list_uses(self, definition: GroupDefinition) -> Uses:
        """How the budgets of one group stand; nothing is read where there is none."""
        return self._map_uses([definition]).get(definition.service_id, ())

    def check_growth(
        self, service_id: str, before: ScalingConfig, target: ScalingConfig
    ) -> tuple[Problem, ...]:
        """The broken rule, if a budget of the group is spent and the target can cost more."""
        definition = self.policy.catalog.find_group(service_id)
        return check_growth(self.list_uses(definition), before, target) if definition else ()

    def map_all(self) -> Mapping[str, Uses]:
        """How every budget stands, by group."""
        return self._map_uses(self.policy.catalog.all_groups())

    def map_kept(self) -> Mapping[str, Uses]:
        """The same as it was within this minute: enough for whoever looks."""
        minute = int(self.now().timestamp()) // KEPT_SECONDS
        kept = self._kept.get(minute)
        if kept is None:
            kept = self.map_all()
            self._kept.clear()
            self._kept[minute] = kept
        return kept

    def find_words(self, service_id: str) -> str:
        """Why the group cannot grow now, as of this minute; empty if a budget is no reason."""
        spent = find_spent(self.map_kept().get(service_id, ()))
        return describe_spent(spent) if spent else ""

    def tell_steps(self) -> None:
        """Record every step that a group has reached since it was last told of."""
        found = {(key, use.key): use for key, uses in self.map_all().items() for use in uses}
        told = self.store.map_told({period for _, period in found})
        for place, use in found.items():
            last = told.get(place, 0)
            counted = use.counts_as_told(last, self._looked_at.get(place))
            if counted < last:
                self.store.lower_step(*place, counted)
            if use.step > counted:
                event = self._event(place[0], use)
                self.store.tell_step(*place, use.step, self.now(), event)
        self._looked_at.clear()
        self._looked_at.update(found)

    def _map_uses(self, definitions: Sequence[GroupDefinition]) -> dict[str, Uses]:
        own = {it.service_id: it.limits for it in definitions if has_budget(it.limits)}
        if not own:
            return {}
        now = self.now()
        figures = self.store.map_figures(list(own), oldest_day(now.astimezone(UTC).date()))
        return {
            key: list_uses(limits, month_of(figures[key], limits.price, now), now)
            for key, limits in own.items()
        }

    def _event(self, service_id: str, use: BudgetUse) -> Event:
        definition = self.policy.catalog.find_group(service_id)
        details = {
            "period": use.period.value,
            "key": use.key,
            "step": use.step,
            "spent": str(use.spent),
            "budget": str(use.most),
        }
        about = AuditTarget(service_id, definition.name if definition else "")
        event = self.audit.event(
            EventKind.SENSITIVE_UPDATE, "budget_step", Result.SUCCESS, about=about, details=details
        )
        return self.audit.as_system(event)
