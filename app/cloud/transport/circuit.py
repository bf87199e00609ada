"""A Cloud that fails again and again is left alone for a while, then tried with one safe call.

Until that call has succeeded every other fails at once, so that no page waits in vain. Pages and
programs still get what is known. Each process finds out by itself: its few calls in vain count
against the budget that all processes share.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.errors import CloudAnswerLost, CloudDown, CloudError, CloudNotAsked, CloudUnreachable

FAILURES = 5
"""How many failures in a row open the circuit: two readings with their further tries."""

PAUSE_SECONDS = 10.0

SICK = (CloudUnreachable, CloudAnswerLost)
"""What says that Cloud is not well. A refusal, or being too busy, is an answer; a wait that the
portal itself cut short says nothing."""


class Circuit:
    """Counts failures in a row. Thread-safe; nothing waits for a call of another thread."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._last_failure = ""
        self._opened_at: float | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are held back."""
        return self._opened_at is not None

    @contextmanager
    def watch(self, *, may_probe: bool) -> Iterator[None]:
        """Around one call. Raises CloudDown instead of making it while the circuit is open.

        After the pause one call that `may_probe` is let through to find out.
        """
        is_probe = self._enter(may_probe=may_probe)
        is_well: bool | None = None
        try:
            yield
            is_well = True
        except CloudError as error:
            is_well = _says_of_cloud(error)
            if is_well is False:
                self._last_failure = error.message
            raise
        finally:
            self._leave(is_well, is_probe=is_probe)

    def _enter(self, *, may_probe: bool) -> bool:
        with self._lock:
            if self._opened_at is None:
                return False
            left_seconds = self._opened_at + PAUSE_SECONDS - self._monotonic()
            if left_seconds > 0 or self._is_probing or not may_probe:
                raise CloudDown(
                    message="ClickHouse Cloud has failed several times in a row, so the portal "
                    f"leaves it alone for a moment. The last time: {self._last_failure}",
                    retry_after_seconds=left_seconds,
                )
            self._is_probing = True
            return True

    def _leave(self, is_well: bool | None, *, is_probe: bool) -> None:
        # A call that began before the circuit opened and ends now changes nothing.
        with self._lock:
            if is_probe:
                self._is_probing = False
            if is_well is None or (self._opened_at is not None and not is_probe):
                return
            self._failures = 0 if is_well else self._failures + 1
            self._opened_at = self._monotonic() if self._failures >= FAILURES else None


def _says_of_cloud(error: CloudError) -> bool | None:
    """Whether Cloud is well, by how a call failed; None if that was the portal's own doing."""
    if isinstance(error, SICK):
        return None if error.is_cut_short else False
    return None if isinstance(error, CloudNotAsked) else True
