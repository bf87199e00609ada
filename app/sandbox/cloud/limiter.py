"""The request limit of an API key: so many requests in a sliding ten seconds of real time."""

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

WINDOW_SECONDS = 10.0
DEFAULT_LIMIT = 10


class RateLimiter:
    """Counts the requests of each key; those turned away do not count."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every request and go back to the documented limit."""
        with self._lock:
            self.limit: int | None = DEFAULT_LIMIT
            self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def find_wait_seconds(self, key_id: str) -> float | None:
        """Count a request. Return None when it may pass, else the seconds until one may."""
        with self._lock:
            if self.limit is None:
                return None
            now, seen = self._monotonic(), self._seen[key_id]
            while seen and seen[0] <= now - WINDOW_SECONDS:
                seen.popleft()
            if len(seen) < self.limit:
                seen.append(now)
                return None
            return (seen[0] if seen else now) + WINDOW_SECONDS - now
