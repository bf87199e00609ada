"""Waking a group to check a password: for whom, which one, and how often.

It starts somebody's bill before anybody has proven anything, so it is offered only to names that
have signed in before or that the file of groups names, for the cheapest group, a few times an hour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.access.matrix import all_rules
from app.domain.clock import Moments, recent
from app.domain.groups.catalog import WarehouseDefinition
from app.domain.groups.cost import Price
from app.domain.groups.group import Service
from app.errors import WakeNeeded
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.store.sign_in.records import Attempts, Key, Kind, ThrottleRecords
from app.store.sign_in.throttle import SignInThrottleStore

WAKES_PER_HOUR = 6
"""For each warehouse, whatever processes wake."""

HOUR_SECONDS = 3600.0

UNKNOWN = Decimal("Infinity")


@dataclass(frozen=True)
class WakeRules:
    """Thread-safe. What was woken is counted in the store."""

    trust: KnownAddresses
    store: SignInThrottleStore

    def may_wake(self, warehouse: WarehouseDefinition, user: str) -> bool:
        """Whether this name is known, by its sign-ins or by the file."""
        is_named = any(user in rule.users for rule in all_rules(warehouse))
        return is_named or self.trust.has_signed_in((warehouse.key, user))

    def is_left(self, warehouse: WarehouseDefinition) -> bool:
        """Whether another group of the warehouse may be woken in this hour.

        Raises StoreUnavailable.
        """
        with self.store.reading() as records:
            return len(_wakes(records, _key_of(warehouse))) < WAKES_PER_HOUR

    def take(self, warehouse: WarehouseDefinition) -> bool:
        """Count one waking; False if there were too many. Raises StoreUnavailable."""
        key = _key_of(warehouse)
        with self.store.changing() as records:
            woken_at = _wakes(records, key)
            if len(woken_at) >= WAKES_PER_HOUR:
                return False
            records.put(key, Attempts(moments=(*woken_at, records.now)))
            return True


def _key_of(warehouse: WarehouseDefinition) -> Key:
    return Key(Kind.WAKES, (warehouse.key,))


def _wakes(records: ThrottleRecords, key: Key) -> Moments:
    return recent(records.load(key)[key].moments, records.now, HOUR_SECONDS)


def cheapest(warehouse: WarehouseDefinition, services: Sequence[Service]) -> Service:
    """The service that costs the least in an hour, where all have a size and a price in the same
    currency; otherwise the one with the least memory in all."""
    costs = [_cost_of(warehouse, service) for service in services]
    if None not in costs and len({cost[1] for cost in costs if cost}) == 1:
        return min(zip(costs, services, strict=True), key=lambda pair: pair[0] or ())[1]
    return min(services, key=lambda service: _total_gb(service) or UNKNOWN)


def _cost_of(warehouse: WarehouseDefinition, service: Service) -> tuple[Decimal, str] | None:
    """The hourly cost, not rounded, with its currency; None if not known."""
    total_gb, price = _total_gb(service), _price_of(warehouse, service)
    if total_gb is None or price is None:
        return None
    return total_gb * price.per_unit_hour, price.currency


def wake_needed(warehouse: WarehouseDefinition, service: Service) -> WakeNeeded:
    """The question whether to wake this service, with what it costs where a price is set."""
    names = {group.service_id: group.name for group in warehouse.groups}
    total_gb, price = _total_gb(service), _price_of(warehouse, service)
    return WakeNeeded(
        service_id=service.service_id,
        group_name=names.get(service.service_id, service.cloud_name),
        cost_per_hour=price.per_hour(total_gb) if price and total_gb is not None else None,
        currency=price.currency if price else "",
    )


def _total_gb(service: Service) -> int | None:
    config = service.effective or service.configured
    return config.max_total_gb if config else None


def _price_of(warehouse: WarehouseDefinition, service: Service) -> Price | None:
    prices = {group.service_id: group.limits.price for group in warehouse.groups}
    return prices.get(service.service_id)
