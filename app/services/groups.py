"""Looking at compute groups: what a person may see, and what Cloud says about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot, View
from app.domain.access import Identity, Permission
from app.domain.catalog import GroupDefinition, WarehouseDefinition
from app.domain.groups import ComputeGroup
from app.errors import CloudDown, CloudError, CloudKeyRefused
from app.services.access import Access
from app.services.policy import Policy

OLDEST_TO_ACT_SECONDS = 30
"""A view that could not be renewed for longer speaks of the past."""


@dataclass(frozen=True)
class Freshness:
    """How old what is shown is, and why it is older than usual, if it is."""

    taken_at: datetime | None
    age_seconds: float | None
    error: CloudError | None

    @property
    def is_recent(self) -> bool:
        """Whether it says enough about the present to change anything on the strength of it."""
        if self.error is None:
            return True
        is_hopeless = isinstance(self.error, CloudDown | CloudKeyRefused)
        is_old = self.age_seconds is None or self.age_seconds > OLDEST_TO_ACT_SECONDS
        return not (is_hopeless or is_old)

    @property
    def why_closed(self) -> str | None:
        """Why nothing can be changed on the strength of it, in words."""
        if self.is_recent or self.error is None:
            return None
        return f"{self.error.message} Nothing can be changed until it answers as it should."

    def check_recent(self) -> None:
        """Raises CloudError if nothing can be changed on the strength of it."""
        if self.error and not self.is_recent:
            raise self.error.with_traceback(None)


@dataclass(frozen=True)
class GroupsOverview:
    """The groups of one person, by warehouse."""

    by_warehouse: tuple[tuple[WarehouseDefinition, tuple[ComputeGroup, ...]], ...]
    freshness: Freshness


@dataclass(frozen=True)
class Groups:
    """The use cases of looking. Nothing here wakes or changes a service."""

    policy: Policy
    access: Access
    snapshot: Snapshot
    now: Callable[[], datetime]

    def list_groups(self, identity: Identity) -> GroupsOverview:
        """Every group that the person may see."""
        view = self.snapshot.view()
        by_warehouse = []
        for warehouse in self.policy.catalog.warehouses:
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
        definition = self.access.check_permission(identity, service_id, permission)
        view = self.snapshot.view()
        return _compose(definition, identity, view), self._freshness(view)

    def is_last_running(self, service_id: str) -> bool:
        """Whether no other group of the warehouse runs, so that without it nobody can sign in."""
        definition = self.policy.catalog.find_group(service_id)
        warehouse = definition and self.policy.catalog.find_warehouse(definition.warehouse)
        services = self.snapshot.view().services
        others = [item.service_id for item in warehouse.groups] if warehouse else []
        return not any(
            key in services and services[key].state.facts.is_reachable
            for key in others
            if key != service_id
        )

    def _freshness(self, view: View) -> Freshness:
        return Freshness(view.taken_at, view.age_seconds(self.now()), view.error)


def _compose(definition: GroupDefinition, identity: Identity, view: View) -> ComputeGroup:
    return ComputeGroup(
        definition=definition,
        service=view.services.get(definition.service_id),
        permissions=definition.permissions_of(identity),
    )
