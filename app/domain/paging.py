"""Long lists in pages, and names in the order in which people count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

NUMBER = re.compile(r"([0-9]{1,18})", re.A)
"""Longer ones are no figures that anybody counts by."""


@dataclass(frozen=True)
class PageOf(Generic[T]):
    """Some items of a list. `number` counts from one; `first` is the place of the first item."""

    items: tuple[T, ...]
    number: int
    count: int
    first: int
    total: int

    @property
    def last(self) -> int:
        """The place of the last item; 0 in an empty list."""
        return self.first + len(self.items) - 1


def page_of(items: Sequence[T], wanted: str, size: int) -> PageOf[T]:
    """The page with this number, as it was given; the nearest one for a number that is none."""
    count = max(1, -(-len(items) // size))
    number = min(max(1, _number(wanted)), count)
    begin = (number - 1) * size
    shown = tuple(items[begin : begin + size])
    return PageOf(shown, number, count, begin + 1 if shown else 1, len(items))


def natural_key(name: str) -> tuple[str | int, ...]:
    """What names are sorted by so that “group 2” comes before “group 10”, whatever their case."""
    parts = NUMBER.split(name.casefold())
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts))


def _number(text: str) -> int:
    return int(text) if NUMBER.fullmatch(text) else 1
