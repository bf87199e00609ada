"""Looking at what groups cost: one of them, and all that a person sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from app.domain.access.permissions import Identity
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.cost import Price
from app.domain.groups.group import ComputeGroup
from app.domain.spend.budget import BudgetUse, list_uses
from app.domain.spend.costs import NOTHING
from app.domain.spend.month import GroupMonth, Saved, month_of, oldest_day, sum_saved
from app.domain.spend.rates import Rate, rate_of
from app.domain.spend.reading import NEVER, Span
from app.services.groups.service import Groups
from app.store.spend import SpendStore, WarehouseCost


@dataclass(frozen=True)
class ReportState:
    """How Cloud's report stands: when it was last read, None if never, and why no newer is known,
    empty if one is."""

    read_at: datetime | None
    error: str


@dataclass(frozen=True)
class GroupSpend:
    """What one group costs. `rate` is None where size or price is not known."""

    group: ComputeGroup
    month: GroupMonth
    rate: Rate | None
    uses: tuple[BudgetUse, ...]
    state: ReportState
    now: datetime

    @property
    def price(self) -> Price | None:
        """The list price that the owners gave."""
        return self.group.definition.limits.price


@dataclass(frozen=True)
class WarehouseSpend:
    """What a person sees of a warehouse: their groups by cost, the highest first.

    `cost` is this month's besides compute, which is of the warehouse. `replicas` are configured in
    these groups together, None where one of them is not known; `bound` is the most of all groups of
    the warehouse, None for whoever does not see all of them.
    """

    warehouse: WarehouseDefinition
    groups: Sequence[GroupSpend]
    cost: WarehouseCost
    replicas: int | None
    bound: int | None

    @property
    def so_far(self) -> Decimal:
        """This month's compute of these groups, as far as it is known."""
        return sum((it.month.so_far for it in self.groups), NOTHING)

    @property
    def has_figures(self) -> bool:
        """Whether anything is known of this month."""
        return any(it.month.has_figures for it in self.groups)

    @property
    def unknown_days(self) -> int:
        """Days of this month of which nothing is known, of all groups together."""
        return sum(it.month.unknown_days for it in self.groups)

    @property
    def estimated(self) -> Decimal:
        """How much of it is the portal's own estimate."""
        return sum((it.month.estimated for it in self.groups), NOTHING)

    @property
    def forecast(self) -> Decimal | None:
        """What the month comes to; None where there is none of a group that is known."""
        known = [it.month for it in self.groups if it.month.is_known]
        found = [it.forecast for it in known if it.forecast is not None]
        return sum(found, NOTHING) if found and len(found) == len(known) else None

    @property
    def price(self) -> Price | None:
        """The list price: one for the whole portal."""
        return next((it.price for it in self.groups if it.price), None)

    @property
    def saved(self) -> Saved:
        """What was saved in these groups this month."""
        return sum_saved([it.month.saved for it in self.groups])

    @property
    def rate(self) -> Rate | None:
        """What these groups cost for an hour together; None where one is not known."""
        rates = [it.rate for it in self.groups]
        known = [it for it in rates if it is not None]
        return sum(known, Rate()) if len(known) == len(rates) else None


@dataclass(frozen=True)
class SpendOverview:
    """All that one person sees."""

    warehouses: Sequence[WarehouseSpend]
    state: ReportState
    now: datetime


@dataclass(frozen=True)
class SpendReports:
    """The use case of looking. Raises NotFound, StoreUnavailable."""

    groups: Groups
    store: SpendStore
    now: Callable[[], datetime]

    def show(self, identity: Identity, service_id: str) -> GroupSpend:
        """One group, for whoever may see it."""
        group, _ = self.groups.get_group(identity, service_id)
        return self._compose([group], self._state())[0]

    def show_all(self, identity: Identity) -> SpendOverview:
        """Every group that the person may see, by warehouse."""
        overview, state = self.groups.list_groups(identity), self._state()
        found = [
            self._of_warehouse(warehouse, self._compose(groups, state))
            for warehouse, groups in overview.by_warehouse
        ]
        return SpendOverview(found, state, self.now())

    def _of_warehouse(
        self, warehouse: WarehouseDefinition, groups: Sequence[GroupSpend]
    ) -> WarehouseSpend:
        today = self.now().astimezone(UTC).date()
        ids, services = [it.group.service_id for it in groups], [it.group.service for it in groups]
        own = {it.particulars.warehouse_id for it in services if it} - {""}
        return WarehouseSpend(
            warehouse=warehouse,
            groups=sorted(groups, key=lambda it: it.month.so_far, reverse=True),
            cost=self.store.find_warehouse_cost(ids, own, today.replace(day=1), today),
            replicas=_count_replicas(groups),
            bound=warehouse.max_replicas if len(groups) == len(warehouse.groups) else None,
        )

    def _compose(self, groups: Sequence[ComputeGroup], state: ReportState) -> list[GroupSpend]:
        now = self.now()
        ids = [group.service_id for group in groups]
        figures = self.store.map_figures(ids, oldest_day(now.astimezone(UTC).date()))
        found = []
        for group in groups:
            limits, service = group.definition.limits, group.service
            created_at = service.created_at if service else None
            month = month_of(figures[group.service_id], limits.price, now, created_at)
            rate, uses = rate_of(group.service, limits.price), list_uses(limits, month, now)
            found.append(GroupSpend(group, month, rate, uses, state, now))
        return found

    def _state(self) -> ReportState:
        marks = self.store.map_marks()
        latest, month = marks.get(Span.LATEST, NEVER), marks.get(Span.MONTH, NEVER)
        return ReportState(latest.read_at or month.read_at, latest.error or month.error)


def _count_replicas(groups: Sequence[GroupSpend]) -> int | None:
    services = [it.group.service for it in groups]
    counts = [it.configured.max_replicas for it in services if it and it.configured]
    return sum(counts) if len(counts) == len(services) else None
