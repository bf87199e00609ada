"""How large the sandbox's world is: the services named in it, and as many more as are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.sandbox.cloud.service.service import Service
from app.sandbox.world import (
    CREATED_AT,
    FURTHER_USERS,
    USERS,
    WAREHOUSES,
    User,
    describe_endpoints,
    make_service,
    named_services,
)

MOST_WAREHOUSES, MOST_SERVICES = 20, 50


@dataclass(frozen=True)
class Extent:
    """So many warehouses, and at least so many services in each of them.

    Those named in the world are always there.
    """

    warehouses: int = len(WAREHOUSES)
    services: int = 1

    def list_warehouses(self) -> dict[str, str]:
        """The names of all warehouses by their id."""
        further = range(len(WAREHOUSES) + 1, self.warehouses + 1)
        return WAREHOUSES | {_warehouse_id(number): f"Team {number}" for number in further}

    def list_services(self) -> list[Service]:
        """All services anew, as they are when the sandbox starts."""
        made = named_services()
        for position, (warehouse_id, name) in enumerate(self.list_warehouses().items(), 1):
            present = sum(service.warehouse_id == warehouse_id for service in made)
            for number in range(present + 1, self.services + 1):
                made.append(_further_service(position, warehouse_id, name, number))
        return made

    @property
    def service_count(self) -> int:
        """How many services there are, each with a port of its own."""
        return len(self.list_services())


def place_services(extent: Extent, ports: Sequence[int], host: str, now: float) -> list[Service]:
    """All services, each with its endpoints at one of the ports."""
    made = extent.list_services()
    for service, port in zip(made, ports, strict=True):
        service.fields["endpoints"] = describe_endpoints(host, port)
        service.last_touched_at = now
    return made


def users_of(warehouse_id: str) -> tuple[User, ...]:
    """Who can log in at the services of a warehouse."""
    return USERS.get(warehouse_id, FURTHER_USERS)


def _warehouse_id(number: int) -> str:
    return f"0b000000-0000-4000-8000-{number:012d}"


def _further_service(position: int, warehouse_id: str, name: str, number: int) -> Service:
    return make_service(
        service_id=f"0c000000-0000-4000-8000-{position:06d}{number:06d}",
        warehouse_id=warehouse_id,
        name=f"{name} primary" if number == 1 else f"{name} group {number:02d}",
        is_primary=number == 1,
        created_at=CREATED_AT + number * 86_400,
    )
