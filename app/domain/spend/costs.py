"""A line of Cloud's usage cost report. Amounts are credits of ClickHouse Cloud; 1 is 1 US dollar.

Source: `usageCost` of Cloud's API. Days are UTC days. A row of a service carries its compute and
data transfer, a row of a warehouse storage and backup, which are not split among its groups.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

NOTHING = Decimal(0)
EXACT = Decimal("1E-9")
"""Amounts are kept to a billionth of a credit; Cloud gives fewer places."""

MOST_CREDITS = Decimal(10**9)
"""No entity costs more on a day; whatever says so is not believed."""


class EntityKind(StrEnum):
    """What a row is about, in Cloud's words."""

    SERVICE = "service"
    WAREHOUSE = "datawarehouse"
    PIPE = "clickpipe"


@dataclass(frozen=True)
class CostRow:
    """What one entity cost on one day. `service_id` is empty for the row of a warehouse.

    `other` is what is neither compute, storage nor backup, such as data transfer. Once `is_locked`
    the row never changes again.
    """

    day: date
    entity_id: str
    kind: EntityKind
    service_id: str
    warehouse_id: str
    compute: Decimal = NOTHING
    storage: Decimal = NOTHING
    backup: Decimal = NOTHING
    other: Decimal = NOTHING
    is_locked: bool = False
