"""The last day in short: the fullest memory of each hour."""

from app.domain.load.buckets import Bucket
from app.domain.load.hours import HOURS, Hour, add_to_hours, last_hours
from app.domain.load.samples import Activity

H = 3600


def awake(hour: int, used: float, minutes: int = 0) -> Bucket:
    """Of 10 GB so much was used."""
    start = hour * H + minutes * 60
    return Bucket(start, Activity.AWAKE, memory_used_gb=used, memory_total_gb=10)


def test_an_hour_has_its_highest_and_an_idle_one_has_none() -> None:
    read = [awake(100, 5), awake(100, 7.5, 30), Bucket(101 * H, Activity.IDLE)]
    assert add_to_hours([], read) == ((100 * H, 75), (101 * H, None))


def test_only_the_last_day_is_kept() -> None:
    hours: tuple[Hour, ...] = ()
    for hour in range(100, 200):
        hours = add_to_hours(hours, [awake(hour, 1)])
    assert len(hours) == HOURS
    assert hours[-1] == (199 * H, 10)


def test_what_nobody_knows_is_a_gap() -> None:
    shown = last_hours([(100 * H, 50), (102 * H, None)], 102 * H + 60)
    assert len(shown) == HOURS
    assert shown[-3:] == (50, None, None)
