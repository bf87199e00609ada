"""The requests the portal's key may make: Cloud allows 10 in 10 s, shared by everybody here.

Three of the ten are kept for changes, so that lookers cannot use up what a change needs.
"""

import threading

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.errors import CloudTooBusy

WINDOW_SECONDS = 10
REQUESTS_IN_WINDOW = 10
KEPT_FOR_CHANGES = 3


class RequestBudget:
    """Counts requests over a moving window. Exact within one process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._all = RateLimitItemPerSecond(REQUESTS_IN_WINDOW, WINDOW_SECONDS)
        self._looks = RateLimitItemPerSecond(REQUESTS_IN_WINDOW - KEPT_FOR_CHANGES, WINDOW_SECONDS)
        self._lock = threading.Lock()

    def take(self, *, is_reserved: bool) -> None:
        """Count one request, of a change if `is_reserved`. Raises CloudTooBusy if none is left."""
        with self._lock:
            has_room = self._limiter.test(self._all, "all") and (
                is_reserved or self._limiter.test(self._looks, "looks")
            )
            if not has_room:
                raise CloudTooBusy(
                    message="The portal has used up its requests to ClickHouse Cloud.",
                    remedy="Try again in a few seconds.",
                    retry_after_seconds=WINDOW_SECONDS / 2,
                )
            self._limiter.hit(self._all, "all")
            if not is_reserved:
                self._limiter.hit(self._looks, "looks")
