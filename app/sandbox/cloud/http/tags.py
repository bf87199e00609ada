"""The filter by resource tags: `tag:Environment=Production`, or `tag:isActive` for any value."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.sandbox.cloud.http.errors import ApiError

TERM = re.compile(r"tag:([A-Za-z0-9._-]{1,128})(?:=([A-Za-z0-9._-]{0,256}))?")


@dataclass(frozen=True)
class TagFilter:
    """Keys, each with the value it must have or None for any; all of them must be met."""

    terms: tuple[tuple[str, str | None], ...] = ()

    def admits(self, tags: object) -> bool:
        """Say whether a service with these tags is wanted."""
        found = {}
        for tag in tags if isinstance(tags, list) else []:
            if isinstance(tag, dict):
                found[tag.get("key")] = tag.get("value")
        return all(
            key in found and (value is None or found[key] == value) for key, value in self.terms
        )


def parse_filter(given: Iterable[str]) -> TagFilter:
    """Read the values of `filter` in a query. Raises ApiError 400."""
    terms = []
    for text in given:
        term = TERM.fullmatch(text)
        if term is None:
            raise ApiError(400, "request query.filter: must be like tag:key or tag:key=value")
        terms.append((term[1], term[2]))
    return TagFilter(tuple(terms))
