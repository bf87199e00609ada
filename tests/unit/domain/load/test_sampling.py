"""Who is due: the watched every minute, the others every five."""

import pytest

from app.domain.load.samples import Counters
from app.domain.load.sampling import Target, list_due

NOW = 1_000_000.0


def due(*targets: Target) -> list[str]:
    """The names of those that are due."""
    return [target.service_id for target in list_due(targets, NOW)]


@pytest.mark.parametrize(
    ("watched_ago", "tried_ago", "is_due"),
    [
        (None, None, True),
        (None, 299, False),
        (None, 300, True),
        (10, 59, False),
        (10, 60, True),
        (180, 60, False),
        (None, -5, True),  # the clock was set back
    ],
)
def test_a_group_is_due_by_whether_somebody_watches_it(
    watched_ago: float | None, tried_ago: float | None, is_due: bool
) -> None:
    target = Target(
        "one",
        watched_at=None if watched_ago is None else NOW - watched_ago,
        tried_at=None if tried_ago is None else NOW - tried_ago,
    )
    assert bool(due(target)) is is_due


def test_the_most_overdue_comes_first_in_proportion_to_its_interval() -> None:
    late = Target("late", tried_at=NOW - 650)
    watched = Target("watched", watched_at=NOW, tried_at=NOW - 120)
    fresh = Target("fresh", tried_at=NOW - 320)
    assert due(fresh, watched, late, Target("new")) == ["new", "late", "watched", "fresh"]


def test_counters_of_long_ago_are_not_compared() -> None:
    counters = {"a": Counters(1, 1)}
    assert Target("one", counted_at=NOW - 1200, counters=counters).comparable(NOW) == counters
    assert Target("one", counted_at=NOW - 1201, counters=counters).comparable(NOW) == {}
    assert Target("one", counted_at=NOW + 1, counters=counters).comparable(NOW) == {}
