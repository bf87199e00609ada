"""Slows guessing down before a password leaves the portal, and never locks anybody out for good.

Figures and reasons: five attempts per name and address block are free (people mistype), then the
wait doubles from 1 s to 15 min, for that name from that block alone. Ten failures of one name from
anywhere slow down every block that the name has not signed in from, for 30 s at most: a stranger
does not keep the owner of a name out. A block may fail 30 times in 5 min whatever names it tries
(successes do not count: a whole office can share one address). ClickHouse counts failures against
the user's own quota, so unlimited forwarding could lock people out there.
From a block where the same name has signed in before, only the block's own limit applies. How many
checks run at once is a matter of `ConcurrencyLimit`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from app.domain.access.addresses import block_of
from app.errors import Throttled
from app.services.sign_in.throttling.concurrency import ConcurrencyLimit
from app.services.sign_in.throttling.known_addresses import KnownAddresses
from app.services.sign_in.throttling.waits import (
    Keys,
    Seen,
    failures_of_block,
    is_newcomer,
    ready_at_of_newcomer,
    wait_of_attempt,
    wait_of_pair,
)
from app.store.sign_in.known_addresses import Account
from app.store.sign_in.records import NONE, Attempts, ThrottleRecords
from app.store.sign_in.throttle import SignInThrottleStore


class Attempt:
    """One attempt in progress; it counts as a failure unless told otherwise.

    `earlier_failures` is how many came before it under the same name; `blocked_until` is the wait
    that it has set for the next one.
    """

    def __init__(self, earlier_failures: int, blocked_until: float) -> None:
        self.earlier_failures = earlier_failures
        self.blocked_until = blocked_until
        self.is_success = False
        self.is_counted = True
        self.is_counted_here = True

    def succeed(self) -> None:
        """The password was right: forget the failures."""
        self.is_success = True

    def discount(self) -> None:
        """ClickHouse did not look at the password: this was no guess."""
        self.is_counted = self.is_counted_here = False

    def discount_elsewhere(self) -> None:
        """The password was right and more is asked for: it counts for this name from this block
        alone, where asking on is slowed down. Failures before it are not forgotten."""
        self.is_counted = False


class SignInThrottle:
    """Exact for all processes that share the store. Thread-safe.

    An attempt costs one look and two short transactions; one that is turned away costs the look.
    """

    def __init__(self, store: SignInThrottleStore, trust: KnownAddresses | None = None) -> None:
        self._store = store
        self._trust = trust or KnownAddresses()
        self._places = ConcurrencyLimit(store)

    @contextmanager
    def attempt(self, account: Account, address: str) -> Iterator[Attempt]:
        """Let one attempt through, counted beforehand so that parallel ones cannot slip by.

        Raises Throttled, PortalBusy, which counts nothing, and StoreUnavailable.
        """
        block = block_of(address)
        keys = Keys.of(account, block)
        is_trusted = self._trust.is_trusted(account, block)
        # Whoever is turned away need not wait for a place, nor hold the lock that others wait for.
        self._check_early(keys, is_trusted=is_trusted)
        begin = partial(_begin, keys, is_trusted=is_trusted)
        with self._places.take(account, block, begin, partial(_end, keys)) as attempt:
            yield attempt
        if attempt.is_success:
            self._trust.remember(account, block)

    def failures_of(self, account: Account) -> int:
        """How many attempts under this name have failed since the last that succeeded.

        Raises StoreUnavailable.
        """
        keys = Keys.of(account, "")
        with self._store.reading() as records:
            # Those under way are counted beforehand, and have not failed yet.
            _, running, _ = records.count_checks(keys.name, keys.block)
            return max(0, records.load(keys.name)[keys.name].failures - running)

    def _check_early(self, keys: Keys, *, is_trusted: bool) -> None:
        with self._store.reading() as records:
            seen, now = records.load(*keys), records.now
        try:
            _check(seen, keys, now, is_trusted=is_trusted)
        except Throttled:
            if not is_trusted and is_newcomer(seen, keys, now):
                self._remember_newcomer(keys)
            raise

    def _remember_newcomer(self, keys: Keys) -> None:
        """Note when this block's attempt is let through, unless that was noted just now."""
        with self._store.changing() as records:
            seen, now = records.load(*keys), records.now
            if is_newcomer(seen, keys, now):
                ready_at = ready_at_of_newcomer(seen, keys, now)
                records.put(keys.newcomer, Attempts(blocked_until=ready_at))


def _check(seen: Seen, keys: Keys, now: float, *, is_trusted: bool) -> None:
    wait = wait_of_attempt(seen, keys, now, is_trusted=is_trusted)
    if wait > 0:
        raise Throttled(retry_after_seconds=int(wait) + 1)


def _begin(keys: Keys, records: ThrottleRecords, *, is_trusted: bool) -> Attempt:
    """Count an attempt as a failure. Raises Throttled if it may not be made now."""
    seen, now = records.load(*keys), records.now
    _check(seen, keys, now, is_trusted=is_trusted)
    if seen[keys.newcomer] != NONE:
        records.drop(keys.newcomer)  # the next attempt waits anew
    of_pair, of_name = seen[keys.pair], seen[keys.name]
    blocked_until = now + wait_of_pair(of_pair.failures + 1)
    records.put(keys.pair, of_pair.counted(blocked_until))
    records.put(keys.name, of_name.counted(0))
    return Attempt(of_name.failures, blocked_until)


def _end(keys: Keys, records: ThrottleRecords, attempt: Attempt) -> None:
    """Write down how an attempt ended."""
    if attempt.is_success:
        return records.drop(keys.pair, keys.name)
    seen = records.load(*keys)
    if attempt.is_counted:
        failed_at = (*failures_of_block(seen[keys.block], records.now), records.now)
        return records.put(keys.block, Attempts(moments=failed_at))
    if not attempt.is_counted_here:
        records.put(keys.pair, seen[keys.pair].taken_back(attempt.blocked_until))
    records.put(keys.name, seen[keys.name].taken_back(0))
    return None
