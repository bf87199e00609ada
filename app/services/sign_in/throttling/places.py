"""How many passwords are checked at once, and who waits for a place among them.

Ten checks run at once at most, three of them for one name and seven for one address block, so that
checks that hang cannot keep everybody else waiting. Whoever finds no place waits a moment for one;
only a few wait at a time, since each holds one of the portal's threads. The others are told so.
"""

import threading
import time
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager

from app.deadlines import beside_the_deadline
from app.errors import PortalBusy

PARALLEL_CHECKS = 10
PARALLEL_CHECKS_OF_ACCOUNT = 3
PARALLEL_CHECKS_OF_ADDRESS = 7
WAIT_FOR_A_PLACE_SECONDS = 5.0
MOST_WAITING = 4


class Places:
    """The checks that run now. Thread-safe."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running: Counter[Hashable] = Counter()
        self._waiting = 0

    def running_for(self, key: Hashable) -> int:
        """How many checks run for this name or address block."""
        with self._changed:
            return self._running[key]

    @contextmanager
    def take(self, account: Hashable, block: Hashable) -> Iterator[None]:
        """Hold a place for one check. Raises PortalBusy if none becomes free in time.

        What the wait takes is not taken from the request's own time.
        """
        bounds: dict[Hashable, int] = {
            None: PARALLEL_CHECKS,
            account: PARALLEL_CHECKS_OF_ACCOUNT,
            block: PARALLEL_CHECKS_OF_ADDRESS,
        }
        with beside_the_deadline(WAIT_FOR_A_PLACE_SECONDS), self._changed:
            if not self._is_free(bounds):
                self._wait_for(bounds)
            self._running.update(bounds.keys())
        try:
            yield
        finally:
            with self._changed:
                self._running -= Counter[Hashable](bounds.keys())
                self._changed.notify_all()

    def _wait_for(self, bounds: Mapping[Hashable, int]) -> None:
        if self._waiting >= MOST_WAITING:
            raise PortalBusy
        self._waiting += 1
        try:
            give_up_at = time.monotonic() + WAIT_FOR_A_PLACE_SECONDS
            while not self._is_free(bounds):
                left_seconds = give_up_at - time.monotonic()
                if left_seconds <= 0 or not self._changed.wait(left_seconds):
                    raise PortalBusy
        finally:
            self._waiting -= 1

    def _is_free(self, bounds: Mapping[Hashable, int]) -> bool:
        return all(self._running[key] < most for key, most in bounds.items())
