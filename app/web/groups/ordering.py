"""The orders in which groups can be shown, by the columns of their table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import Tone
from app.domain.paging import natural_key
from app.domain.spend.rates import rate_of

Percents = Mapping[str, int]
"""How full the memory of a group was at most, by service; one of which nothing is known is not in
it."""

NATURAL = ""
URGENCY = (Tone.TROUBLE, Tone.MOVING, Tone.UP, Tone.RESTING, Tone.OFF)


def size_of(group: ComputeGroup) -> ScalingConfig | None:
    """The size in effect, or what is configured; None if Cloud says neither."""
    service = group.service
    return (service.effective or service.configured) if service else None


def cost_of(group: ComputeGroup) -> tuple[Decimal, Decimal] | None:
    """What the group costs an hour now, at least and at most; None without a price or a size,
    and for one that is deleted or has failed."""
    rate = rate_of(group.service, group.definition.limits.price)
    return None if rate is None or group.state.spec.is_over else (rate.now_least, rate.now_most)


@dataclass(frozen=True)
class Order:
    """One order. `key` takes a group and how full it was in percent, and gives None for one that
    stands last either way. `is_descending`: the largest comes first unless it is reversed."""

    words: str
    key: Callable[[ComputeGroup, int | None], object]
    is_descending: bool = False

    def sort(
        self, groups: Iterable[ComputeGroup], percents: Percents, *, is_reversed: bool
    ) -> list[ComputeGroup]:
        """The groups in this order; equal ones stay as they stand in the file."""
        keyed = [(self.key(item, percents.get(item.service_id)), item) for item in groups]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.is_descending != is_reversed)  # type: ignore[arg-type,return-value] # each key gives comparable values
        return [item for _, item in known] + [item for key, item in keyed if key is None]


def _size(group: ComputeGroup, _: int | None) -> int | None:
    size = size_of(group)
    return size.max_total_gb if size else None


def _replicas(group: ComputeGroup, _: int | None) -> int | None:
    size = size_of(group)
    return size.max_replicas if size else None


def _cost(group: ComputeGroup, _: int | None) -> Decimal | None:
    cost = cost_of(group)
    return cost[1] if cost else None


ORDERS: dict[str, Order] = {
    NATURAL: Order("Default", lambda *_: 0),
    "name": Order("Name", lambda group, _: natural_key(group.name)),
    "state": Order("State", lambda group, _: URGENCY.index(group.state.spec.tone)),
    "size": Order("Size, largest first", _size, is_descending=True),
    "replicas": Order("Replicas, most first", _replicas, is_descending=True),
    "cost": Order("Cost, highest first", _cost, is_descending=True),
    "load": Order("Memory use, highest first", lambda _, percent: percent, is_descending=True),
}
"""Value -> order; the natural one is that of the file of groups."""

COLUMNS = {
    "name": "Group",
    "state": "State",
    "size": "Total memory",
    "replicas": "Replicas",
    "cost": "Cost per hour now",
    "load": "Memory use, 24\N{NO-BREAK SPACE}h",
}
"""The columns that the table can be ordered by."""


def aria_sort(sort: str, *, is_reversed: bool) -> str:
    """How a column stands that the table is ordered by, as aria-sort says it."""
    return "descending" if ORDERS[sort].is_descending != is_reversed else "ascending"
