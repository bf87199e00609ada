"""The `limits` of the portal, a warehouse and a group -> one set; the nearest wins, key by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.groups.cost import Price
from app.domain.groups.limits import Limits
from app.settings.limit_entries import LimitsEntry
from app.settings.org_schema import ConfigFile, PortalEntry

MEMORY = "memory_choices_gb"
MEMORY_RANGE = "memory_gb"
_FIELDS = {
    MEMORY: "memory_choices_gb",
    "replicas.least": "min_replicas",
    "replicas.most": "max_replicas",
    "max_total_gb": "max_total_gb",
    "idle_timeout_minutes.least": "min_idle_timeout_minutes",
    "idle_timeout_minutes.most": "max_idle_timeout_minutes",
    "may_disable_idling": "may_disable_idling",
    "max_cost_per_hour": "max_cost_per_hour",
    "max_changes_per_hour": "max_changes_per_hour",
    "cooldown_minutes": "cooldown_minutes",
    "password_above_gb": "reauthenticate_above_gb",
    "reason_required": "is_reason_required",
}
"""Key of the file -> field of Limits, which also has the default."""


@dataclass(frozen=True)
class Bound:
    """One limit in force and where it stands. `distance`: 0 for the nearest level."""

    place: str
    value: Any
    distance: int

    def __str__(self) -> str:
        return f"{self.place}, which is {self.value}"


@dataclass(frozen=True)
class Level:
    """The `limits` that stand at one place of the file."""

    path: str
    entry: LimitsEntry

    def find(self, key: str) -> tuple[str, Any] | None:
        """Path and value of the key here. The range of memory sizes stands for their list."""
        if key == MEMORY and self.entry.memory_gb is not None:
            return f"{self.path}.{MEMORY_RANGE}", tuple(self.entry.memory_gb.choices())
        value: Any = self.entry
        for part in key.split("."):
            value = None if value is None else getattr(value, part)
        if value is None:
            return None
        return f"{self.path}.{key}", tuple(sorted(set(value))) if key == MEMORY else value


@dataclass(frozen=True)
class LevelsOfGroup:
    """All levels that a group is under, nearest first, and the group's own path."""

    path: str
    levels: tuple[Level, ...]
    price: Price | None

    def find(self, key: str) -> Bound | None:
        """The nearest statement of the key."""
        for distance, level in enumerate(self.levels):
            if found := level.find(key):
                return Bound(*found, distance)
        return None

    def get(self, key: str) -> Bound:
        """The same, or the default."""
        default = Bound(f"the default of {key}", getattr(Limits(), _FIELDS[key]), len(self.levels))
        return self.find(key) or default

    def to_limits(self) -> Limits:
        """The limits as the domain knows them."""
        values = {field: self.get(key).value for key, field in _FIELDS.items()}
        return Limits(price=self.price, **values)


def levels_of(portal: PortalEntry) -> LevelsOfGroup:
    """The levels of a group that has no limits but the portal's."""
    price = portal.price.to_price() if portal.price else None
    return LevelsOfGroup("portal", (Level("portal.limits", portal.limits),), price)


def levels_in(file: ConfigFile) -> list[list[LevelsOfGroup]]:
    """For every warehouse in turn, the levels of each of its groups."""
    outermost = levels_of(file.portal)
    return [
        [
            LevelsOfGroup(
                path=f"warehouses[{number}].groups[{place}]",
                levels=(
                    Level(f"warehouses[{number}].groups[{place}].limits", group.limits),
                    Level(f"warehouses[{number}].limits", warehouse.limits),
                    *outermost.levels,
                ),
                price=outermost.price,
            )
            for place, group in enumerate(warehouse.groups)
        ]
        for number, warehouse in enumerate(file.warehouses)
    ]


def every_level(file: ConfigFile) -> Iterator[Level]:
    """Each place with `limits`, once, in the order portal, warehouse, its groups."""
    seen: dict[str, Level] = {}
    for groups in levels_in(file):
        for group in groups:
            seen |= {level.path: level for level in reversed(group.levels)}
    yield from seen.values()
