"""Looking at compute groups: what a person may see, and what Cloud says about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot, View
from app.domain.access import Identity, Permission
from app.domain.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.changes import Change
from app.domain.groups import ComputeGroup
from app.errors import CloudError, NotAllowed, NotFound
from app.store.changes import ChangeStore

RECENT_CHANGES = 10


@dataclass(frozen=True)
class Freshness:
    """How old what is shown is, and why it is older than usual, if it is."""

    taken_at: datetime | None
    age_seconds: float | None
    error: CloudError | None


@dataclass(frozen=True)
class GroupsOverview:
    """The groups of one person, by warehouse."""

    by_warehouse: tuple[tuple[WarehouseDefinition, tuple[ComputeGroup, ...]], ...]
    freshness: Freshness


@dataclass(frozen=True)
class Groups:
    """The use cases of looking. Nothing here wakes or changes a service."""

    catalog: Catalog
    contact: str
    snapshot: Snapshot
    changes: ChangeStore
    now: Callable[[], datetime]

    def list_groups(self, identity: Identity) -> GroupsOverview:
        """Every group that the person may see."""
        view = self.snapshot.view()
        by_warehouse = []
        for warehouse in self.catalog.warehouses:
            visible = [item for item in warehouse.groups if item.permissions_of(identity)]
            groups = tuple(_compose(item, identity, view) for item in visible)
            if groups:
                by_warehouse.append((warehouse, groups))
        return GroupsOverview(tuple(by_warehouse), self._freshness(view))

    def get_group(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> tuple[ComputeGroup, Freshness]:
        """One group, for somebody with this permission.

        Raises NotFound to anybody who may not even see it, NotAllowed without the permission.
        """
        definition = self.check_permission(identity, service_id, permission)
        view = self.snapshot.view()
        return _compose(definition, identity, view), self._freshness(view)

    def check_permission(
        self, identity: Identity, service_id: str, permission: Permission
    ) -> GroupDefinition:
        """The decision before every act. Raises NotFound or NotAllowed."""
        definition = self.catalog.find_group(service_id)
        if definition is None or not definition.permissions_of(identity):
            raise NotFound
        if permission not in definition.permissions_of(identity):
            raise NotAllowed(
                message=f"You may look at “{definition.name}” but not {permission.value} it.",
                remedy=f"Ask {self.contact} for the permission “{permission.value}”.",
            )
        return definition

    def list_recent_changes(self, identity: Identity, service_id: str) -> Sequence[Change]:
        """The latest changes made through the portal, newest first. Raises NotFound."""
        self.check_permission(identity, service_id, Permission.VIEW)
        return self.changes.list_recent(service_id, most=RECENT_CHANGES)

    def find_change_in_flight(self, identity: Identity, service_id: str) -> Change | None:
        """The change under way, by whomever. Raises NotFound."""
        self.check_permission(identity, service_id, Permission.VIEW)
        return self.changes.find_in_flight(service_id)

    def _freshness(self, view: View) -> Freshness:
        return Freshness(view.taken_at, view.age_seconds(self.now()), view.error)


def _compose(definition: GroupDefinition, identity: Identity, view: View) -> ComputeGroup:
    return ComputeGroup(
        definition=definition,
        service=view.services.get(definition.service_id),
        permissions=definition.permissions_of(identity),
    )
