"""A Cloud that fails again and again is left alone for a while, then tried with one safe call.

Until that call has succeeded every other fails at once, so that no page waits in vain. Pages and
programs still get what is known.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from pybreaker import (
    STATE_CLOSED,
    CircuitBreaker,
    CircuitBreakerError,
    CircuitMemoryStorage,
)

from app.errors import CloudAnswerLost, CloudDown, CloudError, CloudNotAsked, CloudUnreachable

FAILURES = 5
"""How many failures in a row open the circuit: two readings with their further tries."""

PAUSE_SECONDS = 10.0

SICK = (CloudUnreachable, CloudAnswerLost)
"""What says that Cloud is not well. A refusal, or being too busy, is an answer."""


class Circuit:
    """Counts failures in a row. Thread-safe; nothing waits for a call of another thread."""

    def __init__(self) -> None:
        self._storage = CircuitMemoryStorage(STATE_CLOSED)
        self._breaker = CircuitBreaker(
            FAILURES, PAUSE_SECONDS, state_storage=self._storage, throw_new_error_on_trip=False
        )
        self._probe = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether calls are held back."""
        return self._breaker.current_state != STATE_CLOSED

    @contextmanager
    def watch(self, *, may_probe: bool) -> Iterator[None]:
        """Around one call. Raises CloudDown instead of making it while the circuit is open.

        After the pause one call that `may_probe` is let through to find out.
        """
        is_probe = self._enter(may_probe=may_probe)
        try:
            yield
        except SICK as error:
            self._note(error)
            raise
        except CloudNotAsked:
            raise
        except CloudError:
            self._note(None)
            raise
        else:
            self._note(None)
        finally:
            if is_probe:
                self._probe.release()

    def _enter(self, *, may_probe: bool) -> bool:
        if not self.is_open:
            return False
        left_seconds = self._pause_left_seconds()
        if not may_probe or left_seconds > 0 or not self._probe.acquire(blocking=False):
            raise CloudDown(
                message="ClickHouse Cloud has failed several times in a row, so the portal leaves "
                "it alone for a moment.",
                retry_after_seconds=left_seconds,
            )
        return True

    def _pause_left_seconds(self) -> float:
        opened_at = self._storage.opened_at or datetime.now(UTC)
        ends_at = opened_at + timedelta(seconds=PAUSE_SECONDS)
        return (ends_at - datetime.now(UTC)).total_seconds()

    def _note(self, error: CloudError | None) -> None:
        # The library holds its lock during a call, so it is told of calls that have ended.
        with suppress(CloudError, CircuitBreakerError):
            self._breaker.call(_outcome_of(error))


def _outcome_of(error: CloudError | None) -> Callable[[], None]:
    def end() -> None:
        if error:
            raise error

    return end
