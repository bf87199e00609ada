"""One event of the audit log as a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.audit.events import Channel, Result
from app.web.audit.wording import RESULTS, differences_of, fields_of, headline_of

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
    """The row of one event as it is stored."""
    about, source = line["object"], line["source"]
    return EventRow(
        seq=line["seq"],
        at=datetime.fromisoformat(line["time"]),
        headline=headline_of(line),
        differences=differences_of(line),
        fields=fields_of(line),
        user=line["actor"]["user"] or _nobody(source["door"]),
        address=source["address"],
        about=about["group"] or about["service_id"],
        reference=about["reference"],
        has_page=line["action"] in CHANGE_STEPS,
        result=RESULTS[Result(line["result"])],
    )


def _nobody(channel: str) -> str:
    return "the portal itself" if channel == Channel.PORTAL else "unknown"
