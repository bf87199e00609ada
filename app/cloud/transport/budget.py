"""The requests the portal's key may make: Cloud allows 10 in 10 s, shared by everybody here.

Three of the ten are kept for changes, so that lookers cannot use up what a change needs. Where
Cloud says itself how many are left, or until when there are none, that counts too.
"""

import threading
import time
from collections.abc import Callable, Mapping

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.cloud.transport.answers import wait_seconds
from app.errors import CloudNotAsked

WINDOW_SECONDS = 11
"""A second more than Cloud's own: requests arrive later than they are counted here, and not all
equally late."""

REQUESTS_IN_WINDOW = 10
KEPT_FOR_CHANGES = 3


class RequestBudget:
    """Counts requests over a moving window. Exact within one process."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._all = RateLimitItemPerSecond(REQUESTS_IN_WINDOW, WINDOW_SECONDS, "all")
        reads = REQUESTS_IN_WINDOW - KEPT_FOR_CHANGES
        self._reads = RateLimitItemPerSecond(reads, WINDOW_SECONDS, "reads")
        self._lock = threading.Lock()
        self._monotonic = monotonic
        self._all_closed_until = self._reads_closed_until = 0.0

    def take(self, *, for_write: bool) -> None:
        """Count one request, of a change if `for_write`. Raises CloudNotAsked if none is left."""
        with self._lock:
            self._check_open(for_write=for_write)
            items = [self._all] if for_write else [self._all, self._reads]
            for item in items:
                if not self._limiter.test(item):
                    raise _spent(self._limiter.get_window_stats(item).reset_time - time.time())
            for item in items:
                self._limiter.hit(item)

    def count_left(self) -> int:
        """How many requests of the window are left, those that are kept for changes included."""
        with self._lock:
            return self._limiter.get_window_stats(self._all).remaining

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in what Cloud says with an answer: nothing more before X-RateLimit-Reset."""
        left = 0 if status == 429 else _whole(headers.get("X-RateLimit-Remaining", ""))
        if left is None:
            return
        until = self._monotonic() + wait_seconds(headers)
        with self._lock:
            if left > self._count_kept():
                return
            self._reads_closed_until = max(self._reads_closed_until, until)
            if left == 0:
                self._all_closed_until = max(self._all_closed_until, until)

    def _count_kept(self) -> int:
        """How many are still kept for changes: what changes took of them is not kept twice."""
        used_by_all = REQUESTS_IN_WINDOW - self._limiter.get_window_stats(self._all).remaining
        left_for_reads = self._limiter.get_window_stats(self._reads).remaining
        used_by_changes = used_by_all - (REQUESTS_IN_WINDOW - KEPT_FOR_CHANGES - left_for_reads)
        return max(0, KEPT_FOR_CHANGES - used_by_changes)

    def _check_open(self, *, for_write: bool) -> None:
        until = self._all_closed_until if for_write else self._reads_closed_until
        left_seconds = until - self._monotonic()
        if left_seconds > 0:
            raise CloudNotAsked(
                message="ClickHouse Cloud receives too many requests at the moment.",
                retry_after_seconds=left_seconds,
            )


def _spent(left_seconds: float) -> CloudNotAsked:
    return CloudNotAsked(
        message="The portal has used up its requests to ClickHouse Cloud.",
        retry_after_seconds=left_seconds,
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
