"""Finding groups among many: search, state, order and page, all by query parameters.

A value that is not among the choices counts as not given: an old or mistyped link still shows the
groups.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.domain.groups.states import Tone
from app.domain.paging import PageOf, page_of
from app.services.groups.service import GroupsOverview
from app.web.formatting.sizes import NO_BREAK, show_range
from app.web.groups.ordering import NATURAL, ORDERS, Percents, size_of

LONGEST_SEARCH = 100
ON_A_PAGE = 75
MOST_DIGITS = 4
EN_DASH = "\N{EN DASH}"

STATES = {
    Tone.UP: "Running",
    Tone.MOVING: "Changing",
    Tone.RESTING: "Idle",
    Tone.OFF: "Off",
    Tone.TROUBLE: "Needs attention",
}
"""What can be asked for, by how a state is shown; every state belongs to one of these."""


@dataclass(frozen=True)
class GroupFilter:
    """What somebody looks for. `reverse` is not empty for the other direction of the order."""

    q: str = ""
    warehouse: str = ""
    state: str = ""
    sort: str = ""
    reverse: str = ""
    page: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether groups may be left out."""
        return bool(self.q or self.warehouse or self.state)

    def query(self, **changes: str) -> dict[str, str]:
        """The parameters that ask for this, with some of them changed; empty ones are left out.
        Whatever else is asked for begins at its first page."""
        asked = replace(self, **({"page": ""} | changes)) if changes else self
        return {name: value for name, value in vars(asked).items() if value}

    def finds(self, group: ComputeGroup) -> bool:
        """Whether it is among what is looked for: every word stands in what is said of it."""
        return (
            all(word in _text_of(group) for word in self.q.casefold().split())
            and self.warehouse in {"", group.definition.warehouse}
            and self.state in {"", group.state.spec.tone}
        )


def _text_of(group: ComputeGroup) -> str:
    about = group.definition.about
    said = (group.name, group.state.spec.label, about.description, about.owner, *group.tags)
    return " ".join((*said, group.service_id)).casefold()


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


FoundPage = PageOf[tuple[int, ComputeGroup]]
"""Groups that were found, each with the place of its section."""


def parse_filter(arguments: Mapping[str, str], warehouses: Iterable[str]) -> GroupFilter:
    """What the parameters of an address ask for."""
    page = arguments.get("page", "")
    is_number = page.isascii() and page.isdecimal() and len(page) <= MOST_DIGITS
    return GroupFilter(
        q=" ".join(arguments.get("q", "").split())[:LONGEST_SEARCH],
        warehouse=_one_of(arguments.get("warehouse", ""), warehouses),
        state=_one_of(arguments.get("state", ""), STATES),
        sort=_one_of(arguments.get("sort", ""), ORDERS),
        reverse=_one_of(arguments.get("reverse", ""), ("1",)),
        page=page if is_number and int(page) > 1 else "",
    )


def filter_groups(
    overview: GroupsOverview,
    wanted: GroupFilter,
    percents: Percents,
    favourites: Collection[str] = (),
) -> list[WarehouseSection]:
    """The warehouses in which something was found. `percents` is how full each group's memory was;
    favourites come first where no other order is asked for."""
    sections = [
        WarehouseSection(
            warehouse, groups, _order(filter(wanted.finds, groups), wanted, percents, favourites)
        )
        for warehouse, groups in overview.by_warehouse
    ]
    return [section for section in sections if section.found]


def _order(
    groups: Iterable[ComputeGroup],
    wanted: GroupFilter,
    percents: Percents,
    favourites: Collection[str],
) -> list[ComputeGroup]:
    order = ORDERS[wanted.sort]
    found = order.sort(groups, percents, is_reversed=bool(wanted.reverse))
    if wanted.sort == NATURAL:
        found.sort(key=lambda group: group.service_id not in favourites)
    return found


def cut_page(
    sections: Sequence[WarehouseSection], wanted: GroupFilter
) -> tuple[list[WarehouseSection], FoundPage]:
    """What of the sections stands on the page that is asked for, and that page of all of them."""
    found = [(place, group) for place, section in enumerate(sections) for group in section.found]
    page = page_of(found, wanted.page, ON_A_PAGE)
    cut = [
        replace(sections[place], found=[group for _, group in items])
        for place, items in groupby(page.items, key=itemgetter(0))
    ]
    return cut, page


def is_resizing(group: ComputeGroup) -> bool:
    """Whether another size is configured than the one in effect, and no schedule is the cause."""
    service = group.service
    if service is None or service.active_entry or not service.effective or not service.configured:
        return False
    return _totals(service.effective) != _totals(service.configured)


def _totals(size: ScalingConfig) -> tuple[int, int]:
    return size.min_total_gb, size.max_total_gb


def _one_of(value: str, choices: Iterable[str]) -> str:
    return value if value in choices else ""
