"""What somebody looks for in the activity, from the values that an address has.

On pages a choice that does not exist leaves nothing out: an old or mistyped link still shows
something. Programs are told of it, as they would take the wrong entries for the right ones.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.activity.entries import ActivityOutcome
from app.domain.changes.actions import Action
from app.domain.local_time import local_midnight
from app.domain.messages import problem
from app.errors import BrokenRules, Problem

FIELDS = ("group", "user", "action", "outcome", "days")
DATES = ("from", "to")
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9998, 12, 31)
"""What lies beyond is taken for these: every zone can tell when they begin and end."""

DAYS = (1, 7, 30, 90)
USUAL_DAYS = 30
LONGEST_USER = 256
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CURSOR = re.compile(r"([0-9]{1,16})-([A-Za-z0-9_-]{1,120})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Cursor = tuple[datetime, str]
"""The key of the last entry that was shown."""


@dataclass(frozen=True)
class ActivitySearch:
    """A search; an empty value leaves nothing out. `group` is the id of its service. Entries are
    older than `before`, if it is given, and of the days from `first` to `last`; without a `first`
    of the latest `days` of these. `problems` are of dates that are none and leave nothing out."""

    group: str = ""
    user: str = ""
    action: str = ""
    outcome: str = ""
    days: int = USUAL_DAYS
    first: date | None = None
    last: date | None = None
    before: Cursor | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """The parameters that ask for this from the newest entry on."""
        given = {name: str(getattr(self, name)) for name in FIELDS}
        given["days"] = "" if self.days == USUAL_DAYS else given["days"]
        given |= {"from": _day_text(self.first), "to": _day_text(self.last)}
        return {name: value for name, value in given.items() if value}

    def period(self, zone: ZoneInfo, now: datetime) -> tuple[datetime, datetime]:
        """From when until when, both included; days are those of the zone."""
        end = now
        if self.last and self.last < LAST_DAY:
            after = max(self.last, FIRST_DAY) + timedelta(days=1)
            end = min(now, local_midnight(after, zone) - MICROSECOND)
        if self.first is not None:
            return local_midnight(min(max(self.first, FIRST_DAY), LAST_DAY), zone), end
        if end == now:
            return now - timedelta(days=self.days), now
        # Days of the zone, which may have 23 or 25 hours.
        first = end.astimezone(zone).date() - timedelta(days=self.days - 1)
        return local_midnight(first, zone), end


def parse_activity_search(arguments: Mapping[str, str], groups: Collection[str]) -> ActivitySearch:
    """Read the values; `groups` are the services that can be asked for."""
    chosen = {
        name: value if (value := arguments.get(name, "")) in choices else ""
        for name, choices in _choices_of(groups).items()
    }
    return ActivitySearch(
        group=chosen["group"],
        user=arguments.get("user", "").strip()[:LONGEST_USER],
        action=chosen["action"],
        outcome=chosen["outcome"],
        days=int(chosen["days"] or USUAL_DAYS),
        first=_parse_day(arguments.get("from", "")),
        last=_parse_day(arguments.get("to", "")),
        before=_parse_cursor(arguments.get("before", "")),
        problems=tuple(problem(name, "not_a_day") for name in _list_odd_dates(arguments)),
    )


def check_activity_search(arguments: Mapping[str, str], groups: Collection[str]) -> None:
    """Hold programs to what can be asked for; what is given empty is no choice either.

    Raises BrokenRules with every problem found.
    """
    problems = [
        problem(name, _UNKNOWN.get(name, "choice_unknown"), choices=", ".join(choices))
        for name, choices in _choices_of(groups).items()
        if name in arguments and arguments[name] not in choices
    ]
    problems += _list_text_problems(arguments)
    problems += [
        problem(name, "not_a_day")
        for name in DATES
        if name in arguments and _parse_day(arguments[name]) is None
    ]
    if problems:
        raise BrokenRules(tuple(problems))


_UNKNOWN = {"group": "group_unknown"}


def _choices_of(groups: Collection[str]) -> dict[str, Collection[str]]:
    return {
        "group": groups,
        "action": tuple(Action),
        "outcome": tuple(ActivityOutcome),
        "days": tuple(str(item) for item in DAYS),
    }


def _list_text_problems(arguments: Mapping[str, str]) -> Iterator[Problem]:
    user = arguments.get("user")
    if user is not None and not user.strip():
        yield problem("user", "required")
    if user is not None and len(user) > LONGEST_USER:
        yield problem("user", "name_too_long", most=LONGEST_USER)
    if "before" in arguments and _parse_cursor(arguments["before"]) is None:
        yield problem("before", "cursor_unknown")


def _list_odd_dates(arguments: Mapping[str, str]) -> Iterator[str]:
    for name in DATES:
        if (text := arguments.get(name, "").strip()) and _parse_day(text) is None:
            yield name


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if DAY.fullmatch(text.strip()) else None
    except ValueError:
        return None


def _day_text(day: date | None) -> str:
    return day.isoformat() if day else ""


def cursor_text(cursor: Cursor) -> str:
    """A cursor for an address."""
    moment, key = cursor
    return f"{(moment - EPOCH) // MICROSECOND}-{key}"


def _parse_cursor(text: str) -> Cursor | None:
    found = CURSOR.fullmatch(text)
    return (EPOCH + int(found[1]) * MICROSECOND, found[2]) if found else None
