"""Single values out of Cloud's JSON. An explicit null is the same as an absent field."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FIRST_YEAR, LAST_YEAR = 1971, 9998
"""Moments in other years cannot be shown in every time zone, and nobody meant them."""


def first_given(value: Mapping[str, Any], *names: str) -> object:
    """The first of these fields that is there and not null; None if there is none."""
    return next((value[name] for name in names if value.get(name) is not None), None)


def list_objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; nothing for what is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def parse_moment(value: object) -> datetime | None:
    """A moment with its time zone, in UTC; None for anything else."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.astimezone(UTC)
