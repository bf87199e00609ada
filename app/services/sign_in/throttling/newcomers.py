"""A name under attack from many places: everybody unknown waits a short time, each for themselves.

A wait that all share would be won by whoever asks most often. So each address block has its own
moment, set when it first asks, at which its attempt is let through whatever others did meanwhile.
"""

from collections import OrderedDict

from app.services.sign_in.throttling.failures import MOST_REMEMBERED
from app.store.known_addresses import Account


class Newcomers:
    """The moments. Callers hold the throttle's lock."""

    def __init__(self) -> None:
        self._ready_at: OrderedDict[tuple[Account, str], float] = OrderedDict()

    def wait_of(self, account: Account, block: str, seconds: float, now: float) -> float:
        """How much longer this block waits; `seconds` in all, from when it first asked."""
        if not seconds:
            return 0.0
        ready_at = self._ready_at.setdefault((account, block), now + seconds)
        while len(self._ready_at) > MOST_REMEMBERED:
            self._ready_at.popitem(last=False)
        return max(0.0, ready_at - now)

    def let_in(self, account: Account, block: str) -> None:
        """The attempt was let through; the next one waits anew."""
        self._ready_at.pop((account, block), None)
