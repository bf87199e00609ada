"""What somebody looks for in the audit trail, as the address of the page says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.audit.events import EventKind, Result
from app.store.audit import EventFilter

TEXTS = ("kind", "user", "result", "from", "to")
NOT_A_DAY = "Write a day as 2026-11-22"
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for: as typed, what is wrong with it, and what it means."""

    typed: Mapping[str, str]
    problems: Mapping[str, str]
    wanted: EventFilter
    before: int | None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.typed)


def read_filter(values: Mapping[str, str], zone: ZoneInfo, service_id: str = "") -> AuditQuery:
    """The filter of an address; a choice that does not exist leaves nothing out."""
    typed = {name: values[name].strip() for name in TEXTS if values.get(name, "").strip()}
    problems: dict[str, str] = {}
    since, until = (_midnight(typed, name, zone, problems) for name in ("from", "to"))
    wanted = EventFilter(
        service_id=service_id,
        kind=typed.get("kind", "") if typed.get("kind") in set(EventKind) else "",
        user=typed.get("user", ""),
        result=typed.get("result", "") if typed.get("result") in set(Result) else "",
        since=since,
        until=until,
    )
    return AuditQuery(typed, problems, wanted, _number(values.get("before", "")))


def _midnight(
    typed: Mapping[str, str], name: str, zone: ZoneInfo, problems: dict[str, str]
) -> datetime | None:
    """The beginning of the first day, or the end of the last one."""
    if name not in typed:
        return None
    try:
        day = date.fromisoformat(typed[name]) + timedelta(days=name == "to")
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = NOT_A_DAY
        return None


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None
