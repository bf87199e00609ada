"""An administrator's order that nothing is changed: everywhere, in a warehouse, or in one group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FreezeScope(StrEnum):
    """How far a freeze reaches."""

    ALL = "all"
    WAREHOUSE = "warehouse"
    GROUP = "group"


@dataclass(frozen=True)
class Freeze:
    """Changes are off: since when, by whom and why. `target` is the key of the warehouse or the id
    of the group's service; empty for all."""

    reason: str
    frozen_by: str
    frozen_at: datetime
    scope: FreezeScope = FreezeScope.ALL
    target: str = ""

    def covers(self, warehouse: str, service_id: str) -> bool:
        """Whether changes of a group of this warehouse are off by it."""
        targets = {FreezeScope.WAREHOUSE: warehouse, FreezeScope.GROUP: service_id}
        return self.scope is FreezeScope.ALL or self.target == targets[self.scope]


def widest(freezes: Iterable[Freeze], warehouse: str, service_id: str) -> Freeze | None:
    """The freeze that people are told of where several hold: the one that reaches furthest."""
    order = list(FreezeScope)
    holding = (item for item in freezes if item.covers(warehouse, service_id))
    return min(holding, key=lambda item: order.index(item.scope), default=None)
