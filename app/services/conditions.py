"""What must hold when a change is sent, judged on what Cloud says at that very moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cloud.client import CloudClient
from app.cloud.snapshot import Snapshot
from app.domain.acts import Act
from app.domain.catalog import GroupDefinition, WarehouseDefinition
from app.domain.changes import Change, is_needless
from app.domain.groups import Service
from app.domain.limits import MINUTES_PER_WEEK
from app.domain.messages import problem
from app.domain.pace import check_pace
from app.domain.requests import request_for
from app.domain.rules import check_request
from app.domain.scaling import ScalingConfig
from app.errors import BrokenRules, ConfigurationChanged, NotFound, NotPossible
from app.services.policy import Policy
from app.store.changes import ChangeStore

LONGEST_PACE = timedelta(minutes=MINUTES_PER_WEEK)
"""How far back changes are looked at for the rules of pace: as far as a rest can be set."""

SETTLING = timedelta(minutes=1)
"""How long an accepted change counts besides what Cloud lists, which another process may have
read before it."""


@dataclass(frozen=True)
class Conditions:
    """Checked between claim and call. Raises CloudError and StoreUnavailable as well."""

    policy: Policy
    client: CloudClient
    snapshot: Snapshot
    changes: ChangeStore
    now: Callable[[], datetime]

    def check(self, change: Change) -> bool:
        """Whether there is something to send; not if it is as asked already.

        Raises NotFound, NotPossible, ConfigurationChanged, BrokenRules.
        """
        definition = self.policy.catalog.find_group(change.service_id)
        warehouse = self.policy.catalog.find_warehouse(change.warehouse)
        if definition is None or warehouse is None:
            raise NotFound
        if change.act is Act.SCALE:
            return self._check_scaling(change, definition, warehouse)
        return self._check_state(change, definition)

    def _check_state(self, change: Change, definition: GroupDefinition) -> bool:
        service = self._read(change.service_id)
        if is_needless(change, service):
            return False
        if service.state not in change.act.facts.begins_in:
            label = service.state.facts.label.lower()
            raise NotPossible(
                message=f"“{definition.name}” is now “{label}”, so nothing was sent.",
                remedy=change.act.facts.elsewhere,
            )
        return True

    def _check_scaling(
        self, change: Change, definition: GroupDefinition, warehouse: WarehouseDefinition
    ) -> bool:
        service = self._read(change.service_id)
        current = scalable_config(service)
        if is_needless(change, service):
            return False
        if current != change.before:
            raise configuration_changed()
        if change.target is None:
            raise NotFound
        request = request_for(change.target, reason=change.reason)
        earlier = self.changes.list_since(change.service_id, self.now() - LONGEST_PACE)
        problems = (
            *check_request(request, current, definition.limits),
            *check_pace(change, earlier, definition.limits, self.now()),
        )
        if problems:
            raise BrokenRules(problems)
        self._check_replicas(change, warehouse)
        return True

    def _read(self, service_id: str) -> Service:
        service = self.client.get_service(service_id)
        self.snapshot.put(service)
        return service

    def _check_replicas(self, change: Change, warehouse: WarehouseDefinition) -> None:
        """All groups of the warehouse together stay within its bound, or shrink towards it.

        Called after the claim: of two changes that would pass the bound together, at least the
        later one sees the other in flight. The other groups' sizes are those of the common view,
        seconds old: what the portal has changed since then is in the ledger.
        """
        before, target = change.before, change.target
        if warehouse.max_replicas is None or before is None or target is None:
            return
        if target.max_replicas <= before.max_replicas:
            return
        others = self._other_replicas(change, warehouse)
        if others + target.max_replicas > warehouse.max_replicas:
            figures = {"most": warehouse.max_replicas, "others": others}
            is_fixed = target.min_replicas == target.max_replicas
            field = "num_replicas" if is_fixed else "max_replicas"
            raise BrokenRules((problem(field, "warehouse_replicas", **figures),))

    def _other_replicas(self, change: Change, warehouse: WarehouseDefinition) -> int:
        services = current_services(self.snapshot)
        ids = [item.service_id for item in warehouse.groups if item.service_id != change.service_id]
        counts = {key: _replicas_of(services.get(key)) for key in ids}
        for other in self.changes.list_replica_claims(ids, self.now() - SETTLING):
            if other.target:
                counts[other.service_id] = max(counts[other.service_id], other.target.max_replicas)
        return sum(counts.values())


def _replicas_of(service: Service | None) -> int:
    # A size that is not known could be any: the bound cannot be kept, so nothing may grow.
    if service is None or service.configured is None:
        raise NotPossible(
            message="Not every group of the warehouse is visible to the portal at the moment.",
            remedy="The bound on their replicas together cannot be checked. Try again later.",
        )
    return service.configured.max_replicas


def current_services(snapshot: Snapshot) -> Mapping[str, Service]:
    """Every service as the common view shows it. Raises CloudError if that cannot be read now."""
    view = snapshot.view(is_waiting=True)
    if view.error:
        raise view.error.with_traceback(None)
    return view.services


def known_service(snapshot: Snapshot, service_id: str) -> Service:
    """One of them. Raises NotPossible if Cloud does not show it, CloudError as above."""
    service = current_services(snapshot).get(service_id)
    if service is None:
        raise NotPossible(
            message="ClickHouse Cloud does not show this group to the portal any more.",
            remedy="Tell whoever runs this portal.",
        )
    return service


def scalable_config(service: Service) -> ScalingConfig:
    """What is configured. Raises NotPossible if the service cannot be scaled."""
    if service.scaling_obstacle or service.configured is None:
        raise NotPossible(
            message="This group cannot be scaled at the moment.",
            remedy=service.scaling_obstacle or "",
        )
    return service.configured


def configuration_changed() -> ConfigurationChanged:
    """Somebody or something changed the configuration meanwhile."""
    return ConfigurationChanged(
        message="The group's configuration has changed since you looked at it.",
        remedy="Compare what it is now with what you asked for, then decide again.",
    )
