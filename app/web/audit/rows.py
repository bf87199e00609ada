"""One event of the audit log as a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.audit.events import Channel
from app.web.audit.wording import differences_of, fields_of, headline_of, result_of

CHANGE_STEPS = {"outcome", "close_manually"}
"""Actions after which the change has a page."""


@dataclass(frozen=True)
class EventRow:
    """One event. `has_page`: the change that it is about has a page of its own."""

    seq: int
    at: datetime
    headline: str
    differences: list[str]
    fields: list[tuple[str, str]]
    user: str
    address: str
    about: str
    reference: str
    has_page: bool
    result: str


def row_of(line: Mapping[str, Any]) -> EventRow:
    """The row of one event as it is stored, by whichever version of the portal."""
    about, source = line["object"], line["source"]
    return EventRow(
        seq=line["seq"],
        at=datetime.fromisoformat(line["time"]),
        headline=headline_of(line),
        differences=differences_of(line),
        fields=fields_of(line),
        user=_text(line["actor"], "user") or _nobody(_text(source, "door")),
        address=_text(source, "address"),
        about=_text(about, "group") or _text(about, "service_id"),
        reference=_text(about, "reference"),
        has_page=line["action"] in CHANGE_STEPS,
        result=result_of(line),
    )


def _text(part: Mapping[str, Any], name: str) -> str:
    return str(part.get(name) or "")


def _nobody(channel: str) -> str:
    return "the portal itself" if channel == Channel.PORTAL else "unknown"
