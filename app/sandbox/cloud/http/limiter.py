"""The request limit of an API key: so many requests in a fixed window of ten real seconds."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

WINDOW_SECONDS = 10.0
DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Allowance:
    """What a key may still do in its window, and whether the request just counted may pass."""

    limit: int
    remaining: int
    reset_seconds: float
    is_admitted: bool = True

    def headers(self) -> dict[str, str]:
        """Write it as every answer of the API states it."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self.reset_seconds:.3f}",
            "X-RateLimit-Policy": f'{self.limit};w={WINDOW_SECONDS:g};comment="fixed window"',
        }


@dataclass
class Window:
    """Ten seconds that the first request in them opens."""

    opened_at: float
    used: int = 0


class RateLimiter:
    """Counts the requests of each key; those turned away do not count. Thread-safe."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every request and go back to the documented limit."""
        with self._lock:
            self.limit: int | None = DEFAULT_LIMIT
            self._windows: dict[str, Window] = {}

    def count(self, key_id: str) -> Allowance | None:
        """Count a request. Return what is left and whether it may pass; None without a limit."""
        with self._lock:
            if self.limit is None:
                return None
            now = self._monotonic()
            window = self._windows.setdefault(key_id, Window(now))
            if now >= window.opened_at + WINDOW_SECONDS:
                window = self._windows[key_id] = Window(now)
            is_admitted = window.used < self.limit
            window.used += is_admitted
            left = max(0, self.limit - window.used)
            reset_seconds = window.opened_at + WINDOW_SECONDS - now
            return Allowance(self.limit, left, reset_seconds, is_admitted)

    def untouched(self, remaining: int | None = None) -> Allowance | None:
        """Return what a key that has asked for nothing may do; None without a limit."""
        with self._lock:
            if self.limit is None:
                return None
            left = self.limit if remaining is None else remaining
            return Allowance(self.limit, left, WINDOW_SECONDS)
