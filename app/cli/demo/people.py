"""The sandbox's people, their published passwords, and what the portal lets each of them do."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.access.permissions import BUNDLES, Identity, Permission
from app.domain.groups.catalog import Catalog, GroupDefinition, WarehouseDefinition

HEADINGS = ("name", "password", "warehouse", "access")


def describe_people(
    users: Sequence[Mapping[str, Any]], world: Mapping[str, Any], catalog: Catalog
) -> str:
    """A table of these people of the sandbox's world, in aligned columns.

    `known_as` is what the portal calls somebody who has another name where they sign in.
    """
    warehouses = _warehouses(world, catalog)
    rows = [
        (
            user["name"],
            user["password"],
            user["warehouse"],
            _what_may(user, warehouses[user["warehouse_id"]]),
        )
        for user in users
        if user["warehouse_id"] in warehouses
    ]
    return _aligned([HEADINGS, *rows])


def _warehouses(world: Mapping[str, Any], catalog: Catalog) -> dict[str, WarehouseDefinition]:
    """Cloud's id of each warehouse -> what the portal calls it, by the services in both."""
    ids = {service["id"]: service["warehouse_id"] for service in world["services"]}
    return {
        ids[group.service_id]: warehouse
        for warehouse in catalog.warehouses
        for group in warehouse.groups
        if group.service_id in ids
    }


def _what_may(user: Mapping[str, Any], warehouse: WarehouseDefinition) -> str:
    identity = Identity(warehouse.key, user.get("known_as", user["name"]), frozenset(user["roles"]))
    groups_by_permissions = defaultdict(list)
    for group in warehouse.groups:
        groups_by_permissions[group.permissions_of(identity)].append(group)
    phrases = [
        f"{_access_to(permissions)} {_objects(groups, warehouse)}"
        for permissions, groups in groups_by_permissions.items()
        if permissions
    ]
    return "; ".join(phrases) or "none: has no compute group"


def _access_to(permissions: frozenset[Permission]) -> str:
    for name, bundle in BUNDLES.items():
        if permissions == bundle:
            return f"{name} of"
    *verbs, last = [permission.value for permission in Permission if permission in permissions]
    return f"{', '.join(verbs)} and {last}" if verbs else last


def _objects(groups: Sequence[GroupDefinition], warehouse: WarehouseDefinition) -> str:
    if len(groups) == len(warehouse.groups) > 1:
        return f"all {len(groups)} groups"
    return ", ".join(group.name for group in groups)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"  {line.rstrip()}" for line in lines)
