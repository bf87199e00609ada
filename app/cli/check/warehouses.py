"""Whether the warehouses of the file are those of ClickHouse Cloud, and can check passwords."""

from collections import Counter
from collections.abc import Iterator, Mapping

from app.domain.groups.catalog import Catalog, WarehouseDefinition
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState

Services = Mapping[str, Service]
"""What Cloud lists, by id."""


def find_faults(catalog: Catalog, services: Services) -> Iterator[str]:
    """What is wrong, in words. Services that the key cannot see are not looked at."""
    for warehouse in catalog.warehouses:
        listed = [services[key] for key in _ids_of(warehouse) if key in services]
        if not listed:
            continue
        yield from _strangers(warehouse, listed)
        if warehouse.local_user is None and (words := _why_unchecked(listed)):
            yield f"{warehouse.name}: {words}, so nobody can sign in."


def _ids_of(warehouse: WarehouseDefinition) -> list[str]:
    ids = [warehouse.sign_in_service_id or "", *(item.service_id for item in warehouse.groups)]
    return list(dict.fromkeys(ids))


def _strangers(warehouse: WarehouseDefinition, listed: list[Service]) -> Iterator[str]:
    """Services over other data than most: a name and password there may be somebody else's."""
    counts = Counter(item.particulars.warehouse_id for item in listed)
    counts.pop("", None)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    for item in listed:
        if item.particulars.warehouse_id not in {usual, ""}:
            yield (
                f"{item.cloud_name} ({item.service_id}) stands under {warehouse.name}, but at "
                "ClickHouse Cloud it belongs to another warehouse, with users of its own. "
                "List it under a warehouse of its own."
            )


def _why_unchecked(listed: list[Service]) -> str:
    """Why no service can check a password now; empty if one can, or can be woken to."""
    with_endpoint = [item for item in listed if item.https_endpoint]
    if not with_endpoint:
        return "ClickHouse Cloud names no HTTPS endpoint of its services"
    if not any(_can_check(item.state) for item in with_endpoint):
        return "none of its services is running or idle"
    return ""


def _can_check(state: ServiceState) -> bool:
    spec = state.spec
    return spec.is_reachable or spec.is_on_its_way or state is ServiceState.IDLE
