"""Looking at compute groups: what a person may see, and what Cloud says about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from app.cloud.snapshot import Snapshot, View
from app.domain.access.permissions import Identity, Permission
from app.domain.groups.catalog import GroupDefinition, Presentation, WarehouseDefinition
from app.domain.groups.group import ComputeGroup, Service, may_resize
from app.domain.groups.scaling import ScalingConfig
from app.domain.readings import Freshness
from app.errors import CloudNotFound, NotPossible
from app.services.access.control import Access, ChangeFreeze
from app.services.access.policy import Policy


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
    freeze: ChangeFreeze
    snapshot: Snapshot
    now: Callable[[], datetime]

    @property
    def presentation(self) -> Presentation:
        """How the portal presents itself, as the file of groups says now."""
        return self.policy.catalog.presentation

    def list_groups(self, identity: Identity) -> GroupsOverview:
        """Every group that the person may see."""
        view = self.snapshot.view()
        by_warehouse = []
        for warehouse in self.policy.catalog.warehouses:
            visible = [item for item in warehouse.groups if item.permissions_of(identity)]
            groups = tuple(_compose(item, identity, view) for item in visible)
            if groups:
                by_warehouse.append((warehouse, groups))
        return GroupsOverview(tuple(by_warehouse), view.freshness(self.now()))

    def count_replicas(self, warehouses: Iterable[WarehouseDefinition]) -> dict[str, int]:
        """How many replicas all groups of each warehouse may have together as they are set now, by
        warehouse; one with a group of which that is not known is left out."""
        services = self.snapshot.view().services
        found = {}
        for warehouse in warehouses:
            known = [services.get(item.service_id) for item in warehouse.groups]
            sizes = [item.configured for item in known if item and item.configured]
            if len(sizes) == len(warehouse.groups):
                found[warehouse.key] = sum(size.max_replicas for size in sizes)
        return found

    def get_group(
        self, identity: Identity, service_id: str, permission: Permission = Permission.VIEW
    ) -> tuple[ComputeGroup, Freshness]:
        """One group, for somebody with this permission.

        Raises NotFound to anybody who may not even see it, NotAllowed without the permission.
        """
        definition = self.access.check_permission(identity, service_id, permission)
        view = self.snapshot.view()
        return _compose(definition, identity, view), view.freshness(self.now())

    def get_scalable_group(
        self, identity: Identity, service_id: str
    ) -> tuple[ComputeGroup, ScalingConfig]:
        """A group and what is configured, for somebody who may ask for another size, be it for a
        while. Raises NotFound, NotAllowed, NotPossible."""
        group, _ = self.get_group(identity, service_id)
        if not may_resize(group.permissions):
            self.access.check_permission(identity, service_id, Permission.SCALE)
        obstacle = group.scaling_obstacle
        if obstacle or group.service is None or group.service.configured is None:
            raise NotPossible(
                message=f"“{group.name}” cannot be scaled at the moment.", remedy=obstacle or ""
            )
        return group, group.service.configured

    def open_scale_form(
        self, identity: Identity, service_id: str
    ) -> tuple[ComputeGroup, ScalingConfig]:
        """The same for somebody about to fill in the form. Raises ChangesFrozen, CloudError too."""
        group, freshness = self.get_group(identity, service_id)
        if may_resize(group.permissions):
            freshness.check_recent()
            self.freeze.check_not_frozen(service_id)
        return self.get_scalable_group(identity, service_id)

    def get_service(self, identity: Identity, service_id: str) -> Service:
        """What Cloud says of a group's service at the moment, seconds old at most.

        Raises NotFound, CloudError.
        """
        group, freshness = self.get_group(identity, service_id)
        if freshness.error:
            raise freshness.error.with_traceback(None)
        if group.service is None:
            raise CloudNotFound(
                message="ClickHouse Cloud does not show this service to the portal.",
                request_id=None,
                upstream_status=404,
            )
        return group.service

    def is_last_running(self, service_id: str) -> bool:
        """Whether no other group of the warehouse runs, so that without it nobody can sign in."""
        definition = self.policy.catalog.find_group(service_id)
        warehouse = definition and self.policy.catalog.find_warehouse(definition.warehouse)
        services = self.snapshot.view().services
        others = [item.service_id for item in warehouse.groups] if warehouse else []
        return not any(
            key in services and services[key].state.spec.is_reachable
            for key in others
            if key != service_id
        )


def _compose(definition: GroupDefinition, identity: Identity, view: View) -> ComputeGroup:
    return ComputeGroup(
        definition=definition,
        service=view.services.get(definition.service_id),
        permissions=definition.permissions_of(identity),
    )
