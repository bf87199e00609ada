"""What the portal's own changes saved, in worked cases; and what a group was seen to use."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.changes.change import Change, ChangeOrigin, ChangeState
from app.domain.groups.scaling import ScalingConfig
from app.domain.load.buckets import Bucket
from app.domain.load.samples import Activity
from app.domain.spend.estimate import Piece, bounds_of, gb_seconds, list_pieces
from app.domain.spend.savings import list_reliefs, saved_gb_seconds
from tests.unit.builders import VERTICAL, changed, make_change

HOUR = 3600.0
START = datetime(2026, 11, 11, tzinfo=UTC)
AT = START.timestamp()
LARGE = changed(VERTICAL, min_memory_gb=64, max_memory_gb=64, min_replicas=1, max_replicas=1)
SMALL = changed(LARGE, min_memory_gb=16, max_memory_gb=32)
ALWAYS = [Piece(AT, AT + 400 * HOUR, 16.0)]
MORE_GB = 64 - 16


def change(
    hours: float,
    before: ScalingConfig = LARGE,
    target: ScalingConfig = SMALL,
    origin: ChangeOrigin = ChangeOrigin.BOOST,
    **fields: Any,  # noqa: ANN401 - any field
) -> Change:
    """A change that was accepted so many hours after START."""
    at = START + timedelta(hours=hours)
    values = {"state": ChangeState.APPLIED, "sent_at": at, "settled_at": at, **fields}
    return make_change(before=before, target=target, origin=origin, **values)


def saved_hours(
    *changes: Change,
    pieces: list[Piece] = ALWAYS,
    origin: ChangeOrigin = ChangeOrigin.BOOST,
    now: float = 400.0,
) -> float:
    """For how many hours of the larger size nothing had to be paid."""
    reliefs = list_reliefs(changes, AT + now * HOUR)
    found = saved_gb_seconds(reliefs, pieces, origin, AT, AT + 400 * HOUR)
    return found / HOUR / MORE_GB


SCHEDULE, PERSON = ChangeOrigin.SCHEDULE, ChangeOrigin.PERSON
CASES = [
    # the end of a boost counts for a day, then somebody would have seen to it
    ((change(0),), ChangeOrigin.BOOST, 24),
    # … or until the next change of size, by whomever
    ((change(0), change(5, SMALL, LARGE, PERSON)), ChangeOrigin.BOOST, 5),
    # … or until now
    ((change(398),), ChangeOrigin.BOOST, 2),
    # a schedule's evening counts until its morning
    ((change(0, origin=SCHEDULE), change(14, SMALL, LARGE, SCHEDULE)), SCHEDULE, 14),
    # its Christmas for a week at most
    ((change(0, origin=SCHEDULE),), SCHEDULE, 7 * 24),
    # two evenings are two
    (
        (
            change(0, origin=SCHEDULE),
            change(10, SMALL, LARGE, SCHEDULE),
            change(20, origin=SCHEDULE),
            change(30, SMALL, LARGE, SCHEDULE),
        ),
        SCHEDULE,
        20,
    ),
    # what a person makes smaller is theirs
    ((change(0, origin=PERSON),), ChangeOrigin.BOOST, 0),
    # making larger saves nothing, and costs nothing here
    ((change(0, SMALL, LARGE, SCHEDULE),), SCHEDULE, 0),
    # what was not carried out saves nothing
    ((change(0, state=ChangeState.FAILED),), ChangeOrigin.BOOST, 0),
    # an upper end alone may never have been used
    ((change(0, changed(SMALL, max_memory_gb=64), SMALL),), ChangeOrigin.BOOST, 0),
]


@pytest.mark.parametrize(("changes", "origin", "hours"), CASES)
def test_worked_cases(changes: tuple[Change, ...], origin: ChangeOrigin, hours: float) -> None:
    assert saved_hours(*changes, origin=origin) == hours
    assert saved_hours(*changes[::-1], origin=origin) == hours


def test_hours_in_which_it_did_not_run_save_nothing() -> None:
    pieces = [Piece(AT, AT + 2 * HOUR, 16.0), Piece(AT + 10 * HOUR, AT + 11 * HOUR, 16.0)]
    assert saved_hours(change(1), pieces=pieces) == 2
    assert saved_hours(change(1), pieces=[]) == 0


def test_hours_in_which_it_ran_as_large_as_before_save_nothing() -> None:
    # An hour after the boost somebody made it as large again in ClickHouse Cloud's console.
    pieces = [Piece(AT, AT + HOUR, 16.0), Piece(AT + HOUR, AT + 400 * HOUR, 64.0)]
    assert saved_hours(change(0), pieces=pieces) == 1


@pytest.mark.parametrize(("gb", "hours"), [(40.0, 12), (80.0, 0), (8.0, 24)])
def test_what_it_had_beyond_its_new_least_was_not_saved(gb: float, hours: float) -> None:
    assert saved_hours(change(0), pieces=[Piece(AT, AT + 400 * HOUR, gb)]) == hours


def bucket(minutes: int, activity: Activity = Activity.AWAKE, **fields: Any) -> Bucket:  # noqa: ANN401
    """What was read so many minutes after START."""
    values = {"memory_total_gb": 16.0, "replicas": 2, **fields}
    return Bucket(int(AT) + 60 * minutes, activity, **values)


def used(*buckets: Bucket, now: float = 24.0) -> float:
    """GB x hours on the day that begins with START."""
    pieces = list_pieces(buckets, AT + now * HOUR)
    return gb_seconds(pieces, *bounds_of(date(2026, 11, 11))) / HOUR


def test_a_reading_holds_until_the_next() -> None:
    assert used(bucket(0), bucket(30), bucket(60, Activity.IDLE)) == 32


def test_a_reading_holds_for_an_hour_at_most_and_never_into_the_future() -> None:
    assert used(bucket(0)) == 32
    assert used(bucket(0), now=0.5) == 16


def test_idle_and_unknown_times_cost_nothing() -> None:
    assert used(bucket(0, Activity.IDLE), bucket(30, Activity.STOPPED)) == 0
    assert used(bucket(0, replicas=0)) == 0
    assert used() == 0


def test_without_the_memory_that_is_there_the_configured_least_counts() -> None:
    assert used(bucket(0, memory_total_gb=None, min_gb=8)) == 16
    assert used(bucket(0, memory_total_gb=None)) == 0


def test_what_runs_over_midnight_is_split() -> None:
    assert used(bucket(-30), bucket(30, Activity.IDLE)) == 16
