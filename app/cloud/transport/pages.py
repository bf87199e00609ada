"""Lists that Cloud gives in pages: each names the next by a cursor, and costs one request.

A list is the whole list or nothing. Cloud's document names no parameter for the size of a page of
services or activities, so none is sent. One with more pages than the request limit lets through at
once is read on where its reading broke off.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from app.cloud.transport.answers import NEXT_CURSOR, Answer, lost, usable_cursor
from app.errors import CloudError, CloudRejected

MOST_PAGES = 20

RESUMED_SECONDS = 45.0
"""From its beginning, a reading may go on for so long: MOST_PAGES take three windows of the request
limit. A longer one would tell too much of the past."""

NO_LIST = "ClickHouse Cloud described a list in a way that makes no sense."
NO_CURSOR = "ClickHouse Cloud names the next page of a list in a way that makes no sense."
REPEATED = (
    "ClickHouse Cloud names the same page of a list again and again, so its end is not known."
)
TOO_LONG = (
    f"ClickHouse Cloud gives a list in more than {MOST_PAGES} pages, so its end is not known."
)

Get = Callable[[str], Answer]


@dataclass(frozen=True)
class WholeList:
    """Everything in a list. `lag_seconds`: how long before this reading its first page was read."""

    items: list[Any]
    lag_seconds: float = 0.0


@dataclass
class _Pages:
    """The pages read so far; `cursor` is empty before the first one."""

    began_at: float
    items: list[Any] = field(default_factory=list)
    cursor: str = ""
    seen: set[str] = field(default_factory=set)

    def add(self, answer: Answer) -> bool:
        """Take in one more; whether it was the last. Raises CloudAnswerLost."""
        items, self.cursor = _parse_page(answer)
        self.items += items
        if not self.cursor:
            return True
        if self.cursor in self.seen:
            raise lost(REPEATED)
        self.seen.add(self.cursor)
        if len(self.seen) >= MOST_PAGES:
            raise lost(TOO_LONG)
        return False


class PagedList:
    """One list, read again and again. Safe to share by threads: two never go on with one reading.

    A page that is not answered ends a reading, and the next one begins with that page, unless
    RESUMED_SECONDS have passed or Cloud has refused it.
    """

    def __init__(
        self, get: Get, path: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._get, self._path, self._monotonic = get, path, monotonic
        self._broken_off: list[_Pages] = []

    def read(self) -> WholeList:
        """All of it. Raises CloudError."""
        now = self._monotonic()
        pages = self._take_broken_off(now) or _Pages(now)
        while not pages.add(self._ask_for_next(pages)):
            pass
        return WholeList(pages.items, now - pages.began_at)

    def _take_broken_off(self, now: float) -> _Pages | None:
        try:
            pages = self._broken_off.pop()
        except IndexError:
            return None
        return pages if now - pages.began_at < RESUMED_SECONDS else None

    def _ask_for_next(self, pages: _Pages) -> Answer:
        try:
            return self._get(_with_cursor(self._path, pages.cursor))
        except CloudRejected:
            raise
        except CloudError:
            self._broken_off = [pages] if pages.cursor else []
            raise


def read_pages(get: Get, path: str) -> list[Any]:
    """Everything in a list, in one go. Raises CloudError."""
    return PagedList(get, path).read().items


def _parse_page(answer: Answer) -> tuple[list[Any], str]:
    """The items of a page, and the cursor of the next: beside the result, or inside it."""
    result, named = answer.result, [answer.next_cursor]
    if isinstance(result, dict) and NEXT_CURSOR in result:
        named.insert(0, result.pop(NEXT_CURSOR))
        lists = [value for value in result.values() if isinstance(value, list)]
        result = lists[0] if len(lists) == 1 else None
    if not isinstance(result, list):
        raise lost(NO_LIST)
    given = (item for item in named if item is not None and item != "")
    return result, _parse_cursor(next(given, ""))


def _parse_cursor(value: object) -> str:
    """Empty at the end of the list. Raises CloudAnswerLost for what is no cursor."""
    cursor = usable_cursor(value)
    if not cursor and value != "":
        raise lost(NO_CURSOR)
    return cursor


def _with_cursor(path: str, cursor: str) -> str:
    if not cursor:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode({'cursor': cursor})}"
