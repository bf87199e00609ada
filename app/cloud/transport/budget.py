"""Asks for each request of the portal's key whether it may go out now.

The rule is in `domain/request_budget.py`; what was taken stands where all processes of the portal
see it, since they share the one key.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Protocol

from app.cloud.transport.answers import wait_seconds
from app.domain.request_budget import KEPT_FOR_CHANGES, BudgetUsage
from app.errors import CloudNotAsked, StoreUnavailable

UNCOUNTED_SECONDS = 5.0
"""When to try again where requests cannot be counted."""

Change = Callable[[BudgetUsage, float], BudgetUsage]
"""What becomes of the usage at a moment, in seconds since 1970."""


class BudgetRecords(Protocol):
    """Where the usage stands. Both methods raise StoreUnavailable."""

    def change(self, change: Change) -> None:
        """Put what `change` makes of the usage in its place, one caller at a time of all processes.

        Where `change` raises, the usage stays as it was.
        """
        ...

    def read(self) -> tuple[BudgetUsage, float]:
        """The usage, and the moment by the clock that it is counted with."""
        ...


class RequestBudget:
    """Counts requests over a moving window, exactly for all processes that share the records."""

    def __init__(self, records: BudgetRecords) -> None:
        self._records = records

    def take(self, *, for_write: bool) -> None:
        """Count one request, of a change if `for_write`. Raises CloudNotAsked if none is left.

        What cannot be counted is not sent either: that too is CloudNotAsked, so that pages go on
        with what is known and a change goes back to being a draft.
        """
        self._take(partial(_take, for_write=for_write))

    def take_sample(self) -> None:
        """Count one reading of the load, which waits for all others. Raises CloudNotAsked."""
        self._take(_take_sample)

    def _take(self, change: Change) -> None:
        try:
            self._records.change(change)
        except StoreUnavailable:
            raise CloudNotAsked(
                message="The portal cannot count its requests to ClickHouse Cloud at the moment, "
                "so it sends none.",
                retry_after_seconds=UNCOUNTED_SECONDS,
            ) from None

    def count_left(self) -> int:
        """How many requests of the window are left, those that are kept for changes included.

        Raises StoreUnavailable.
        """
        usage, now = self._records.read()
        return usage.at(now).count_left()

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in what Cloud says with an answer: nothing more before X-RateLimit-Reset."""
        left = 0 if status == 429 else _whole(headers.get("X-RateLimit-Remaining", ""))
        if left is None or left > KEPT_FOR_CHANGES:
            return
        # The answer is there and must not be lost over this: Cloud itself refuses what is too much.
        with suppress(StoreUnavailable):
            self._records.change(partial(_note, left=left, rest_seconds=wait_seconds(headers)))


class UsageOfOneProcess:
    """For commands, which run beside the portal and do not open its records. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._usage = BudgetUsage()

    def change(self, change: Change) -> None:
        """See BudgetRecords."""
        with self._lock:
            self._usage = change(self._usage, self._now())

    def read(self) -> tuple[BudgetUsage, float]:
        """See BudgetRecords."""
        with self._lock:
            return self._usage, self._now()


def _take(usage: BudgetUsage, now: float, *, for_write: bool) -> BudgetUsage:
    usage = usage.at(now)
    _check_not_closed(usage, now, for_write=for_write)
    _check_not_spent(usage.spent_seconds(now, for_write=for_write))
    return usage.taken(now, for_write=for_write)


def _take_sample(usage: BudgetUsage, now: float) -> BudgetUsage:
    usage = usage.at(now)
    _check_not_closed(usage, now, for_write=False)
    _check_not_spent(usage.sample_seconds(now))
    return usage.sampled(now)


def _check_not_closed(usage: BudgetUsage, now: float, *, for_write: bool) -> None:
    if (seconds := usage.closed_seconds(now, for_write=for_write)) > 0:
        raise CloudNotAsked(
            message="ClickHouse Cloud receives too many requests at the moment.",
            retry_after_seconds=seconds,
        )


def _check_not_spent(seconds: float) -> None:
    if seconds > 0:
        raise CloudNotAsked(
            message="The portal has used up its requests to ClickHouse Cloud.",
            retry_after_seconds=seconds,
        )


def _note(usage: BudgetUsage, now: float, *, left: int, rest_seconds: float) -> BudgetUsage:
    return usage.at(now).told(left, now + rest_seconds)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
