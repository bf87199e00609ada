"""Finding groups among many: search, state and order, all by query parameters.

A value that is not among the choices counts as not given: an old or mistyped link still shows the
groups.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import Tone
from app.services.groups.service import GroupsOverview
from app.web.formatting.sizes import NO_BREAK, show_range

LONGEST_SEARCH = 100
EN_DASH = "\N{EN DASH}"

STATES = {
    Tone.UP: "Running",
    Tone.MOVING: "Changing",
    Tone.RESTING: "Idle",
    Tone.OFF: "Off",
    Tone.TROUBLE: "Needs attention",
}
"""What can be asked for, by how a state is shown; every state belongs to one of these."""

URGENCY = (Tone.TROUBLE, Tone.MOVING, Tone.UP, Tone.RESTING, Tone.OFF)

ORDERS: dict[str, tuple[str, Callable[[ComputeGroup], object]]] = {
    "": ("Default order", lambda _: 0),
    "name": ("Name", lambda group: group.name.casefold()),
    "state": ("State", lambda group: URGENCY.index(group.state.spec.tone)),
    "size": ("Size, largest first", lambda group: -_most_gb(group)),
}
"""Value -> words and key; the usual order is that of the file of groups."""


@dataclass(frozen=True)
class GroupFilter:
    """What somebody looks for."""

    q: str = ""
    warehouse: str = ""
    state: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether groups may be left out."""
        return bool(self.q or self.warehouse or self.state)

    def query(self, **changes: str) -> dict[str, str]:
        """The parameters that ask for this, with some of them changed; empty ones are left out."""
        return {name: value for name, value in vars(replace(self, **changes)).items() if value}

    def finds(self, group: ComputeGroup) -> bool:
        """Whether the group is among what is looked for: every word stands in its name or state."""
        text = f"{group.name} {group.state.spec.label} {group.service_id}".casefold()
        return (
            all(word in text for word in self.q.casefold().split())
            and self.warehouse in {"", group.definition.warehouse}
            and self.state in {"", group.state.spec.tone}
        )


@dataclass(frozen=True)
class WarehouseSection:
    """One warehouse: all its groups for the figures, and those that were found, in order."""

    warehouse: WarehouseDefinition
    groups: Sequence[ComputeGroup]
    found: Sequence[ComputeGroup]

    @property
    def running(self) -> list[ComputeGroup]:
        """The groups that answer queries, and so cost compute."""
        return [group for group in self.groups if group.state.spec.is_reachable]

    @property
    def running_gb(self) -> tuple[int, int]:
        """The least and the most memory in GB that the running groups have together."""
        sizes = [size for group in self.running if (size := size_of(group))]
        return sum(size.min_total_gb for size in sizes), sum(size.max_total_gb for size in sizes)

    @property
    def headline(self) -> str:
        """How many groups run, and the memory that they have together."""
        text = f"{len(self.running)} of {len(self.groups)} running"
        if not self.running:
            return text
        return f"{text} · {show_range(*self.running_gb, between=EN_DASH)}{NO_BREAK}GB total"


def parse_filter(arguments: Mapping[str, str], warehouses: Iterable[str]) -> GroupFilter:
    """What the parameters of an address ask for."""
    return GroupFilter(
        q=" ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
        warehouse=_one_of(arguments.get("warehouse", ""), warehouses),
        state=_one_of(arguments.get("state", ""), STATES),
        sort=_one_of(arguments.get("sort", ""), ORDERS),
    )


def filter_groups(overview: GroupsOverview, wanted: GroupFilter) -> list[WarehouseSection]:
    """The warehouses in which something was found."""
    key = ORDERS[wanted.sort][1]
    sections = [
        WarehouseSection(warehouse, groups, sorted(filter(wanted.finds, groups), key=key))  # type: ignore[arg-type] # each key gives comparable values
        for warehouse, groups in overview.by_warehouse
    ]
    return [section for section in sections if section.found]


def size_of(group: ComputeGroup) -> ScalingConfig | None:
    """The size in effect, or what is configured; None if Cloud says neither."""
    service = group.service
    return (service.effective or service.configured) if service else None


def is_resizing(group: ComputeGroup) -> bool:
    """Whether another size is configured than the one in effect, and no schedule is the cause."""
    service = group.service
    if service is None or service.active_entry or not service.effective or not service.configured:
        return False
    now, then = service.effective, service.configured
    return (now.min_total_gb, now.max_total_gb) != (then.min_total_gb, then.max_total_gb)


def _most_gb(group: ComputeGroup) -> int:
    size = size_of(group)
    return size.max_total_gb if size else 0


def _one_of(value: str, choices: Iterable[str]) -> str:
    return value if value in choices else ""
