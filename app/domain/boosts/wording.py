"""What is said of how a boost ended."""

from collections.abc import Sequence

from app.domain.boosts.revert import Leftover
from app.domain.changes.change import Change

FIELD_WORDS = {
    "mode": "scaling mode",
    "min_memory_gb": "minimum memory in GB",
    "max_memory_gb": "maximum memory in GB",
    "min_replicas": "minimum replicas",
    "max_replicas": "replicas",
    "idle_scaling": "idling",
    "idle_timeout_minutes": "idle timeout in minutes",
}


def describe_leftovers(left: Sequence[Leftover], other: Change | None) -> str:
    """“Left as found: maximum memory in GB is 48. ben changed the size in change ABCD-EFGH.”"""
    values = ", ".join(f"{FIELD_WORDS[it.field]} is {_shown(it.value)}" for it in left)
    by = "It was changed outside the portal."
    if other:
        by = f"{other.user} changed the size in change {other.reference}."
    return f"Left as found: {values}. {by}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "not set" if value is None else str(value)
