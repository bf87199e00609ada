"""What somebody looks for in the activity, from the values that an address has.

A choice that does not exist leaves nothing out: an old or mistyped link still shows something.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.activity.entries import ActivityOutcome
from app.domain.changes.actions import Action

FIELDS = ("group", "user", "action", "outcome", "days")
DAYS = (1, 7, 30, 90)
USUAL_DAYS = 30
LONGEST_USER = 256
CURSOR = re.compile(r"(\d{1,16})-([\w-]{1,120})", re.ASCII)
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
    days = arguments.get("days", "")
    return ActivitySearch(
        group=_one_of(arguments.get("group", ""), groups),
        user=arguments.get("user", "").strip()[:LONGEST_USER],
        action=_one_of(arguments.get("action", ""), set(Action)),
        outcome=_one_of(arguments.get("outcome", ""), set(ActivityOutcome)),
        days=int(_one_of(days, [str(item) for item in DAYS]) or USUAL_DAYS),
        before=_parse_cursor(arguments.get("before", "")),
    )


def cursor_text(cursor: Cursor) -> str:
    """A cursor for an address."""
    moment, key = cursor
    return f"{(moment - EPOCH) // MICROSECOND}-{key}"


def _parse_cursor(text: str) -> Cursor | None:
    found = CURSOR.fullmatch(text)
    return (EPOCH + int(found[1]) * MICROSECOND, found[2]) if found else None


def _one_of(value: str, choices: Collection[str]) -> str:
    return value if value in choices else ""
