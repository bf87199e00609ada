"""What the page of all groups shows, gathered."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.groups.group import ComputeGroup
from app.domain.groups.scaling import ScalingConfig
from app.services.groups.service import GroupsOverview
from app.services.portal import Portal
from app.web.formatting.sizes import show_idle_timeout
from app.web.groups.filtering import (
    STATES,
    GroupFilter,
    WarehouseSection,
    filter_groups,
    is_resizing,
    parse_filter,
    size_of,
)

Hours = tuple[int | None, ...]
"""The fullest memory of each hour of the last day, in percent; None: it did not work."""


@dataclass(frozen=True)
class RowLoad:
    """The fullest memory of the last day in percent, None if nothing is known, and its drawing."""

    percent: int | None = None
    path: str = ""


NO_LOAD = RowLoad()
MOST_DRAWN = 100
"""With more groups on the page the figures stand alone: it must stay light."""

SPARK_HEIGHT, HOUR_WIDTH = 18, 3
"""In pixels, as the stylesheet has them."""

NONE = "\N{EN DASH}"


@dataclass(frozen=True)
class IndexPage:
    """The groups of one person, and what of them was looked for; `hours` by service."""

    overview: GroupsOverview
    wanted: GroupFilter
    hours: Mapping[str, Hours]
    boosts: Mapping[str, Boost]

    @property
    def sections(self) -> list[WarehouseSection]:
        """What was found, by warehouse."""
        return filter_groups(self.overview, self.wanted)

    @property
    def found_count(self) -> int:
        """How many groups were found."""
        return sum(len(section.found) for section in self.sections)

    @property
    def warehouses(self) -> list[tuple[str, str]]:
        """Key and name of each warehouse there is to choose."""
        return [(warehouse.key, warehouse.name) for warehouse, _ in self.overview.by_warehouse]

    @property
    def counts(self) -> Counter[str]:
        """How many groups are in each kind of state, whatever is looked for."""
        groups = [group for _, members in self.overview.by_warehouse for group in members]
        return Counter(group.state.spec.tone for group in groups)

    @property
    def loads(self) -> Mapping[str, RowLoad]:
        """The load of each group, by service."""
        is_drawn = self.counts.total() <= MOST_DRAWN
        return {key: load_of(hours, is_drawn=is_drawn) for key, hours in self.hours.items()}

    @property
    def tones(self) -> list[tuple[str, str]]:
        """The kinds of state to choose from: those that occur, and the chosen one."""
        chosen = self.wanted.state
        return [item for item in STATES.items() if self.counts[item[0]] or item[0] == chosen]


@dataclass(frozen=True)
class GroupRow:
    """One group in the table; `note` stands in for a size that is not known."""

    group: ComputeGroup
    size: ScalingConfig | None
    new_size: ScalingConfig | None
    is_readonly: bool
    boost_until: datetime | None
    load: RowLoad

    @property
    def idle_timeout(self) -> str:
        """After how long it idles; a dash if the size is unknown or the group no longer exists."""
        if self.size is None or self.group.state.spec.is_over:
            return NONE
        return show_idle_timeout(self.size)

    @property
    def note(self) -> str:
        """Why there is no size."""
        return "Size unknown." if self.group.service else "Not visible to the portal at the moment."


def row_of(group: ComputeGroup, load: RowLoad, boost: Boost | None) -> GroupRow:
    """The row of one group, with its boost that has not ended."""
    service = group.service
    return GroupRow(
        group=group,
        size=size_of(group),
        new_size=service.configured if service and is_resizing(group) else None,
        is_readonly=bool(service and service.is_readonly),
        boost_until=boost.ends_at if boost else None,
        load=load,
    )


def load_of(hours: Hours, *, is_drawn: bool) -> RowLoad:
    """The load of one group in its row."""
    known = [share for share in hours if share is not None]
    if not known:
        return NO_LOAD
    return RowLoad(max(known), _path(hours) if is_drawn else "")


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
    overview = portal.groups.list_groups(identity)
    keys = [warehouse.key for warehouse, _ in overview.by_warehouse]
    boosts, hours = portal.boosts.map_current(identity), portal.load.map_hours()
    return IndexPage(overview, parse_filter(arguments, keys), hours, boosts)
