"""Ten requests in ten seconds for everybody, three of them kept for changes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.cloud.transport.budget import BudgetRecords, RequestBudget, UsageOfOneProcess
from app.domain.request_budget import BudgetUsage
from app.errors import CloudNotAsked, StoreUnavailable
from app.store.database.engine import open_engine, upgrade
from app.store.request_budget import RequestBudgetStore


class Clock:
    """A clock that the tests move."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the budget."""
    return Clock()


@contextmanager
def usage_in_a_store(folder: Path, clock: Clock) -> Iterator[BudgetRecords]:
    """As the portal counts."""
    engine = open_engine(SecretStr(f"sqlite:///{folder / 'portal.db'}"))
    upgrade(engine)
    yield RequestBudgetStore(engine, lambda _: datetime.fromtimestamp(clock(), UTC))
    engine.dispose()


@pytest.fixture(params=["one process", "a store"])
def budget(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[RequestBudget]:
    """A budget of which nothing is used."""
    is_stored = request.param == "a store"
    usage = (
        usage_in_a_store(tmp_path, clock) if is_stored else nullcontext(UsageOfOneProcess(clock))
    )
    with usage as records:
        yield RequestBudget(records)


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


# ASVS 2.4.1
def test_lookers_get_seven_and_three_are_left_for_changes(budget: RequestBudget) -> None:
    assert take(budget, 20, for_write=False) == 7
    assert take(budget, 20, for_write=True) == 3


def test_changes_may_use_all_ten_and_then_nobody_gets_any(budget: RequestBudget) -> None:
    assert take(budget, 20, for_write=True) == 10
    assert take(budget, 1, for_write=False) == 0


def test_the_window_moves(budget: RequestBudget, clock: Clock) -> None:
    assert take(budget, 5, for_write=False) == 5
    clock.now += 6
    assert take(budget, 5, for_write=False) == 2
    clock.now += 5.1  # the first five are more than eleven seconds old
    assert take(budget, 9, for_write=False) == 5
    assert take(budget, 9, for_write=True) == 3


# ASVS 15.4.1, 15.2.2
def test_parallel_requests_do_not_slip_by(budget: RequestBudget) -> None:
    granted = []
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


def test_a_refusal_says_that_nothing_was_sent_and_when_to_come_again(budget: RequestBudget) -> None:
    take(budget, 10, for_write=True)
    with pytest.raises(CloudNotAsked) as caught:
        budget.take(for_write=True)
    assert 0 < caught.value.retry_after_seconds <= 11


def test_after_a_429_nothing_goes_out_before_the_time_that_cloud_names(
    budget: RequestBudget, clock: Clock
) -> None:
    budget.note(429, {"X-RateLimit-Reset": "2.5"})
    for _ in range(2):
        with pytest.raises(CloudNotAsked) as caught:
            budget.take(for_write=True)
        assert caught.value.retry_after_seconds == 4  # 2.5 s and one more, in whole seconds
    clock.now += 3.5
    budget.take(for_write=True)


@pytest.mark.parametrize(
    ("left", "lookers", "changes"),
    [("0", 0, 0), ("3", 0, 3), ("4", 7, 3), ("", 7, 3), ("many", 7, 3), ("-1", 7, 3)],
)
def test_what_cloud_says_is_left_counts(
    budget: RequestBudget, left: str, lookers: int, changes: int
) -> None:
    budget.note(200, {"X-RateLimit-Remaining": left, "X-RateLimit-Reset": "5"})
    assert take(budget, 20, for_write=False) == lookers
    assert take(budget, 3, for_write=True) == changes


def test_what_is_left_can_be_told(budget: RequestBudget) -> None:
    take(budget, 4, for_write=False)
    assert budget.count_left() == 6


@pytest.mark.parametrize(("reads", "changes", "more_reads"), [(7, 0, 0), (5, 2, 2), (4, 3, 3)])
def test_what_changes_have_taken_of_their_three_is_not_kept_once_more(
    budget: RequestBudget, reads: int, changes: int, more_reads: int
) -> None:
    take(budget, reads, for_write=False)
    take(budget, changes, for_write=True)
    budget.note(200, {"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "5"})
    assert take(budget, 9, for_write=False) == more_reads


def test_a_clock_that_is_set_back_by_hours_closes_nothing(
    budget: RequestBudget, clock: Clock
) -> None:
    take(budget, 10, for_write=True)
    budget.note(429, {"X-RateLimit-Reset": "5"})
    clock.now -= 7200
    assert take(budget, 20, for_write=True) == 10


def test_a_clock_that_is_set_back_by_a_moment_forgets_nothing(
    budget: RequestBudget, clock: Clock
) -> None:
    take(budget, 10, for_write=True)
    clock.now -= 2
    assert take(budget, 1, for_write=True) == 0
    clock.now += 13
    assert take(budget, 20, for_write=True) == 10


class NoRecords:
    """A store that cannot be reached."""

    def __init__(self) -> None:
        self.asked = 0

    def change(self, _: object) -> None:
        """In vain."""
        self.asked += 1
        raise StoreUnavailable(message="The disk is full.")

    def read(self) -> tuple[BudgetUsage, float]:
        """In vain."""
        raise StoreUnavailable(message="The disk is full.")


def test_most_answers_are_noted_without_a_transaction() -> None:
    records = NoRecords()
    RequestBudget(records).note(200, {"X-RateLimit-Remaining": "9", "X-RateLimit-Reset": "5"})
    assert records.asked == 0


@pytest.mark.parametrize("for_write", [False, True])
def test_what_cannot_be_counted_is_not_sent(for_write: bool) -> None:
    with pytest.raises(CloudNotAsked) as caught:
        RequestBudget(NoRecords()).take(for_write=for_write)
    assert "cannot count its requests" in caught.value.message


def test_an_answer_of_cloud_is_not_lost_over_what_cannot_be_noted() -> None:
    records = NoRecords()
    RequestBudget(records).note(429, {"X-RateLimit-Reset": "5"})
    assert records.asked == 1


def take_samples(budget: RequestBudget, count: int) -> int:
    """Ask for so many readings of the load and return how many were granted."""
    granted = 0
    for _ in range(count):
        try:
            budget.take_sample()
        except CloudNotAsked:
            continue
        granted += 1
    return granted


def test_of_the_load_two_readings_are_made_in_a_window(budget: RequestBudget, clock: Clock) -> None:
    assert take_samples(budget, 5) == 2
    clock.now += 10
    assert take_samples(budget, 5) == 0
    clock.now += 1
    assert take_samples(budget, 5) == 2


@pytest.mark.parametrize(("taken", "granted"), [(5, 2), (6, 1), (7, 0)])
def test_the_load_is_not_read_with_fewer_than_four_requests_left(
    budget: RequestBudget, taken: int, granted: int
) -> None:
    assert take(budget, taken, for_write=True) == taken
    assert take_samples(budget, 5) == granted


def test_a_reading_of_the_load_is_one_of_the_seven_of_lookers(budget: RequestBudget) -> None:
    assert take_samples(budget, 2) == 2
    assert take(budget, 20, for_write=False) == 5
    assert take(budget, 20, for_write=True) == 3


def test_the_load_is_not_read_while_cloud_wants_to_be_left_alone(budget: RequestBudget) -> None:
    budget.note(429, {"X-RateLimit-Reset": "5"})
    assert take_samples(budget, 1) == 0
