"""The options that say a size, and what is sent for them."""

from collections.abc import Mapping
from typing import Any

import click

from .exits import CommandError, Exit
from .options import options

size_options = options(
    click.option(
        "--min-memory", "min_memory_gb", type=int, metavar="GB", help="Minimum memory per replica."
    ),
    click.option(
        "--max-memory", "max_memory_gb", type=int, metavar="GB", help="Maximum memory per replica."
    ),
    click.option("--replicas", "num_replicas", type=int, help="Number of replicas."),
    click.option("--min-replicas", type=int, help="Minimum replicas, where a group scales them."),
    click.option("--max-replicas", type=int, help="Maximum replicas, where a group scales them."),
    click.option("--idle/--no-idle", "idle_scaling", default=None, help="Allow idling or not."),
    click.option(
        "--idle-timeout", "idle_timeout_minutes", type=int, metavar="MINUTES", help="Idle timeout."
    ),
)
"""Give a command the options of a size."""


def said(size: Mapping[str, Any]) -> dict[str, Any]:
    """What of it was said."""
    return {name: value for name, value in size.items() if value is not None}


def body_of(size: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """What is sent for them. Raises CommandError where nothing was said."""
    found = said(size)
    if not found:
        raise CommandError(
            "Say what to change, such as --max-memory 64. See --help.", Exit.USAGE, "nothing_said"
        )
    return found | ({"reason": reason} if reason else {})


MEMORY, REPLICAS = ("min_memory_gb", "max_memory_gb"), ("min_replicas", "max_replicas")


def completed(group: Mapping[str, Any], size: Mapping[str, Any]) -> dict[str, Any]:
    """With the memory, and the other end of a range of replicas, as configured where not said.

    The portal always wants both ends of the memory.
    """
    found = said(size)
    names = (*MEMORY, *(REPLICAS if found.keys() & set(REPLICAS) else ()))
    configured = group.get("configured") or {}
    return {name: configured[name] for name in names if name in configured and found} | found


def raised(group: Mapping[str, Any], memory_gb: int) -> dict[str, Any]:
    """At least so much memory for each replica, and no less than may be now.

    Raises CommandError where the group's size is not known.
    """
    configured = group.get("configured")
    if not configured:
        raise CommandError("The size of this group is not known now.", code="size_not_known")
    most = max(memory_gb, configured["max_memory_gb"])
    least = max(memory_gb, configured["min_memory_gb"])
    is_horizontal = configured["mode"] == "horizontal"  # where both are one size
    return {"min_memory_gb": most if is_horizontal else least, "max_memory_gb": most}
