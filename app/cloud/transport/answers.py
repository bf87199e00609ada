"""What an answer of Cloud's API means: a result, or the error that it stands for.

Shapes: `{"status", "result", "requestId"}` for success, `{"status", "error", "requestId"}` for
errors, `{"error": "TOO_MANY_REQUESTS"}` for the request limit, plain text from gateways. So JSON
is never assumed. A success of another shape says nothing about what was done, except that an
empty one, or an object without a result, accepts a write.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import (
    CloudAnswerLost,
    CloudKeyRefused,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
)

LONGEST_REASON = 300
LONGEST_REQUEST_ID = 64
LONGEST_READ = 10_000
LONGEST_CURSOR = 2000
NEXT_CURSOR = "nextCursor"
LONGEST_NUMBER = 30
"""Digits of a whole number; a longer one is read as Python's nearest fraction."""
DEEPEST = 100
"""Levels of lists and objects inside each other that are kept; Cloud has fewer than ten."""
NO_SENSE = "ClickHouse Cloud gave an answer that makes no sense."
TOO_DEEP = "ClickHouse Cloud gave an answer that is nested too deeply to be read."
TRY_LATER = "Try again in a minute. If it lasts, tell whoever runs this portal."
RESET_MARGIN_SECONDS = 1.0
"""Added to X-RateLimit-Reset, as Cloud's own Terraform provider does."""


@dataclass(frozen=True)
class Answer:
    """A success: its result, Cloud's id of the request, the status, and where a list goes on, as
    Cloud wrote it."""

    result: Any
    request_id: str | None
    status: int = 200
    next_cursor: object = None


def meaning_of(
    status: int, headers: Mapping[str, str], content: bytes, *, is_write: bool = False
) -> Answer:
    """The result of a success. Raises the CloudError that anything else means.

    A write may be accepted by a success that shows nothing: its result is then None.
    """
    found, fault = _json_object(content)
    body = found or {}
    request_id = clean_text(body.get("requestId"))[:LONGEST_REQUEST_ID] or None
    if 200 <= status < 300:
        is_bare = is_write and "error" not in body and (found is not None or not content.strip())
        if body.get("result") is None and ("error" in body or "result" not in body) and not is_bare:
            raise lost(fault or NO_SENSE, request_id, status)
        return Answer(body.get("result"), request_id, status, body.get(NEXT_CURSOR))
    if status == 429:
        raise _too_busy(headers)
    if 400 <= status < 500:
        raise _rejection(status, clean_text(body.get("error")), request_id)
    if 300 <= status < 400:
        elsewhere = "ClickHouse Cloud's address points elsewhere, which is not followed."
        raise lost(elsewhere, request_id, status)
    raise lost(f"ClickHouse Cloud has a fault of its own (status {status}).", request_id, status)


def text_of(status: int, headers: Mapping[str, str], content: bytes) -> str:
    """The text of a success that is no JSON. Raises the CloudError that anything else means."""
    if 200 <= status < 300:
        return content.decode("utf-8", errors="replace")
    meaning_of(status, headers, content)
    raise AssertionError("unreachable")


def _json_object(content: bytes) -> tuple[dict[str, Any] | None, str]:
    """The object, or None and the reason where there is more to say than that it is none.

    A byte that is no text, or a line end within a text, costs no more than that one text.
    """
    text = content.decode(json.detect_encoding(content), errors="replace")
    try:
        body = json.loads(text, parse_int=_number, strict=False)
    except RecursionError:
        return None, TOO_DEEP
    except ValueError:
        return None, ""
    if not isinstance(body, dict):
        return None, ""
    _cut_depth(body)
    return body, ""


def _cut_depth(body: dict[str, Any]) -> None:
    """Put null for what lies deeper than DEEPEST, in place: nothing could write it again."""
    level: list[Any] = [body]
    for _ in range(DEEPEST):
        level = [item for outer in level for _, item in _inner(outer)]
    for outer in level:
        for place, _ in list(_inner(outer)):
            outer[place] = None


def _inner(value: dict[str, Any] | list[Any]) -> Iterator[tuple[Any, Any]]:
    """The lists and objects directly inside, each with its place."""
    places = value.items() if isinstance(value, dict) else enumerate(value)
    return ((place, item) for place, item in places if isinstance(item, dict | list))


def _number(digits: str) -> int | float:
    # One figure of thousands of digits, which Python refuses, must not cost the whole answer.
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def clean_text(value: object) -> str:
    """Text of Cloud's, fit to be shown and logged: one line, no control marks, bounded length."""
    if not isinstance(value, str):
        return ""
    head = value[:LONGEST_READ]
    visible = (" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in head)
    text = " ".join("".join(visible).split())
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


def wait_seconds(headers: Mapping[str, str]) -> float:
    """How long to leave Cloud alone, by what it says itself."""
    try:
        wait = float(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        wait = 10.0
    # Also turns NaN and negative figures into something that can be waited for.
    return (wait if 0 <= wait <= 60 else 10.0) + RESET_MARGIN_SECONDS


def usable_cursor(value: object) -> str:
    """Where a list goes on, to be asked for; empty for what is no cursor."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    text = value if isinstance(value, str) else str(value) if is_number else ""
    return text if len(text) <= LONGEST_CURSOR and text.isprintable() else ""


def _rejection(status: int, reason: str, request_id: str | None) -> CloudRejected:
    if status in {401, 403}:
        return CloudKeyRefused(
            message=f"The portal's own key is refused ({reason or f'status {status}'}).",
            remedy="This is not your doing. Tell whoever runs this portal.",
            request_id=request_id,
            upstream_status=status,
        )
    kind = CloudNotFound if status == 404 else CloudRejected
    message = reason or f"ClickHouse Cloud refused without a reason (status {status})."
    return kind(message=message, request_id=request_id, upstream_status=status)


def _too_busy(headers: Mapping[str, str]) -> CloudTooBusy:
    return CloudTooBusy(
        message="ClickHouse Cloud receives too many requests at the moment.",
        remedy="Try again in a few seconds.",
        retry_after_seconds=wait_seconds(headers),
    )


def unreachable() -> CloudUnreachable:
    """No connection could be made, so nothing was carried out."""
    return CloudUnreachable(message="ClickHouse Cloud cannot be reached.", remedy=TRY_LATER)


def lost(message: str, request_id: str | None = None, status: int | None = None) -> CloudAnswerLost:
    """The error of a call of which it is unknown whether Cloud carried it out."""
    return CloudAnswerLost(
        message=message, remedy=TRY_LATER, request_id=request_id, upstream_status=status
    )
