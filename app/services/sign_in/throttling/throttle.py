"""Slows guessing down before a password leaves the portal, and never locks anybody out for good.

Figures and reasons: five attempts per name and address block are free (people mistype), then the
wait doubles from 1 s to 15 min, for that name from that block alone. Ten failures of one name from
anywhere slow down every block that the name has not signed in from, for 30 s at most: a stranger
does not keep the owner of a name out. A block may fail 30 times in 5 min whatever names it tries
(successes do not count: a whole office can share one address). ClickHouse counts failures against
the user's own quota, so unlimited forwarding could lock people out there.
From a block where the same name has signed in before, only the block's own limit applies. How many
checks run at once is a matter of `Places`.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.domain.access.addresses import block_of
from app.errors import Throttled
from app.services.sign_in.throttling.failures import FailureRecords, FailuresInMemory
from app.services.sign_in.throttling.newcomers import Newcomers
from app.services.sign_in.throttling.places import Places
from app.services.sign_in.throttling.trust import Trust
from app.store.known_addresses import Account

FREE_ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 15 * 60
FREE_ATTEMPTS_OF_NAME = 10
LONGEST_WAIT_OF_NAME_SECONDS = 30
ADDRESS_FAILURES = 30
ADDRESS_WINDOW_MINUTES = 5


class Attempt:
    """One attempt in progress; it counts as a failure unless told otherwise.

    `earlier_failures` is how many came before it under the same name.
    """

    def __init__(self, earlier_failures: int) -> None:
        self.earlier_failures = earlier_failures
        self.is_success = False
        self.is_counted = True

    def succeed(self) -> None:
        """The password was right: forget the failures."""
        self.is_success = True

    def discount(self) -> None:
        """ClickHouse did not look at the password: this was no guess."""
        self.is_counted = False


class SignInThrottle:
    """Exact within one process, which is why the portal runs as one. Thread-safe."""

    def __init__(
        self,
        trust: Trust | None = None,
        failures: FailureRecords | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trust = trust or Trust()
        self._failures = failures if failures is not None else FailuresInMemory()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._newcomers = Newcomers()
        self._blocks = MovingWindowRateLimiter(MemoryStorage())
        self._per_block = RateLimitItemPerMinute(ADDRESS_FAILURES, ADDRESS_WINDOW_MINUTES)
        self._places = Places()

    @contextmanager
    def attempt(self, account: Account, address: str) -> Iterator[Attempt]:
        """Let one attempt through, counted beforehand so that parallel ones cannot slip by.

        Raises Throttled, and PortalBusy, which counts nothing.
        """
        block = block_of(address)
        is_trusted = self._trust.is_trusted(account, block)
        with self._lock:  # whoever is turned away need not wait for a place
            self._check(account, block, is_trusted=is_trusted)
        with self._places.take(account, block):
            attempt = Attempt(self._admit(account, block, is_trusted=is_trusted))
            try:
                yield attempt
            finally:
                self._record(attempt, account, block)

    def failures_of(self, account: Account) -> int:
        """How many attempts under this name have failed since the last that succeeded."""
        with self._lock:
            # Those under way are counted beforehand, and have not failed yet.
            running = self._places.running_for(account)
            return max(0, self._failures.find(account).count - running)

    def _admit(self, account: Account, block: str, *, is_trusted: bool) -> int:
        with self._lock:
            self._check(account, block, is_trusted=is_trusted)
            self._newcomers.let_in(account, block)
            pair, now = (account, block), self._monotonic()
            of_pair, of_name = self._failures.find(pair), self._failures.find(account)
            self._failures.put(pair, of_pair.counted(now + _wait_of_pair(of_pair.count + 1)))
            self._failures.put(account, of_name.counted(0))
            return of_name.count

    def _check(self, account: Account, block: str, *, is_trusted: bool) -> None:
        now = self._monotonic()
        if not is_trusted:
            of_name = _wait_of_name(self._failures.find(account).count)
            wait = max(
                self._failures.find((account, block)).blocked_until - now,
                self._newcomers.wait_of(account, block, of_name, now),
            )
            if wait > 0:
                raise Throttled(retry_after_seconds=int(wait) + 1)
        if not self._blocks.test(self._per_block, block):
            reset_at = self._blocks.get_window_stats(self._per_block, block).reset_time
            raise Throttled(retry_after_seconds=max(1, int(reset_at - time.time()) + 1))

    def _record(self, attempt: Attempt, account: Account, block: str) -> None:
        keys = ((account, block), account)
        with self._lock:
            for key in keys if attempt.is_success else ():
                self._failures.drop(key)
            for key in () if attempt.is_success or attempt.is_counted else keys:
                self._failures.put(key, self._failures.find(key).taken_back())
        if attempt.is_success:
            self._trust.remember(account, block)
        elif attempt.is_counted:
            self._blocks.hit(self._per_block, block)


def _wait_of_pair(count: int) -> float:
    beyond = count - FREE_ATTEMPTS
    return min(2.0 ** min(beyond, 20), LONGEST_WAIT_SECONDS) if beyond >= 0 else 0.0


def _wait_of_name(count: int) -> float:
    beyond = count - FREE_ATTEMPTS_OF_NAME
    return min(2.0 ** min(beyond, 20), LONGEST_WAIT_OF_NAME_SECONDS) if beyond >= 0 else 0.0
