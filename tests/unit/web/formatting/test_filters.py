"""How times and durations read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.web.formatting.filters import show_duration, show_moment, show_recent
from app.web.formatting.sizes import NO_BREAK

BERLIN, LONDON, KOLKATA = (ZoneInfo(f) for f in ("Europe/Berlin", "Europe/London", "Asia/Kolkata"))
HONOLULU, PLAIN = ZoneInfo("Pacific/Honolulu"), ZoneInfo("UTC")


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "now", "words"),
    [
        ("2026-07-01T13:40", BERLIN, "2026-07-01T14:00", "today 15:40 CEST (13:40 UTC)"),
        ("2026-01-15T13:40", BERLIN, "2026-01-15T14:00", "today 14:40 CET (13:40 UTC)"),
        ("2026-01-15T13:40", PLAIN, "2026-01-15T14:00", "today 13:40 UTC"),
        ("2026-01-15T13:40", LONDON, "2026-01-15T14:00", "today 13:40 GMT"),
        ("2026-07-01T13:40", LONDON, "2026-07-01T14:00", "today 14:40 BST (13:40 UTC)"),
        ("2026-07-01T13:40", KOLKATA, "2026-07-01T14:00", "today 19:10 IST (13:40 UTC)"),
        # The same time of day twice in the night when clocks go back.
        ("2026-10-25T00:30", BERLIN, "2026-10-25T12:00", "today 02:30 CEST (00:30 UTC)"),
        ("2026-10-25T01:30", BERLIN, "2026-10-25T12:00", "today 02:30 CET (01:30 UTC)"),
        # And the hour that is left out when they go forward.
        ("2026-03-29T00:59", BERLIN, "2026-03-29T12:00", "today 01:59 CET (00:59 UTC)"),
        ("2026-03-29T01:00", BERLIN, "2026-03-29T12:00", "today 03:00 CEST (01:00 UTC)"),
        # Days are those of the zone, not of UTC.
        ("2026-07-01T22:30", BERLIN, "2026-07-02T08:00", "today 00:30 CEST (22:30 UTC)"),
        ("2026-07-01T21:30", BERLIN, "2026-07-02T08:00", "yesterday 23:30 CEST (21:30 UTC)"),
        ("2026-07-02T09:59", HONOLULU, "2026-07-02T10:01", "yesterday 23:59 HST (09:59 UTC)"),
        ("2026-10-24T12:00", BERLIN, "2026-10-25T22:59", "yesterday 14:00 CEST (12:00 UTC)"),
        ("2026-06-09T13:40", BERLIN, "2026-07-01T14:00", "9 June 2026 15:40 CEST (13:40 UTC)"),
        ("2026-07-01T22:05", BERLIN, "2026-07-01T21:55", "tomorrow 00:05 CEST (22:05 UTC)"),
        ("2026-07-01T22:05", BERLIN, "2026-07-01T22:30", "today 00:05 CEST (22:05 UTC)"),
        ("2025-12-31T12:00", PLAIN, "2026-01-01T00:00", "yesterday 12:00 UTC"),
    ],
)
def test_a_moment_reads_in_the_zone_of_the_portal_and_in_utc(
    moment: str, zone: ZoneInfo, now: str, words: str
) -> None:
    shown = show_moment(at(moment), zone, at(now))
    assert (
        shown
        == f'<time datetime="{moment}:00+00:00">{words.replace(" UTC)", f"{NO_BREAK}UTC)")}</time>'
    )


def test_a_moment_is_one_time_element_whatever_zone_it_came_in() -> None:
    local = datetime(2026, 7, 1, 15, 40, 59, 123456, tzinfo=BERLIN)
    shown = show_moment(local, PLAIN, at("2026-07-01T14:00"))
    assert shown == '<time datetime="2026-07-01T13:40:59+00:00">today 13:40 UTC</time>'


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (0.9, "0 seconds"),
        (1, "1 second"),
        (8.4, "8 seconds"),
        (119.9, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (7200, "2 hours"),
        (timedelta(hours=47, minutes=59).total_seconds(), "47 hours"),
        (timedelta(hours=48).total_seconds(), "2 days"),
        (timedelta(days=400).total_seconds(), "400 days"),
    ],
)
def test_a_duration_reads_in_the_largest_unit_that_fits(seconds: float, words: str) -> None:
    assert show_duration(seconds) == words.replace(" ", NO_BREAK)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (59.9, "just now"),
        (60, "1 minute ago"),
        (119, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (86_399, "23 hours ago"),
    ],
)
def test_what_is_recent_reads_by_its_age_and_says_the_moment_itself_too(
    seconds: float, words: str
) -> None:
    moment = at("2026-07-01T13:40")
    now = moment + timedelta(seconds=seconds)
    day = "yesterday" if seconds == 86_399 else "today"
    text = words.replace(" ", NO_BREAK)
    assert show_recent(moment, BERLIN, now) == (
        '<time datetime="2026-07-01T13:40:00+00:00" '
        f'title="{day} 15:40 CEST (13:40{NO_BREAK}UTC)" data-since="{int(seconds)}">{text}</time>'
    )


@pytest.mark.parametrize("seconds", [-1, 86_400])
def test_what_is_to_come_or_a_day_old_reads_as_any_moment(seconds: int) -> None:
    moment = at("2026-07-01T13:40")
    now = moment + timedelta(seconds=seconds)
    assert show_recent(moment, BERLIN, now) == show_moment(moment, BERLIN, now)
