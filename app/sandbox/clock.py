"""The sandbox's own time: real time multiplied, plus what was skipped."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970 (UTC), starting at the real time. A speed of 0 holds the clock still."""

    def __init__(
        self,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._lock = threading.Lock()
        self.restart(speed)

    @property
    def speed(self) -> float:
        """Sandbox seconds per real second."""
        return self._speed

    def now(self) -> float:
        """Return the sandbox time in seconds since 1970."""
        with self._lock:
            return self._read()

    def advance(self, seconds: float) -> None:
        """Skip `seconds` of sandbox time at once."""
        with self._lock:
            self._origin += seconds

    def set_speed(self, speed: float) -> None:
        """Change the speed from here on; the time already reached stays."""
        with self._lock:
            self._origin, self._since = self._read(), self._monotonic()
            self._speed = speed

    def restart(self, speed: float) -> None:
        """Go back to the real time, at `speed`."""
        with self._lock:
            self._origin, self._since = self._wall(), self._monotonic()
            self._speed = speed

    def _read(self) -> float:
        return self._origin + (self._monotonic() - self._since) * self._speed


def to_iso(seconds: float) -> str:
    """Write a time as Cloud does: UTC, milliseconds, `Z`."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
