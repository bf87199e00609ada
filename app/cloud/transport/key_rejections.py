"""What Cloud refuses the portal's own key is not asked for again at every look.

A key that is not known (401) is refused everything; one that lacks a right (403) what it asked.
Each process remembers by itself, so that each asks once a minute.
"""

import threading
import time
from collections.abc import Callable

from app.errors import CloudKeyRefused

PAUSE_SECONDS = 60.0
EVERYTHING = ""


class KeyRejections:
    """The refusals of the last minute, by path. Thread-safe."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until: dict[str, tuple[float, CloudKeyRefused]] = {}

    def check(self, path: str) -> None:
        """Raises CloudKeyRefused, as Cloud would, while asking again is of no use."""
        with self._lock:
            now = self._monotonic()
            self._until = {key: item for key, item in self._until.items() if item[0] > now}
            found = self._until.get(EVERYTHING) or self._until.get(path)
        if found:
            raise _again(found[1])

    def note(self, path: str, error: CloudKeyRefused) -> None:
        """Remember it."""
        key = EVERYTHING if error.upstream_status == 401 else path
        with self._lock:
            self._until[key] = (self._monotonic() + PAUSE_SECONDS, error)

    def forget(self) -> None:
        """Ask again at once: somebody who can cure it is looking."""
        with self._lock:
            self._until.clear()


def _again(error: CloudKeyRefused) -> CloudKeyRefused:
    # Of its own for each thread, since raising writes into the exception.
    return CloudKeyRefused(
        message=error.message,
        remedy=error.remedy,
        request_id=error.request_id,
        upstream_status=error.upstream_status,
    )
