"""The request budget holds whatever processes ask: here two engines over one database."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from app.cloud.transport.budget import RequestBudget
from app.domain.request_budget import (
    REQUESTS_IN_WINDOW,
    WINDOW_SECONDS,
    BudgetUsage,
)
from app.errors import CloudNotAsked
from app.store.request_budget import RequestBudgetStore

THREADS = 8
QUESTIONS = 40
QUESTION_SECONDS = 0.1


class Clock:
    """Goes on a little with each question, whoever asks; the questions are one at a time."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self, _connection: Connection) -> datetime:
        self.now += QUESTION_SECONDS
        return datetime.fromtimestamp(self.now, UTC)


def ask(budget: RequestBudget, granted: Callable[[], None], *, for_write: bool) -> None:
    """Ask again and again."""
    for _ in range(QUESTIONS):
        try:
            budget.take(for_write=for_write)
        except CloudNotAsked:
            continue
        granted()


def test_two_processes_never_take_more_than_ten_in_any_eleven_seconds(
    engine: Engine, other_engine: Engine
) -> None:
    clock = Clock()
    taken: list[float] = []

    class Watched(RequestBudgetStore):
        """Notes under the lock when each request was counted."""

        def change(self, change: Callable[[BudgetUsage, float], BudgetUsage]) -> None:
            def watched(usage: BudgetUsage, now: float) -> BudgetUsage:
                changed = change(usage, now)
                taken.append(now)
                return changed

            super().change(watched)

    granted: list[int] = []
    threads = [
        threading.Thread(
            target=ask,
            args=(RequestBudget(Watched(item, clock)), lambda: granted.append(1)),
            kwargs={"for_write": number % 2 == 0},
        )
        for number in range(THREADS // 2)
        for item in (engine, other_engine)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(granted)
    assert len(taken) > 2 * REQUESTS_IN_WINDOW  # 320 questions take 32 s
    pairs = zip(taken, taken[REQUESTS_IN_WINDOW:], strict=False)
    assert min(later - earlier for earlier, later in pairs) >= WINDOW_SECONDS


def test_what_another_process_has_taken_is_told_as_used(
    engine: Engine, other_engine: Engine
) -> None:
    ours, theirs = (RequestBudget(RequestBudgetStore(item)) for item in (engine, other_engine))
    assert ours.count_left() == REQUESTS_IN_WINDOW
    theirs.take(for_write=False)
    assert ours.count_left() == REQUESTS_IN_WINDOW - 1


def test_what_cloud_says_to_one_process_counts_for_the_other(
    engine: Engine, other_engine: Engine
) -> None:
    ours, theirs = (RequestBudget(RequestBudgetStore(item)) for item in (engine, other_engine))
    theirs.note(429, {"X-RateLimit-Reset": "30"})
    granted: list[int] = []
    ask(ours, lambda: granted.append(1), for_write=True)
    assert granted == []
