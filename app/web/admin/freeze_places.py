"""The places where changes can be frozen, to choose from."""

from collections.abc import Iterable

from app.domain.groups.catalog import WarehouseDefinition
from app.services.admin.access_report import in_natural_order


def list_freeze_places(warehouses: Iterable[WarehouseDefinition]) -> list[tuple[str, str]]:
    """The value and the words of each: everything, then each warehouse with its groups."""
    places = [("", "Everywhere")]
    for item in warehouses:
        places.append((f"warehouse:{item.key}", f"Warehouse {item.name}"))
        groups = in_natural_order(item.groups)
        places += [(f"group:{it.service_id}", f"{item.name}: {it.name}") for it in groups]
    return places
