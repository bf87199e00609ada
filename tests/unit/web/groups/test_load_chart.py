"""The drawing of a load: lines that break where nothing is known, and round moments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.load.advice import Silence
from app.domain.load.buckets import Bucket
from app.domain.load.samples import Activity
from app.domain.load.spans import Span
from app.domain.load.stretches import Stretch
from app.services.load.reports import LoadReport
from app.web.groups.load import LoadPage
from app.web.groups.load_chart import Frame
from tests.unit.builders import make_group, make_service

UNTIL = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)  # the clocks went forward this night
BERLIN = ZoneInfo("Europe/Berlin")


def make_frame(buckets: Sequence[Bucket], span: Span = Span.DAY) -> Frame:
    """Some buckets, drawn."""
    group = make_group(make_service())
    report = LoadReport(group, span, UNTIL, buckets, (), "", Silence.TOO_LITTLE)
    return Frame(report, BERLIN)


def step(count: int, used: float | None = 8.0, **fields: int) -> Bucket:
    """The quarter hour that ended `count` steps before the end."""
    start = int((UNTIL - timedelta(minutes=15 * count)).timestamp())
    return Bucket(start, Activity.AWAKE, memory_used_gb=used, **fields)


def lines(*buckets: Bucket) -> tuple[str, ...]:
    """The memory of 16 GB."""
    return make_frame(buckets).line(lambda item: item.memory_used_gb, 16)


def test_the_end_is_at_the_right_and_half_is_in_the_middle() -> None:
    assert lines(step(2), step(1, 16.0)) == ("M984,50.0 995,0.0",)


def test_a_line_breaks_where_nothing_is_known_and_not_for_one_late_reading() -> None:
    assert len(lines(step(9), step(8), step(6), step(5))) == 1
    assert len(lines(step(9), step(8), step(5), step(4))) == 2


def test_groups_that_are_read_less_often_have_no_gaps() -> None:
    assert len(lines(*(step(count) for count in range(90, 0, -3)))) == 1


def test_idle_is_no_zero() -> None:
    idle = Bucket(step(3).starts_at, Activity.IDLE)
    frame = make_frame([step(5), step(4), idle, step(2), step(1)])
    assert len(frame.line(lambda item: item.memory_used_gb, 16)) == 2
    assert frame.idle() == ((96.88, 97.92),)


def idle(count: int) -> Bucket:
    """A quarter hour in which it rested."""
    return Bucket(step(count).starts_at, Activity.IDLE)


def test_unknown_time_between_idle_readings_is_neither_drawn_nor_told_as_idle() -> None:
    frame = make_frame([idle(50), idle(49), idle(8), idle(7)])
    assert [round(end - start, 1) for start, end in frame.idle()] == [2.1, 2.1]
    assert [row.moment for row in LoadPage(frame.report, BERLIN).rows] == [
        "12:00 to 12:30",
        "00:30 to 01:00",
    ]


def test_a_few_readings_tell_nothing_of_how_often_it_is_read() -> None:
    assert len(lines(step(60), step(12))) == 2


def test_the_band_has_the_gaps_of_the_line() -> None:
    sizes = {"min_gb": 8, "max_gb": 16}
    frame = make_frame([step(60, **sizes), step(59, **sizes), step(8, **sizes), step(7, **sizes)])
    assert len(frame.bands(16)) == 2


def test_a_step_of_the_month_without_a_reading_is_a_gap() -> None:
    start, length = int((UNTIL - timedelta(days=20)).timestamp()), Span.MONTH.step_seconds
    starts = [start + length * count for count in range(60) if count != 30]
    buckets = [Bucket(at, Activity.AWAKE, memory_used_gb=8.0) for at in starts]
    frame = make_frame(buckets, Span.MONTH)
    assert len(frame.line(lambda item: item.memory_used_gb, 16)) == 2


def test_a_group_that_rested_all_the_time_is_told_so() -> None:
    frame = make_frame([idle(count) for count in range(96, 0, -1)])
    for chart in LoadPage(frame.report, BERLIN).charts:
        assert chart.description.startswith("Idle or stopped whenever it was read.")
    nothing = LoadPage(make_frame([step(1, None)]).report, BERLIN).charts[0].description
    assert nothing.startswith("Nothing is known of it.")


def test_what_is_missing_is_not_drawn() -> None:
    assert lines(step(2, None), step(1, None)) == ()


def test_each_configured_size_has_its_band() -> None:
    frame = make_frame([step(3, min_gb=8, max_gb=16), step(2, min_gb=16, max_gb=16), step(1)])
    first, second = frame.bands(16)
    assert first == "M969,0.0H979V50.0H969z"
    assert second == "M979,0.0H990V1.0H979z"


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (Span.DAY, ["18:00", "00:00", "06:00", "12:00"]),
        (Span.WEEK, ["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29"]),
        (Span.MONTH, ["2 Mar", "9 Mar", "16 Mar", "23 Mar"]),
    ],
)
def test_ticks_are_round_moments_of_the_zone(span: Span, labels: list[str]) -> None:
    assert [tick.label for tick in make_frame([], span).ticks()] == labels


def hours_ago(start: float, end: float, name: str = "Boost AAAA-BBBB") -> Stretch:
    """So many hours before the end of the drawing."""
    return Stretch(UNTIL - timedelta(hours=start), UNTIL - timedelta(hours=end), name)


def test_boosts_and_windows_are_where_they_held_and_never_too_narrow_to_be_seen() -> None:
    frame = make_frame([])
    assert frame.places([hours_ago(12, 6), hours_ago(1, 0.99)]) == ((50.0, 75.0), (95.83, 96.23))
    assert frame.places([hours_ago(0.01, 0)])[0][1] == 100.0


def test_boosts_and_windows_are_told_in_words_and_beside_each_row() -> None:
    idle = Bucket(step(3).starts_at, Activity.IDLE)
    frame = make_frame([step(6), step(5), idle, step(2)])
    report = replace(
        frame.report,
        boosted=[hours_ago(0.9, 0.1)],
        windows=[hours_ago(9, 1.3, "Office hours"), hours_ago(30, 29, "Office hours")],
    )
    page = LoadPage(report, BERLIN)
    assert [row.sized_by for row in page.rows] == [
        "Boost AAAA-BBBB",
        "Boost AAAA-BBBB",
        "\N{EN DASH}",
        "Office hours",
    ]
    for chart in page.charts:
        assert "Boosts: 1. Windows of the schedule: “Office hours” 2." in chart.description
    assert (
        "Boosts: 0. Windows of the schedule: none."
        in LoadPage(frame.report, BERLIN).charts[0].description
    )
