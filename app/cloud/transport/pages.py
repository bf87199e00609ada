"""Lists that Cloud gives in pages: each names the next by a cursor, and costs one request."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from app.cloud.transport.answers import NEXT_CURSOR, Answer, lost, usable_cursor

MOST_PAGES = 20

log = logging.getLogger("portal.cloud")


def read_pages(get: Callable[[str], Answer], path: str) -> list[Any]:
    """Everything in a list, read to its end or for MOST_PAGES. Raises CloudError.

    The whole list or nothing: a page that cannot be read is no end of it.
    """
    found: list[Any] = []
    seen: set[str] = set()
    cursor = ""
    for _ in range(MOST_PAGES):
        items, following = _parse_page(get(_with_cursor(path, cursor)))
        found += items
        if not following or following in seen:
            return found
        seen.add(following)
        cursor = following
    log.warning("ClickHouse Cloud lists more than %d pages; the rest is left out", MOST_PAGES)
    return found


def _parse_page(answer: Answer) -> tuple[list[Any], str]:
    """The items of a page, and the cursor of the next: beside the result, or inside it."""
    result: Any = answer.result
    cursor = answer.next_cursor
    if isinstance(result, dict) and NEXT_CURSOR in result:
        cursor = usable_cursor(result[NEXT_CURSOR]) or cursor
        lists = [value for value in result.values() if isinstance(value, list)]
        result = lists[0] if len(lists) == 1 else None
    if not isinstance(result, list):
        raise lost("ClickHouse Cloud described a list in a way that makes no sense.")
    return result, cursor


def _with_cursor(path: str, cursor: str) -> str:
    if not cursor:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'cursor': cursor})}"
