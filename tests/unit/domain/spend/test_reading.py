"""When the cost report is read, and of which days."""

from datetime import date, timedelta

import pytest

from app.domain.spend.reading import ReadingMark, Span, days_of, find_due, is_whole
from tests.unit.builders import NOW

HOUR = timedelta(hours=1)


def mark(hours: float, error: str = "") -> ReadingMark:
    """Read, or tried in vain, so many hours ago."""
    at = NOW - hours * HOUR
    return ReadingMark(at, None if error else at, error)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({}, Span.MONTH),
        ({Span.MONTH: mark(0.5), Span.LATEST: mark(0.5)}, None),
        ({Span.MONTH: mark(5), Span.LATEST: mark(1)}, Span.LATEST),
        ({Span.MONTH: mark(24), Span.LATEST: mark(0.1)}, Span.MONTH),
        ({Span.MONTH: mark(0.5, "no"), Span.LATEST: mark(0.5, "no")}, None),
        ({Span.MONTH: mark(1, "no"), Span.LATEST: mark(0.5)}, Span.MONTH),
        ({Span.MONTH: mark(-2), Span.LATEST: mark(0.5)}, Span.MONTH),
    ],
)
def test_what_is_due(marks: dict[Span, ReadingMark], expected: Span | None) -> None:
    assert find_due(marks, NOW) is expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ({}, ()),
        ({Span.LATEST: mark(0)}, (1,)),
        ({Span.LATEST: mark(0), Span.MONTH: mark(24)}, (1, 2, 3, 31)),
        ({Span.LATEST: mark(0, "no"), Span.MONTH: mark(48)}, (3, 31)),
        ({Span.MONTH: mark(13)}, (2, 3, 31)),
    ],
)
def test_a_day_is_whole_once_a_reading_that_holds_it_was_made_after_it(
    marks: dict[Span, ReadingMark], expected: tuple[int, ...]
) -> None:
    days_ago = (0, 1, 2, 3, 31, 40)
    found = [n for n in days_ago if is_whole(NOW.date() - timedelta(days=n), marks)]
    assert tuple(found) == expected


def test_a_month_is_the_most_that_cloud_gives_in_a_call() -> None:
    first, last = days_of(Span.MONTH, date(2026, 3, 31))
    assert (last - first).days + 1 == 31
    assert days_of(Span.LATEST, date(2026, 3, 1))[0] == date(2026, 2, 28)
