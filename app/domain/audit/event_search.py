"""What somebody looks for in the audit log, from the values that the page's address has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.domain.audit.events import EventKind, Result
from app.domain.messages import problem
from app.errors import Problem

FIELDS = ("kind", "user", "result", "from", "to")
LONGEST_NUMBER = 12


@dataclass(frozen=True)
class EventFilter:
    """Events must match every value; an empty one or None leaves nothing out.

    `since` is the first moment that is wanted, `until` the first one that is not.
    """

    service_id: str = ""
    kind: str = ""
    user: str = ""
    result: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = EventFilter()


@dataclass(frozen=True)
class EventSearch:
    """A search: its values as given, what is wrong with them, and what they mean.

    `before`: only events with a number below it. A value that is wrong leaves nothing out.
    """

    values: Mapping[str, str]
    problems: tuple[Problem, ...]
    wanted: EventFilter
    before: int | None


def parse_search(arguments: Mapping[str, str], zone: ZoneInfo, service_id: str = "") -> EventSearch:
    """Read the values; days are those of the zone. A choice that does not exist leaves nothing out,
    and what is not known here is ignored."""
    values = {name: arguments[name].strip() for name in FIELDS if arguments.get(name, "").strip()}
    problems: list[Problem] = []
    since, until = (_midnight(values, name, zone, problems) for name in ("from", "to"))
    wanted = EventFilter(
        service_id=service_id,
        kind=values.get("kind", "") if values.get("kind") in set(EventKind) else "",
        user=values.get("user", ""),
        result=values.get("result", "") if values.get("result") in set(Result) else "",
        since=since,
        until=until,
    )
    return EventSearch(values, tuple(problems), wanted, _number(arguments.get("before", "")))


def _midnight(
    values: Mapping[str, str], name: str, zone: ZoneInfo, problems: list[Problem]
) -> datetime | None:
    """The beginning of the first day, or the end of the last one."""
    if name not in values:
        return None
    try:
        day = date.fromisoformat(values[name]) + timedelta(days=name == "to")
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except (ValueError, OverflowError):
        problems.append(problem(name, "not_a_day"))
        return None


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None
