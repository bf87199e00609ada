"""A reading of Cloud that many look at: one thread makes it, the others take what is there."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from app.errors import CloudError

T = TypeVar("T")


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Reading(Generic[T]):
    """What was read last. `taken_at` is when Cloud was read for it; None if it never answered.

    `error` is why the last attempt failed; `value` is then older than usual.
    """

    value: T
    taken_at: datetime | None = None
    error: CloudError | None = None


class CachedReading(Generic[T]):
    """Calls `read` at most every `fresh_seconds`, one call at a time. Safe to share by threads.

    `read` is given the moment of the monotonic clock at which it was begun.
    """

    def __init__(
        self,
        read: Callable[[float], T],
        *,
        empty: T,
        fresh_seconds: Callable[[], float],
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._read = read
        self._now = now
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._reading_lock = threading.Lock()
        self._value_lock = threading.Lock()
        self._last: Reading[T] = Reading(empty)
        self._read_at: float | None = None

    def get(self, *, wait_seconds: float = 0.0) -> Reading[T]:
        """The last reading, renewed if it is too old. Never raises CloudError.

        `wait_seconds` is how long to wait for a reading that another thread is making.
        """
        if not self._is_fresh() and self._reading_lock.acquire(timeout=wait_seconds):
            try:
                if not self._is_fresh():
                    self._renew()
            finally:
                self._reading_lock.release()
        return self._last

    def peek(self) -> Reading[T]:
        """The last reading, however old. Never asks Cloud."""
        return self._last

    def change(self, change: Callable[[T], T]) -> None:
        """Put something newer than the last reading into it."""
        with self._value_lock:
            last = self._last
            self._last = Reading(change(last.value), last.taken_at, last.error)

    def _is_fresh(self) -> bool:
        read_at = self._read_at
        return read_at is not None and self._monotonic() - read_at < self._fresh_seconds()

    def _renew(self) -> None:
        begun_at, taken_at = self._monotonic(), self._now()
        try:
            value = self._read(begun_at)
        except CloudError as error:
            with self._value_lock:
                self._last = Reading(self._last.value, self._last.taken_at, error)
        else:
            with self._value_lock:
                self._last = Reading(value, taken_at)
        self._read_at = self._monotonic()
