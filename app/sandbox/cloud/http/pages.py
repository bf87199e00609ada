"""Lists in pages: at most `limit` elements, and the cursor that leads to the next ones."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from app.sandbox.cloud.http.errors import ApiError

LARGEST = 100


def cut_page(
    items: list[Any], query: Mapping[str, str], most: int = LARGEST
) -> tuple[list[Any], str | None]:
    """Return the page asked for, and the cursor of the next one, if any. Raises ApiError 400."""
    size = min(_parse_limit(query.get("limit")), most)
    start = _parse_cursor(query.get("cursor"))
    end = start + size
    return items[start:end], _write_cursor(end) if end < len(items) else None


def _parse_limit(text: str | None) -> int:
    if text is None:
        return LARGEST
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LARGEST):
        raise ApiError(400, f"request query.limit: must be a whole number from 1 to {LARGEST}")
    return int(text)


def _write_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"from:{start}".encode()).decode()


def _parse_cursor(text: str | None) -> int:
    if text is None:
        return 0
    try:
        name, _, number = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        name, number = "", ""
    if name != "from" or not (number.isascii() and number.isdecimal()):
        raise ApiError(400, "request query.cursor: not a cursor of this list")
    return int(number[:9])
