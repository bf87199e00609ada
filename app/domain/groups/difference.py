"""How the file of groups differs from what ClickHouse Cloud lists."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition
from app.domain.groups.group import Service
from app.domain.groups.states import ServiceState

DELETED = {
    ServiceState.TERMINATING,
    ServiceState.TERMINATED,
    ServiceState.SOFTDELETING,
    ServiceState.SOFTDELETED,
}


@dataclass(frozen=True)
class Missing:
    """A service that Cloud lists and the file does not name; `warehouse` is the one it belongs to,
    by the services that the file names already, None if it names none of them.
    """

    service: Service
    warehouse: WarehouseDefinition | None


@dataclass(frozen=True)
class Renamed:
    """A group that has another name in the file than at Cloud, which may be meant."""

    group: GroupDefinition
    cloud_name: str


@dataclass(frozen=True)
class Difference:
    """`gone` are groups of the file that Cloud does not list, or lists as deleted."""

    missing: tuple[Missing, ...] = ()
    gone: tuple[GroupDefinition, ...] = ()
    renamed: tuple[Renamed, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the file names exactly the services that Cloud lists; names may differ."""
        return not self.missing and not self.gone

    def list_lines(self) -> tuple[str, ...]:
        """One line for each difference, in words."""
        missing = [
            f"missing: {item.service.cloud_name} ({item.service.service_id}) is at ClickHouse "
            f"Cloud and not in the file{_place(item.warehouse)}."
            for item in self.missing
        ]
        gone = [
            f"gone: {item.name} ({item.service_id}) is in the file and not at ClickHouse Cloud, or "
            "not visible to the key."
            for item in self.gone
        ]
        renamed = [
            f"renamed: {item.group.name} ({item.group.service_id}) is named {item.cloud_name} at "
            "ClickHouse Cloud."
            for item in self.renamed
        ]
        return (*missing, *gone, *renamed)


def compare(catalog: Catalog, services: Mapping[str, Service]) -> Difference:
    """How the catalog differs from these services, which are all that Cloud lists."""
    living = {key: item for key, item in services.items() if item.state not in DELETED}
    groups = catalog.all_groups()
    named = {group.service_id for group in groups}
    named |= {item.sign_in_service_id or "" for item in catalog.warehouses}
    homes = warehouse_by_data(catalog, living)
    return Difference(
        missing=tuple(
            Missing(item, homes.get(item.particulars.warehouse_id))
            for key, item in living.items()
            if key not in named
        ),
        gone=tuple(group for group in groups if group.service_id not in living),
        renamed=tuple(
            Renamed(group, living[group.service_id].cloud_name)
            for group in groups
            if group.service_id in living
            and living[group.service_id].cloud_name not in {group.name, ""}
        ),
    )


def warehouse_by_data(
    catalog: Catalog, services: Mapping[str, Service]
) -> dict[str, WarehouseDefinition]:
    """Cloud's id of a warehouse -> the warehouse of the file that most of its services are in."""
    counts: dict[str, Counter[str]] = {}
    for group in catalog.all_groups():
        service = services.get(group.service_id)
        if service and (data := service.particulars.warehouse_id):
            counts.setdefault(data, Counter())[group.warehouse] += 1
    by_key = {item.key: item for item in catalog.warehouses}
    return {data: by_key[count.most_common(1)[0][0]] for data, count in counts.items()}


def _place(warehouse: WarehouseDefinition | None) -> str:
    return (
        f"; it belongs to {warehouse.name}" if warehouse else "; nor is any other of its warehouse"
    )
