"""What somebody looks for in the activity, from the values that an address has.

On pages a choice that does not exist leaves nothing out: an old or mistyped link still shows
something. Programs are told of it, as they would take the wrong entries for the right ones.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.activity.entries import ActivityOutcome
from app.domain.changes.actions import Action
from app.domain.messages import problem
from app.errors import BrokenRules, Problem

FIELDS = ("group", "user", "action", "outcome", "days")
DAYS = (1, 7, 30, 90)
USUAL_DAYS = 30
LONGEST_USER = 256
CURSOR = re.compile(r"([0-9]{1,16})-([A-Za-z0-9_-]{1,120})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Cursor = tuple[datetime, str]
"""The key of the last entry that was shown."""


@dataclass(frozen=True)
class ActivitySearch:
    """A search; an empty value leaves nothing out. `group` is the id of its service. Entries are
    older than `before`, if it is given, and not older than `days`."""

    group: str = ""
    user: str = ""
    action: str = ""
    outcome: str = ""
    days: int = USUAL_DAYS
    before: Cursor | None = None

    @property
    def values(self) -> dict[str, str]:
        """The parameters that ask for this from the newest entry on."""
        given = {name: str(getattr(self, name)) for name in FIELDS}
        given["days"] = "" if self.days == USUAL_DAYS else given["days"]
        return {name: value for name, value in given.items() if value}


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
        before=_parse_cursor(arguments.get("before", "")),
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


def cursor_text(cursor: Cursor) -> str:
    """A cursor for an address."""
    moment, key = cursor
    return f"{(moment - EPOCH) // MICROSECOND}-{key}"


def _parse_cursor(text: str) -> Cursor | None:
    found = CURSOR.fullmatch(text)
    return (EPOCH + int(found[1]) * MICROSECOND, found[2]) if found else None
