"""Finding a compute group by its name or its id."""

import re
from typing import Any

from .exits import CommandError
from .portal import Portal

ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def list_groups(portal: Portal) -> list[dict[str, Any]]:
    """Every group that the token may see."""
    found: list[dict[str, Any]] = portal.get("/api/v1/groups")["groups"]
    return found


def find_group(portal: Portal, named: str) -> dict[str, Any]:
    """The one group with this id or name; the case of a name counts only where it must.

    Raises CommandError where there is none, or several.
    """
    if ID.fullmatch(named.lower()):
        found: dict[str, Any] = portal.get(f"/api/v1/groups/{named.lower()}")
        return found
    groups = list_groups(portal)
    for is_same in (_is_equal, _is_alike):
        matching = [group for group in groups if is_same(group["name"], named)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            ids = ", ".join(group["service_id"] for group in matching)
            raise CommandError(
                f"Several groups are called “{named}”. Use the id: {ids}.", code="ambiguous"
            )
    names = ", ".join(f"“{group['name']}”" for group in groups) or "none"
    raise CommandError(
        f"There is no group “{named}” for this token. It sees: {names}.", code="not_found"
    )


def path_of(group: dict[str, Any], part: str = "") -> str:
    """The address of a group, or of a part of it."""
    return f"/api/v1/groups/{group['service_id']}{part}"


def _is_equal(name: str, named: str) -> bool:
    return name == named


def _is_alike(name: str, named: str) -> bool:
    return name.split() == named.split() or name.casefold() == named.strip().casefold()
