"""What somebody looks for in the audit log, as the address of the page says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.audit.events import EventKind, Result
from app.store.audit import EventFilter

TEXTS = ("kind", "user", "result", "from", "to")
NOT_A_DAY = "Enter a date such as 2026-11-22"
DAYS = {"from": "From date", "to": "To date"}
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for: as given, what is wrong with it, and what it means."""

    values: Mapping[str, str]
    problems: Mapping[str, str]
    wanted: EventFilter
    before: int | None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.values)

    @property
    def labelled_problems(self) -> list[tuple[str, str, str]]:
        """Field, label and problem of each field that is to be corrected."""
        return [(name, DAYS[name], text) for name, text in self.problems.items()]


def read_filter(arguments: Mapping[str, str], zone: ZoneInfo, service_id: str = "") -> AuditQuery:
    """The filter of an address; a choice that does not exist leaves nothing out."""
    values = {name: arguments[name].strip() for name in TEXTS if arguments.get(name, "").strip()}
    problems: dict[str, str] = {}
    since, until = (_midnight(values, name, zone, problems) for name in ("from", "to"))
    wanted = EventFilter(
        service_id=service_id,
        kind=values.get("kind", "") if values.get("kind") in set(EventKind) else "",
        user=values.get("user", ""),
        result=values.get("result", "") if values.get("result") in set(Result) else "",
        since=since,
        until=until,
    )
    return AuditQuery(values, problems, wanted, _number(arguments.get("before", "")))


def _midnight(
    values: Mapping[str, str], name: str, zone: ZoneInfo, problems: dict[str, str]
) -> datetime | None:
    """The beginning of the first day, or the end of the last one."""
    if name not in values:
        return None
    try:
        day = date.fromisoformat(values[name]) + timedelta(days=name == "to")
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems[name] = NOT_A_DAY
        return None


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None
