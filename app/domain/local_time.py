"""Local times of a zone as instants, right at every change of its clocks.

A window of a local date is the shortest unbroken interval that holds every minute of the window:
where an hour is repeated it begins in the first and ends in the second, and what a zone skips is
left out. Instants are UTC, in whole minutes.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
MINUTES_A_DAY = 24 * 60

Interval = tuple[datetime, datetime]
"""Begin and end, the end outside."""


def interval_on(day: date, start: int, length: int, zone: ZoneInfo) -> Interval | None:
    """The interval of a window that begins on this local date; None where the zone skips it all.

    `start` in minutes after midnight, `length` in minutes, both by the clock on the wall.
    """
    local = datetime.combine(day, time()) + start * MINUTE
    begin = first_instant(local, zone)
    end = _end_of_minute(local + (length - 1) * MINUTE, zone)
    return (begin, end) if begin < end else None


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local date begins."""
    return first_instant(datetime.combine(day, time()), zone)


def show_day(day: date) -> str:
    """“1 November 2026”."""
    return f"{day.day} {day:%B %Y}"


def show_hours(hours: int) -> str:
    """“7 days” where they are whole days and more than one, else “12 hours”."""
    days, rest = divmod(hours, 24)
    number, unit = (days, "day") if days > 1 and not rest else (hours, "hour")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def has_clock_changes(zone: ZoneInfo, first: date, days: int) -> bool:
    """Whether the zone's distance from UTC changes within so many days."""
    noon = datetime.combine(first, time(12), tzinfo=UTC)
    offsets = {(noon + timedelta(days=n)).astimezone(zone).utcoffset() for n in range(days)}
    return len(offsets) > 1


def first_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """When the clocks first show this time; where they skip it, the instant at which they do."""
    utc = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return utc if _shows(utc, zone) == local else _end_of_gap(local, zone)


def _end_of_minute(local: datetime, zone: ZoneInfo) -> datetime:
    # The last minute inside decides, not the end: 24:00 may be repeated, 23:59 before it is not.
    utc = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return utc + MINUTE if _shows(utc, zone) == local else _end_of_gap(local, zone)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    # In a gap `fold` 1 and 0 give an instant before and one after it (PEP 495).
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > MINUTE:
        middle = before + (after - before) // (2 * MINUTE) * MINUTE
        if _shows(middle, zone) > local:
            after = middle
        else:
            before = middle
    return after


def _shows(utc: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks on the wall show."""
    return utc.astimezone(zone).replace(tzinfo=None)
