"""Which names have signed in from which addresses: there a stranger's guesses change nothing.

What the store knows holds for all processes and survives a restart. Each process remembers its own
latest sign-ins beside it, which count alone where the store cannot be asked.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.errors import StoreUnavailable
from app.store.sign_in.known_addresses import Account, KnownAddressStore

MOST_REMEMBERED = 10_000
NOTED_EVERY = timedelta(hours=12)
"""A sign-in from a known address is written down at most this often."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class KnownAddresses:
    """Thread-safe. Without a store, for as long as the process lives."""

    store: KnownAddressStore | None = None
    now: Callable[[], datetime] = _utc_now
    _noted: OrderedDict[tuple[Account, str], datetime] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_trusted(self, account: Account, block: str) -> bool:
        """Whether this name has signed in from this address block before."""
        with self._lock:
            if (account, block) in self._noted:
                return True
        if self.store:
            with suppress(StoreUnavailable):
                return self.store.is_known(account, block, self.now())
        return False

    def has_signed_in(self, account: Account) -> bool:
        """Whether this name has ever signed in, as far as that is remembered."""
        with self._lock:
            if any(name == account for name, _ in self._noted):
                return True
        if self.store:
            with suppress(StoreUnavailable):
                return self.store.has_signed_in(account, self.now())
        return False

    def remember(self, account: Account, block: str) -> None:
        """This name has just proven its password from this block."""
        now = self.now()
        with self._lock:
            noted_at = self._noted.get((account, block))
            if noted_at and now - noted_at < NOTED_EVERY:
                return
            self._noted[account, block] = now
            self._noted.move_to_end((account, block))
            while len(self._noted) > MOST_REMEMBERED:
                self._noted.popitem(last=False)
        if self.store:
            # What cannot be noted now is noted at the next sign-in of another process or day.
            with suppress(StoreUnavailable):
                self.store.remember(account, block, now)
