"""The drawing of a day: bars that fill the width, and words only where they have room."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.domain.activity.timeline import Segment, Size
from app.domain.groups.states import ServiceState
from app.services.activity.last_day import LastDay
from app.web.groups.day import BASE, TOP, Day, build_day

UNTIL = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
SINCE = UNTIL - timedelta(hours=24)
BERLIN = ZoneInfo("Europe/Berlin")


def drawn(*sizes: tuple[float, Size | None], zone: ZoneInfo = BERLIN) -> Day:
    """The drawing of sizes that begin at these hours, with a state that is not known."""
    starts = [SINCE + timedelta(hours=hour) for hour, _ in sizes]
    ends = [*starts[1:], UNTIL]
    row = [
        Segment(start, end, size) for start, end, (_, size) in zip(starts, ends, sizes, strict=True)
    ]
    return build_day(LastDay(SINCE, UNTIL, tuple(row), (Segment(SINCE, UNTIL, None),)), zone)


def test_the_bars_stand_where_their_hours_are() -> None:
    day = drawn((0, None), (6, (8, 16)), (18, (16, 32)))
    assert [(bar.x, bar.width) for bar in day.sizes] == [(0, 25), (25, 50), (75, 25)]
    assert [bar.clock for bar in day.sizes] == ["yesterday 17:40", "yesterday 23:40", "11:40"]


def test_the_largest_size_reaches_the_top_and_the_others_are_in_proportion() -> None:
    _, small, large = drawn((0, None), (6, (8, 16)), (18, (16, 32))).sizes
    half = (TOP + BASE) / 2
    assert (large.high, large.low) == (TOP, half)
    assert (small.high, small.low) == (half, BASE - (BASE - TOP) / 4)


def test_a_size_of_nothing_lies_on_the_ground() -> None:
    (bar,) = drawn((0, (0, 0))).sizes
    assert (bar.high, bar.low) == (BASE, BASE)


def test_a_bar_says_what_it_stands_for() -> None:
    day = drawn((0, None), (12, (8, 16)), (18, (32, 32)))
    labels = [(bar.kind, bar.label.replace("\N{NO-BREAK SPACE}", " ")) for bar in day.sizes]
    assert labels == [("unknown", "Unknown"), ("size", "8 to 16 GB"), ("size", "32 GB")]


def test_words_stand_only_where_they_have_room() -> None:
    day = drawn((0, (8, 8)), (10, (16, 16)), (11, (8, 8)), (12, (16, 16)))
    assert [bar.has_words for bar in day.sizes] == [True, False, False, True]
    # The words of a narrow last bar reach back over the one before it.
    narrow_end = drawn((0, None), (14, (16, 16)), (23, (15, 16)))
    assert [bar.has_words for bar in narrow_end.sizes] == [True, False, True]
    # Unless they stand at another height.
    narrow_end = drawn((0, None), (14, (16, 16)), (23, (32, 32)))
    assert [bar.has_words for bar in narrow_end.sizes] == [True, True, True]


def test_the_ticks_are_round_hours_of_the_zone() -> None:
    assert [tick.label for tick in drawn((0, None)).ticks] == ["00:00", "06:00", "12:00"]


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("UTC", ["18:00", "00:00", "06:00", "12:00"]),
        ("Asia/Kolkata", ["00:00", "06:00", "12:00", "18:00"]),
        ("Asia/Kathmandu", ["00:00", "06:00", "12:00", "18:00"]),
        ("America/St_Johns", ["18:00", "00:00", "06:00", "12:00"]),
    ],
)
def test_the_ticks_are_round_where_hours_begin_at_other_minutes(
    zone: str, hours: list[str]
) -> None:
    ticks = drawn((0, None), zone=ZoneInfo(zone)).ticks
    assert [tick.label for tick in ticks] == hours
    (gap,) = {round(later.x - tick.x) for tick, later in pairwise(ticks)}
    assert gap == 25


def test_a_day_of_which_nothing_is_known_is_not_worth_a_drawing() -> None:
    assert not drawn((0, None)).is_known
    assert drawn((0, None), (6, (8, 16))).is_known


def test_a_state_has_the_kind_of_its_tone() -> None:
    states = (Segment(SINCE, UNTIL, ServiceState.STOPPED),)
    (bar,) = build_day(LastDay(SINCE, UNTIL, (), states), BERLIN).states
    assert (bar.kind, bar.label) == ("off", "Stopped")
