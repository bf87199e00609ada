"""The rules about a change of size: one judgement, for its draft and again when it is sent."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.cloud.snapshot import Snapshot
from app.domain.changes.change import Change
from app.domain.changes.rate import check_rate
from app.domain.changes.replica_room import ReplicaRoom
from app.domain.changes.rules import REPLICA_FIELDS, check_request, in_order, is_any_of
from app.domain.changes.scaling_request import ScalingRequest
from app.domain.groups.catalog import GroupDefinition, WarehouseDefinition
from app.domain.groups.group import Service
from app.domain.groups.limits import MINUTES_PER_WEEK, Limits
from app.domain.groups.scaling import ScalingConfig, ScalingMode
from app.domain.messages import problem
from app.errors import BrokenRules, NotFound, NotPossible, Problem
from app.services.access.policy import Policy
from app.services.spend.budgets import Budgets
from app.store.changes import ChangeStore

LONGEST_COOLDOWN = timedelta(minutes=MINUTES_PER_WEEK)
"""How far back changes are looked at for the rules of rate: as far as a cooldown can be set."""

LISTING_LAG = timedelta(minutes=1)
"""How long an accepted change counts besides what Cloud lists, which another process may have
read before it."""


@dataclass(frozen=True)
class ScalingRules:
    """The limits of the group, its rate and budget, and the bound on all replicas of its warehouse.

    A draft is judged so that what cannot be is said at once. What decides is the same judgement
    after the claim: of two changes that would pass the bound together, at least the later one sees
    the other in flight. The other groups' sizes are those of the common view, seconds old: what
    the portal has changed since then is in the ledger.
    """

    policy: Policy
    snapshot: Snapshot
    changes: ChangeStore
    budgets: Budgets
    now: Callable[[], datetime]

    def check(
        self, change: Change, request: ScalingRequest, more: tuple[Problem, ...] = ()
    ) -> None:
        """Raises BrokenRules with every broken rule, also with `more` that were found elsewhere,
        NotFound, NotPossible, CloudError, StoreUnavailable."""
        if broken := self.list_all_broken(change, request, more):
            raise BrokenRules(broken)

    def list_all_broken(
        self,
        change: Change,
        request: ScalingRequest,
        more: tuple[Problem, ...] = (),
        faulty: Collection[str] = (),
    ) -> tuple[Problem, ...]:
        """Every broken rule, those of rate and budget too; raises as `list_broken`."""
        rate = self._check_rate(change, self._limits_of(change))
        budget = self._check_budget(change)
        return (*self.list_broken(change, request, more, faulty), *budget, *rate)

    def list_broken(
        self,
        change: Change,
        request: ScalingRequest,
        more: tuple[Problem, ...] = (),
        faulty: Collection[str] = (),
    ) -> tuple[Problem, ...]:
        """The broken rules but those of rate and budget, which depend on when it is made. Fields
        that are `faulty` by themselves are judged no further.

        Raises NotFound, NotPossible, CloudError, StoreUnavailable.
        """
        warehouse = self.policy.catalog.find_warehouse(change.warehouse)
        before, target, limits = change.before, change.target, self._limits_of(change)
        if warehouse is None or before is None or target is None:
            raise NotFound
        found = (*check_request(request, before, limits, faulty), *more)
        broken = tuple(dict.fromkeys(item for item in found if item.field not in faulty))
        # A sum with a figure that is wrong by itself would only confuse.
        if is_any_of(REPLICA_FIELDS, broken, faulty):
            return broken
        return in_order((*broken, *self._check_replicas(change, target, warehouse)))

    def find_room(self, service_id: str) -> ReplicaRoom | None:
        """What the warehouse's bound leaves to a group; None where there is no bound.

        Raises StoreUnavailable.
        """
        definition = self.policy.catalog.find_group(service_id)
        warehouse = definition and self.policy.catalog.find_warehouse(definition.warehouse)
        if not warehouse or warehouse.max_replicas is None:
            return None
        try:
            known = self.snapshot.view().services
            others = self._other_replicas(service_id, warehouse, known)
        except NotPossible:
            return ReplicaRoom(warehouse.max_replicas, None)
        return ReplicaRoom(warehouse.max_replicas, others)

    def find_obstacle(self, service_id: str, before: ScalingConfig, target: ScalingConfig) -> str:
        """Why a group cannot grow to a size that its own limits allow: the bound of its warehouse
        or a budget; empty where neither is in the way. Raises StoreUnavailable."""
        room = self.find_room(service_id)
        refusal = room.refusal(before, target.max_replicas) if room else ""
        if refusal or not self.budgets.check_growth(service_id, before, target):
            return refusal
        return self.budgets.find_words(service_id)

    def get_definition(self, service_id: str) -> GroupDefinition:
        """The group as the rules describe it now, by the tags that were read last. Raises
        NotFound."""
        definition = self.policy.catalog.find_group(service_id)
        if definition is None:
            raise NotFound
        return definition

    def _limits_of(self, change: Change) -> Limits:
        limits = self.get_definition(change.service_id).limits
        return limits.for_boost() if change.is_boost else limits

    def _check_rate(self, change: Change, limits: Limits) -> tuple[Problem, ...]:
        if not change.patch:
            return ()
        earlier = self.changes.list_since(change.service_id, self.now() - LONGEST_COOLDOWN)
        return check_rate(change, earlier, limits, self.now())

    def _check_budget(self, change: Change) -> tuple[Problem, ...]:
        """A budget that is spent lets nothing grow, for a while or for good."""
        if change.before is None or change.target is None:
            return ()
        return self.budgets.check_growth(change.service_id, change.before, change.target)

    def _check_replicas(
        self, change: Change, target: ScalingConfig, warehouse: WarehouseDefinition
    ) -> tuple[Problem, ...]:
        """All groups of the warehouse together stay within its bound, or shrink towards it.

        The other groups' sizes are those of the common view, seconds old: what the portal has
        changed since then is in the ledger.
        """
        is_growing = change.before is None or target.max_replicas > change.before.max_replicas
        if warehouse.max_replicas is None or not is_growing:
            return ()
        others = self._other_replicas(change.service_id, warehouse, self.snapshot.get_services())
        if others + target.max_replicas <= warehouse.max_replicas:
            return ()
        field = "num_replicas" if target.mode is ScalingMode.VERTICAL else "max_replicas"
        figures = {"most": warehouse.max_replicas, "others": others}
        return (problem(field, "warehouse_replicas", **figures),)

    def _other_replicas(
        self, service_id: str, warehouse: WarehouseDefinition, services: Mapping[str, Service]
    ) -> int:
        ids = [item.service_id for item in warehouse.groups if item.service_id != service_id]
        counts = {key: _replicas_of(services.get(key)) for key in ids}
        for other in self.changes.list_replica_claims(ids, self.now() - LISTING_LAG):
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
    # More than configured are in effect while a schedule of Cloud's says so.
    in_effect = service.effective.max_replicas if service.effective else 0
    return max(service.configured.max_replicas, in_effect)
