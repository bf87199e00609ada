"""Reading a body of JSON strictly: one object, each name once, numbers that are numbers."""

import json
import re
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.api.errors import Malformed
from app.api.operation_parts import REFERENCE_PATTERN

REFERENCE = re.compile(REFERENCE_PATTERN)
WHAT_IS_WANTED = "Send one JSON object in UTF-8, with each name once."


def read_object() -> dict[str, Any]:
    """The object in the body. Raises Malformed; RequestEntityTooLarge for a large body."""
    data = request.get_data(cache=False)
    # A body in chunks is cut off at the limit instead of refused.
    if request.content_length is None and len(data) >= (
        request.max_content_length or len(data) + 1
    ):
        raise RequestEntityTooLarge
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_once, parse_constant=_refuse, parse_float=_number
        )
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        raise Malformed(message="The body is not usable JSON.", remedy=WHAT_IS_WANTED) from None
    if not isinstance(value, dict):
        raise Malformed(message="The body is not a JSON object.", remedy=WHAT_IS_WANTED)
    return value


def parse_service_id(text: str) -> str:
    """An id as Cloud writes it, in lower case. Raises Malformed."""
    lowered = text.lower()
    try:
        is_id = str(UUID(lowered)) == lowered
    except ValueError:
        is_id = False
    if not is_id:
        raise Malformed(
            message="The service_id is not an id.",
            remedy="It has the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.",
        )
    return lowered


def parse_reference(text: str, kind: str = "change") -> str:
    """The name of a change, or of what `kind` says. Raises Malformed."""
    if not REFERENCE.fullmatch(text):
        raise Malformed(
            message=f"This is not the name of a {kind}.", remedy="It has the form XXXX-XXXX."
        )
    return text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _number(text: str) -> int | float:
    # JSON has one kind of number: 16.0 is the whole number 16, as for ClickHouse Cloud.
    value = float(text)
    return int(value) if value.is_integer() else value
