"""What the page of all groups shows, gathered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from app.domain.access.permissions import Identity
from app.domain.changes.actions import Action
from app.domain.changes.available_actions import ActionLists, AvailableAction
from app.domain.changes.change import Change
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.pages.overview import OverviewDetails
from app.services.portal import Portal
from app.web.formatting.costs import show_money
from app.web.groups.filtering import (
    EN_DASH,
    STATES,
    FoundPage,
    GroupFilter,
    WarehouseSection,
    cut_page,
    filter_groups,
    is_resizing,
    parse_filter,
)
from app.web.groups.ordering import aria_sort, cost_of, size_of

Hours = tuple[int | None, ...]
"""The fullest memory of each hour of the last day, in percent; None: it did not work."""


@dataclass(frozen=True)
class RowLoad:
    """The fullest memory of the last day in percent, None if nothing is known, and its drawing."""

    percent: int | None = None
    path: str = ""


NO_LOAD = RowLoad()
SPARK_HEIGHT, HOUR_WIDTH = 18, 3
"""In pixels, as the stylesheet has them."""

NONE = EN_DASH
MOST_TAGS = 3
"""The page of the group has all of them."""


@dataclass(frozen=True)
class IndexPage:
    """The groups of one person, and what of them was looked for; `actions` are those of the groups
    on the page, by service."""

    details: OverviewDetails
    wanted: GroupFilter
    favourites: frozenset[str]
    sections: Sequence[WarehouseSection]
    found: FoundPage
    actions: Mapping[str, ActionLists]

    @property
    def warehouses(self) -> list[tuple[str, str]]:
        """Key and name of each warehouse there is to choose."""
        by_warehouse = self.details.overview.by_warehouse
        return [(warehouse.key, warehouse.name) for warehouse, _ in by_warehouse]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many groups are in each kind of state, whatever is looked for."""
        groups = [group for _, members in self.details.overview.by_warehouse for group in members]
        return Counter(group.state.spec.tone for group in groups)

    @property
    def tones(self) -> list[tuple[str, str]]:
        """The kinds of state to choose from: those that occur, and the chosen one."""
        chosen = self.wanted.state
        return [item for item in STATES.items() if self.counts[item[0]] or item[0] == chosen]

    @property
    def pages(self) -> list[tuple[int, dict[str, str]]]:
        """Number and parameters of each page; none where there is but one."""
        numbers = range(1, self.found.count + 1) if self.found.count > 1 else ()
        return [(n, self.wanted.query(page=str(n) if n > 1 else "")) for n in numbers]

    def replicas_of(self, section: WarehouseSection) -> str:
        """How many replicas the warehouse has of those that it may have; empty without a bound."""
        most = section.warehouse.max_replicas
        count = self.details.replicas.get(section.warehouse.key)
        return f" · {count} of at most {most} replicas" if most and count is not None else ""

    def heading_of(self, sort: str) -> tuple[dict[str, str], str]:
        """The parameters that a column's heading leads to, and its aria-sort if it is in force."""
        if sort != self.wanted.sort:
            return self.wanted.query(sort=sort, reverse=""), ""
        is_reversed = bool(self.wanted.reverse)
        turned = self.wanted.query(reverse="" if is_reversed else "1")
        return turned, aria_sort(sort, is_reversed=is_reversed)

    def row_of(self, group: ComputeGroup) -> "GroupRow":
        """The row of one of the groups on the page."""
        key = group.service_id
        boost = self.details.boosts.get(key)
        return GroupRow(
            group=group,
            boost_until=boost.ends_at if boost else None,
            load=load_of(self.details.hours.get(key, ())),
            actions=self.actions[key],
            in_flight=self.details.in_flight.get(key),
            is_favourite=key in self.favourites,
        )


@dataclass(frozen=True)
class GroupRow:
    """One group in the table: all that its row is drawn from."""

    group: ComputeGroup
    boost_until: datetime | None
    load: RowLoad
    actions: ActionLists
    in_flight: Change | None
    is_favourite: bool

    @property
    def size(self) -> ScalingConfig | None:
        """The size in effect; None if it is not known, and `note` stands in for it."""
        return size_of(self.group)

    @property
    def new_size(self) -> ScalingConfig | None:
        """The size on its way."""
        service = self.group.service
        return service.configured if service and is_resizing(self.group) else None

    @property
    def labels(self) -> list[str]:
        """What kind of service it is, and the first of its tags."""
        service = self.group.service
        kinds = {
            "primary": service is not None and service.is_primary,
            "read-only": service is not None and service.is_readonly,
        }
        return [*(kind for kind, is_so in kinds.items() if is_so), *self.group.tags[:MOST_TAGS]]

    @property
    def said(self) -> str:
        """What its owners say of it: what it is for, and who answers for it."""
        about = self.group.definition.about
        return " · ".join(filter(None, (about.description, about.owner)))

    @property
    def cost(self) -> str:
        """What it costs an hour now; a dash if that is not known."""
        cost, price = cost_of(self.group), self.group.definition.limits.price
        if cost is None or price is None:
            return NONE
        return EN_DASH.join(dict.fromkeys(show_money(amount, price) for amount in cost))

    @property
    def note(self) -> str:
        """Why there is no size."""
        return "Size unknown." if self.group.service else "Not visible to the portal at the moment."

    @property
    def closed(self) -> tuple[AvailableAction, ...]:
        """What the person could do at another time, but for what its state rules out anyway."""
        disabled = self.actions.disabled
        if self.actions.common_reason and not self.actions.enabled:
            return disabled
        return tuple(item for item in disabled if item.action is Action.SCALE)


def load_of(hours: Hours) -> RowLoad:
    """The load of one group in its row."""
    fullest = _fullest(hours)
    if fullest is None:
        return NO_LOAD
    return RowLoad(fullest, _path(hours))


def _fullest(hours: Hours) -> int | None:
    return max((share for share in hours if share is not None), default=None)


def _path(hours: Hours) -> str:
    """A short one, since there are many rows."""
    path, last = "", None
    for place, share in enumerate(hours):
        height = None if share is None else round(SPARK_HEIGHT * (1 - share / 100))
        if height is not None:
            step = "" if last is None else f"l{HOUR_WIDTH} {height - last}"
            path += step or f"M{place * HOUR_WIDTH} {height}h1m-1 0"
        last = height
    return path


def build_index(portal: Portal, identity: Identity, arguments: Mapping[str, str]) -> IndexPage:
    """Gather the page of all groups."""
    pages = portal.overview_pages
    details = pages.show(identity)
    wanted = parse_filter(arguments, [item.key for item, _ in details.overview.by_warehouse])
    list_actions = partial(pages.list_actions, details)
    favourites = pages.favourites.list_of(identity)
    return compose_index(details, wanted, list_actions, favourites)


def compose_index(
    details: OverviewDetails,
    wanted: GroupFilter,
    list_actions: Callable[[Sequence[ComputeGroup]], Mapping[str, ActionLists]],
    favourites: frozenset[str] = frozenset(),
) -> IndexPage:
    """What the page shows of it; actions are asked for only of the groups that are on it."""
    percents = {key: most for key, hours in details.hours.items() if (most := _fullest(hours))}
    matching = filter_groups(details.overview, wanted, percents, favourites)
    sections, found = cut_page(matching, wanted)
    return IndexPage(
        details=details,
        wanted=wanted,
        favourites=favourites,
        sections=sections,
        found=found,
        actions=list_actions([group for section in sections for group in section.found]),
    )
