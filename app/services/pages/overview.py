"""Everything that the page of all groups tells, each fact read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.access.permissions import Identity
from app.domain.boosts.boost import Boost
from app.domain.changes.available_actions import ActionLists
from app.domain.changes.change import Change
from app.domain.changes.group_changes import GroupChanges
from app.domain.groups.group import ComputeGroup
from app.services.boosts.service import Boosts
from app.services.changes.ledger import Ledger
from app.services.groups.favourites import Favourites
from app.services.groups.service import Groups, GroupsOverview
from app.services.load.reports import LoadReports
from app.services.pages.actions import GroupActions


@dataclass(frozen=True)
class OverviewDetails:
    """The groups of one person; the mappings are by service.

    `hours` is how full the memory was in each hour of the last day, in percent. `replicas` is how
    many all groups of a warehouse may have together as they are set now, by warehouse; one of
    which that is not known stands not in it.
    """

    overview: GroupsOverview
    hours: Mapping[str, tuple[int | None, ...]]
    boosts: Mapping[str, Boost]
    in_flight: Mapping[str, Change]
    replicas: Mapping[str, int]


@dataclass(frozen=True)
class OverviewPages:
    """The use cases of looking at all groups. Raises StoreUnavailable."""

    groups: Groups
    ledger: Ledger
    actions: GroupActions
    boosts: Boosts
    load: LoadReports
    favourites: Favourites

    def show(self, identity: Identity) -> OverviewDetails:
        """Every group that the person may see, with what is known of each."""
        overview = self.groups.list_groups(identity)
        return OverviewDetails(
            overview=overview,
            hours=self.load.map_hours(),
            boosts=self.boosts.map_current(identity),
            in_flight=self.ledger.map_in_flight(identity),
            replicas=self.groups.count_replicas(
                item for item, seen in overview.by_warehouse if len(seen) == len(item.groups)
            ),
        )

    def list_actions(
        self, details: OverviewDetails, groups: Iterable[ComputeGroup]
    ) -> dict[str, ActionLists]:
        """What the person can do with some of the groups now, and why not the rest."""
        freshness = details.overview.freshness
        return {
            group.service_id: ActionLists(
                self.actions.list_actions(group, freshness, _changes_of(group, details))
            )
            for group in groups
        }


def _changes_of(group: ComputeGroup, details: OverviewDetails) -> GroupChanges:
    change = details.in_flight.get(group.service_id)
    return GroupChanges((change,) if change else ())
