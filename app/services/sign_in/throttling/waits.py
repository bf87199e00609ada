"""How long an attempt to sign in has to wait, by what is remembered. Pure; all in seconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clock import Moments, recent, seconds_until_free
from app.store.sign_in.known_addresses import Account
from app.store.sign_in.records import Attempts, Key, Kind

FREE_ATTEMPTS = 5
LONGEST_WAIT_SECONDS = 15 * 60
FREE_ATTEMPTS_OF_NAME = 10
LONGEST_WAIT_OF_NAME_SECONDS = 30
ADDRESS_FAILURES = 30
ADDRESS_WINDOW_MINUTES = 5

Seen = Mapping[Key, Attempts]
"""What is remembered under each of an attempt's keys."""


@dataclass(frozen=True)
class Keys:
    """What counts for an attempt under one name from one address block."""

    name: Key
    pair: Key
    newcomer: Key
    block: Key

    @classmethod
    def of(cls, account: Account, block: str) -> "Keys":
        """The four of them."""
        return cls(
            Key(Kind.NAME, account),
            Key(Kind.NAME_AND_BLOCK, (*account, block)),
            Key(Kind.NEWCOMER, (*account, block)),
            Key(Kind.BLOCK, (block,)),
        )

    def __iter__(self) -> Iterator[Key]:
        return iter((self.name, self.pair, self.newcomer, self.block))


def wait_of_pair(count: int) -> float:
    """After so many failures of a name from one block, until the next attempt from there."""
    beyond = count - FREE_ATTEMPTS
    return min(2.0 ** min(beyond, 20), LONGEST_WAIT_SECONDS) if beyond >= 0 else 0.0


def wait_of_name(count: int) -> float:
    """After so many failures of a name from anywhere, for blocks it has not signed in from."""
    beyond = count - FREE_ATTEMPTS_OF_NAME
    return min(2.0 ** min(beyond, 20), LONGEST_WAIT_OF_NAME_SECONDS) if beyond >= 0 else 0.0


def wait_of_attempt(seen: Seen, keys: Keys, now: float, *, is_trusted: bool) -> float:
    """Until the attempt is looked at; 0 or less if it may be now.

    From a block where the name has signed in before, only the block's own failures count.
    """
    wait = 0.0 if is_trusted else _wait_of_stranger(seen, keys, now)
    if wait > 0:
        return wait
    failed_at = failures_of_block(seen[keys.block], now)
    return seconds_until_free(failed_at, ADDRESS_FAILURES, now, ADDRESS_WINDOW_MINUTES * 60)


def ready_at_of_newcomer(seen: Seen, keys: Keys, now: float) -> float:
    """When this block's attempt is let through while the name is guessed at from many places.

    A wait that all share would be won by whoever asks most often. So each block has its own moment,
    set when it first asks, at which its attempt is let through whatever others did meanwhile.
    """
    latest = now + wait_of_name(seen[keys.name].failures)
    noted = seen[keys.newcomer].blocked_until
    return noted if noted and noted <= now + LONGEST_WAIT_OF_NAME_SECONDS else latest


def is_newcomer(seen: Seen, keys: Keys, now: float) -> bool:
    """Whether this block has to wait for such a moment and has none yet."""
    ready_at = ready_at_of_newcomer(seen, keys, now)
    return ready_at > now and ready_at != seen[keys.newcomer].blocked_until


def failures_of_block(attempts: Attempts, now: float) -> Moments:
    """The failures from an address block that still count."""
    return recent(attempts.moments, now, ADDRESS_WINDOW_MINUTES * 60)


def _wait_of_stranger(seen: Seen, keys: Keys, now: float) -> float:
    wait = seen[keys.pair].blocked_until - now
    if wait > LONGEST_WAIT_SECONDS:  # from before the clock was set back
        wait = 0.0
    if not wait_of_name(seen[keys.name].failures):
        return wait
    return max(wait, ready_at_of_newcomer(seen, keys, now) - now)
