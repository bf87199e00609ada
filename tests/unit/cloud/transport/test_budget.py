"""Ten requests in ten seconds for everybody, three of them kept for changes."""

import threading
import time

import pytest

from app.cloud.transport.budget import RequestBudget
from app.errors import CloudNotAsked


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the budget."""
    held = Clock()
    monkeypatch.setattr(time, "time", held)
    return held


def take(budget: RequestBudget, count: int, *, for_write: bool) -> int:
    """Ask for so many requests and return how many were granted."""
    granted = 0
    for _ in range(count):
        try:
            budget.take(for_write=for_write)
        except CloudNotAsked:
            continue
        granted += 1
    return granted


@pytest.mark.usefixtures("clock")
# ASVS 2.4.1
def test_lookers_get_seven_and_three_are_left_for_changes() -> None:
    budget = RequestBudget()
    assert take(budget, 20, for_write=False) == 7
    assert take(budget, 20, for_write=True) == 3


@pytest.mark.usefixtures("clock")
def test_changes_may_use_all_ten_and_then_nobody_gets_any() -> None:
    budget = RequestBudget()
    assert take(budget, 20, for_write=True) == 10
    assert take(budget, 1, for_write=False) == 0


def test_the_window_moves(clock: Clock) -> None:
    budget = RequestBudget()
    assert take(budget, 5, for_write=False) == 5
    clock.now += 6
    assert take(budget, 5, for_write=False) == 2
    clock.now += 5.1  # the first five are more than eleven seconds old
    assert take(budget, 9, for_write=False) == 5
    assert take(budget, 9, for_write=True) == 3


# ASVS 15.4.1, 15.2.2
@pytest.mark.usefixtures("clock")
def test_parallel_requests_do_not_slip_by() -> None:
    budget, granted = RequestBudget(), []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        granted.append(take(budget, 5, for_write=False))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 7


@pytest.mark.usefixtures("clock")
def test_a_refusal_says_that_nothing_was_sent_and_when_to_come_again() -> None:
    budget = RequestBudget()
    take(budget, 10, for_write=True)
    with pytest.raises(CloudNotAsked) as caught:
        budget.take(for_write=True)
    assert 0 < caught.value.retry_after_seconds <= 11


class Seconds:
    """What the budget takes for a monotonic clock."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_after_a_429_nothing_goes_out_before_the_time_that_cloud_names() -> None:
    seconds = Seconds()
    budget = RequestBudget(monotonic=seconds)
    budget.note(429, {"X-RateLimit-Reset": "2.5"})
    for _ in range(2):
        with pytest.raises(CloudNotAsked) as caught:
            budget.take(for_write=True)
        assert caught.value.retry_after_seconds == 4  # 2.5 s and one more, in whole seconds
    seconds.now += 3.5
    budget.take(for_write=True)


@pytest.mark.parametrize(
    ("left", "lookers", "changes"),
    [("0", 0, 0), ("3", 0, 3), ("4", 7, 3), ("", 7, 3), ("many", 7, 3), ("-1", 7, 3)],
)
def test_what_cloud_says_is_left_counts(left: str, lookers: int, changes: int) -> None:
    budget = RequestBudget(monotonic=Seconds())
    budget.note(200, {"X-RateLimit-Remaining": left, "X-RateLimit-Reset": "5"})
    assert take(budget, 20, for_write=False) == lookers
    assert take(budget, 3, for_write=True) == changes


@pytest.mark.usefixtures("clock")
def test_what_is_left_can_be_told() -> None:
    budget = RequestBudget()
    take(budget, 4, for_write=False)
    assert budget.count_left() == 6


@pytest.mark.parametrize(("reads", "changes", "more_reads"), [(7, 0, 0), (5, 2, 2), (4, 3, 3)])
@pytest.mark.usefixtures("clock")
def test_what_changes_have_taken_of_their_three_is_not_kept_once_more(
    reads: int, changes: int, more_reads: int
) -> None:
    budget = RequestBudget()
    take(budget, reads, for_write=False)
    take(budget, changes, for_write=True)
    budget.note(200, {"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "5"})
    assert take(budget, 9, for_write=False) == more_reads
