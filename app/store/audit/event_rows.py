"""Events as the rows of their table hold them, whatever somebody has put there."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from app.domain.audit.chain import ChainEntry, parse_event

COLUMNS = ("time", "kind", "result", "warehouse", "user", "service_id", "reference")


def as_entry(row: Row[Any]) -> ChainEntry:
    """The event of a row. Raises ValueError where its text is none."""
    columns = {name: getattr(row, name) for name in COLUMNS}
    return ChainEntry(row.seq, row.prev_hash, row.hash, _text_of(row.text), columns)


def details_in(text: str | None) -> Mapping[str, Any]:
    """The details of an event; empty where the text is none of ours."""
    try:
        details = parse_event(text or "{}")["details"]
    except (ValueError, KeyError, TypeError):
        return {}
    return details if isinstance(details, dict) else {}


def _text_of(value: Any) -> str:  # noqa: ANN401 - whatever somebody put there
    if not isinstance(value, str):
        raise ValueError("a text was replaced by something else")  # noqa: TRY004 - read as data
    return value
