"""What an answer of Cloud's API means: a result, or the error that it stands for.

Shapes: `{"status", "result", "requestId"}` for success, `{"status", "error", "requestId"}` for
errors, `{"error": "TOO_MANY_REQUESTS"}` for the request limit, plain text from gateways. So JSON
is never assumed, and a success of another shape says nothing about what was done.
"""

import json
import unicodedata
from collections.abc import Mapping
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
TRY_LATER = "Try again in a minute. If it lasts, tell whoever runs this portal."
RESET_MARGIN_SECONDS = 1.0
"""Added to X-RateLimit-Reset, as Cloud's own Terraform provider does."""


@dataclass(frozen=True)
class Answer:
    """A success: its result, and Cloud's id of the request."""

    result: Any
    request_id: str | None


def meaning_of(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """The result of a success. Raises the CloudError that anything else means."""
    body = _json_object(content)
    request_id = clean_text(body.get("requestId")) or None
    if status == 200:
        if "result" not in body:
            raise lost("ClickHouse Cloud gave an answer that makes no sense.", request_id, status)
        return Answer(result=body["result"], request_id=request_id)
    if status == 429:
        raise _too_busy(headers)
    if 400 <= status < 500:
        raise _rejection(status, clean_text(body.get("error")), request_id)
    if 300 <= status < 400:
        elsewhere = "ClickHouse Cloud's address points elsewhere, which is not followed."
        raise lost(elsewhere, request_id, status)
    raise lost(f"ClickHouse Cloud has a fault of its own (status {status}).", request_id, status)


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def clean_text(value: object) -> str:
    """Text of Cloud's, fit to be shown and logged: one line, no control marks, bounded length."""
    if not isinstance(value, str):
        return ""
    visible = (" " if unicodedata.category(mark)[0] in "CZ" else mark for mark in value)
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
    """It is not known what was carried out."""
    return CloudAnswerLost(
        message=message, remedy=TRY_LATER, request_id=request_id, upstream_status=status
    )
