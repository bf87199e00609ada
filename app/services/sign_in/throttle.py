"""Slows guessing down before a password leaves the portal, and never locks anybody out for good.

Figures and reasons: five attempts per name are free (people mistype), then the wait doubles from
1 s to 15 min; an address may fail 30 times in 5 min (successes do not count: a whole office can
share one address). ClickHouse counts failures against the user's own quota, so unlimited
forwarding could lock people out there. How many checks run at once is a matter of `Places`.
From an address where the same name has signed in before, only the address's own limit applies:
a stranger's guessing does not keep the owner of the name out.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.errors import Throttled
from app.services.sign_in.places import Places

FREE_ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 15 * 60
ADDRESS_FAILURES = 30
ADDRESS_WINDOW_MINUTES = 5
MOST_ACCOUNTS = 10_000
"""How many names are remembered; made-up names push out the oldest, not the memory's bounds."""

Account = tuple[str, str]
"""Warehouse and user name."""


@dataclass
class _Failures:
    count: int = 0
    blocked_until: float = 0.0
    blocked_before: float = 0.0


class Attempt:
    """One attempt under way; it counts as a failure unless told otherwise.

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
    """Exact within one process, which is why the portal runs as one."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._accounts: OrderedDict[Account, _Failures] = OrderedDict()
        self._trusted: OrderedDict[tuple[Account, str], None] = OrderedDict()
        self._addresses = MovingWindowRateLimiter(MemoryStorage())
        self._per_address = RateLimitItemPerMinute(ADDRESS_FAILURES, ADDRESS_WINDOW_MINUTES)
        self._places = Places()

    @contextmanager
    def attempt(self, account: Account, address: str) -> Iterator[Attempt]:
        """Let one attempt through, counted beforehand so that parallel ones cannot slip by.

        Raises Throttled, and PortalBusy, which counts nothing.
        """
        self._check(account, address)  # whoever is turned away need not wait for a place
        with self._places.take(account, address):
            attempt = Attempt(self._admit(account, address))
            try:
                yield attempt
            finally:
                self._settle(attempt, account, address)

    def _settle(self, attempt: Attempt, account: Account, address: str) -> None:
        if attempt.is_success:
            self._forgive(account, address)
        elif attempt.is_counted:
            self._addresses.hit(self._per_address, address)
        else:
            self._take_back(account)

    def failures_of(self, account: Account) -> int:
        """How many attempts under this name have failed since the last that succeeded."""
        with self._lock:
            failures = self._accounts.get(account)
            # Those under way are counted beforehand, and have not failed yet.
            running = self._places.running_for(account)
            return max(0, failures.count - running) if failures else 0

    def _check(self, account: Account, address: str) -> None:
        with self._lock:
            self._check_locked(account, address, self._monotonic())

    def _admit(self, account: Account, address: str) -> int:
        with self._lock:
            now = self._monotonic()
            self._check_locked(account, address, now)
            failures = self._accounts.get(account, _Failures())
            self._count(account, failures, now)
            return failures.count - 1

    def _check_locked(self, account: Account, address: str, now: float) -> None:
        failures = self._accounts.get(account, _Failures())
        is_trusted = (account, address) in self._trusted
        if failures.blocked_until > now and not is_trusted:
            raise Throttled(retry_after_seconds=int(failures.blocked_until - now) + 1)
        if not self._addresses.test(self._per_address, address):
            reset_at = self._addresses.get_window_stats(self._per_address, address).reset_time
            raise Throttled(retry_after_seconds=max(1, int(reset_at - time.time()) + 1))

    def _count(self, account: Account, failures: _Failures, now: float) -> None:
        failures.count += 1
        failures.blocked_before = failures.blocked_until
        beyond = failures.count - FREE_ATTEMPTS
        if beyond >= 0:
            failures.blocked_until = now + min(2.0 ** min(beyond, 20), LONGEST_WAIT_SECONDS)
        self._accounts[account] = failures
        self._accounts.move_to_end(account)
        while len(self._accounts) > MOST_ACCOUNTS:
            self._accounts.popitem(last=False)

    def _forgive(self, account: Account, address: str) -> None:
        with self._lock:
            self._accounts.pop(account, None)
            self._trusted[account, address] = None
            while len(self._trusted) > MOST_ACCOUNTS:
                self._trusted.popitem(last=False)

    def _take_back(self, account: Account) -> None:
        with self._lock:
            failures = self._accounts.get(account)
            if failures:
                failures.count -= 1
                if failures.count == 0:
                    del self._accounts[account]
                failures.blocked_until = failures.blocked_before
