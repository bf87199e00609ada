"""How long a size is to last, as the form asks for it: for good, for some hours, until a moment."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.local_time import first_instant, local_midnight

FOR_GOOD = "lasting"
END_OF_DAY = "day"
AT = "at"
USUAL = "240"
"""What a boost starts with: minutes."""

CHOICES = [
    (FOR_GOOD, "Until it is changed again"),
    ("60", "For 1 hour"),
    ("120", "For 2 hours"),
    (USUAL, "For 4 hours"),
    (END_OF_DAY, "Until the end of today"),
    (AT, "Until …"),
]
"""What the form offers; a number is minutes."""


def read_duration(lasts: str, until: str, zone: ZoneInfo, now: datetime) -> Mapping[str, Any]:
    """What was chosen, under the names of `BoostEnd`; nothing for a size that lasts.

    `until` is a local time of the portal's zone. What cannot be read is given on as it is, for the
    rules to refuse.
    """
    if lasts == FOR_GOOD:
        return {}
    if lasts.isdecimal() and lasts in dict(CHOICES):
        return {"minutes": int(lasts)}
    if lasts == END_OF_DAY:
        return {"until": end_of_day(zone, now)}
    return {"until": _parse_local(until, zone)}


def end_of_day(zone: ZoneInfo, now: datetime) -> datetime:
    """The next midnight of the zone, or what comes first after it where there is none."""
    return local_midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def _parse_local(text: str, zone: ZoneInfo) -> datetime | str | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC) if moment.tzinfo else first_instant(moment, zone)
    except (ValueError, OverflowError):
        return text
